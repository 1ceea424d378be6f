use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};

use super::fixture::{client, get, item, n, not_found, profiles, put, s, validation};
use crate::stage::{on_both_stages, refusal};

// serialisation

#[test]
fn every_type_comes_back_as_it_was_put() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let text = |text: &str| text.to_owned();
        let whole = item([
            ("id", s("a")),
            ("n", n("123456789012345678901234567890.12345678")),
            ("b", AttributeValue::B(Blob::new([0, 255]))),
            ("bool", AttributeValue::Bool(true)),
            ("null", AttributeValue::Null(true)),
            ("empty", s("")),
            ("ss", AttributeValue::Ss(vec![text("a"), text("b")])),
            ("ns", AttributeValue::Ns(vec![text("-1"), text("2.5")])),
            ("bs", AttributeValue::Bs(vec![Blob::new([1]), Blob::new([2])])),
            ("l", AttributeValue::L(vec![n(1), AttributeValue::L(vec![])])),
            ("m", AttributeValue::M(item([("deep", AttributeValue::M(item([("x", s("y"))])))]))),
        ]);
        put(&client, "profiles", whole.clone()).await;
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, Some(whole));
    });
}

// behaviour

#[test]
fn an_item_that_is_not_there_is_no_item() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        assert_eq!(get(&client, "profiles", item([("id", s("gone"))])).await, None);
    });
}

#[test]
fn a_projection_answers_what_it_names() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let list = AttributeValue::L(vec![n(0), n(1), n(2)]);
        put(&client, "profiles", item([("id", s("a")), ("name", s("Ada")), ("list", list), ("x", n(1))])).await;
        let get = client.get_item().table_name("profiles").key("id", s("a"));
        let get = get.projection_expression("#n, #l[2], gone");
        let get = get.expression_attribute_names("#n", "name").expression_attribute_names("#l", "list");
        let found = get.send().await.unwrap().item;
        assert_eq!(found, Some(item([("name", s("Ada")), ("list", AttributeValue::L(vec![n(2)]))])));
    });
}

#[test]
fn a_read_costs_by_size_and_consistency() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("text", s(&"x".repeat(5000)))])).await;
        for (consistent, id, units) in [(true, "a", 2.0), (false, "a", 1.0), (true, "gone", 1.0), (false, "gone", 0.5)]
        {
            let get = client.get_item().table_name("profiles").key("id", s(id)).consistent_read(consistent);
            let total = get.clone().return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
            let total = total.consumed_capacity.unwrap();
            assert_eq!((total.capacity_units, total.table), (Some(units), None), "{id}");
            assert_eq!(total.table_name.as_deref(), Some("profiles"));
            let indexes = get.return_consumed_capacity(ReturnConsumedCapacity::Indexes).send().await.unwrap();
            assert_eq!(indexes.consumed_capacity.unwrap().table.unwrap().capacity_units, Some(units));
        }
    });
}

#[test]
fn a_read_names_the_write_it_saw() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a"))])).await;
        get(&client, "profiles", item([("id", s("a"))])).await;
        let events = stage.emulator.timeline().events();
        let [.., written, read] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((&*written.action, written.detail.as_str()), ("PutItem", "a"));
        assert_eq!((&*read.action, read.resource.as_str()), ("GetItem", "profiles"));
        assert_eq!(read.cause.unwrap().event, written.id);
    });
}

// validation

#[test]
fn a_key_must_fit_the_schema() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        for key in [item([("id", n(1))]), item([("other", s("a"))]), item([("id", s("a")), ("other", s("a"))])] {
            let get = client.get_item().table_name("profiles").set_key(Some(key));
            assert_eq!(refusal(get.send().await), validation("The provided key element does not match the schema"));
        }
        let empty = client.get_item().table_name("profiles").key("id", s(""));
        assert_eq!(
            refusal(empty.send().await),
            validation(
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an \
                 empty string value. Key: id"
            )
        );
    });
}

#[test]
fn names_must_be_defined_and_used() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let get = || client.get_item().table_name("profiles").key("id", s("a"));
        assert_eq!(
            refusal(get().expression_attribute_names("#n", "name").send().await),
            validation("ExpressionAttributeNames can only be specified when using expressions")
        );
        let unused = get().projection_expression("id").expression_attribute_names("#n", "name");
        assert_eq!(
            refusal(unused.send().await),
            validation("Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}")
        );
        assert_eq!(
            refusal(get().projection_expression("name").send().await),
            validation("Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name")
        );
        let bad = get().projection_expression("id").expression_attribute_names("n", "name");
        assert_eq!(
            refusal(bad.send().await),
            validation(r#"ExpressionAttributeNames contains invalid key: Syntax error; key: "n""#)
        );
    });
}

#[test]
fn a_table_that_is_not_there_is_not_found() {
    on_both_stages(|stage| async move {
        let get = client(&stage).get_item().table_name("gone").key("id", s("a"));
        assert_eq!(refusal(get.send().await), not_found("Requested resource not found"));
    });
}
