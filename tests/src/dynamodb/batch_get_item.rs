use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnConsumedCapacity, ScalarAttributeType};
use serde_json::json;

use super::fixture::{Item, events, item, n, not_found, profiles, put, s, validation};
use crate::raw::post_json;
use crate::stage::{on_both_stages, refusal};

fn keys(keys: impl IntoIterator<Item = Item>) -> KeysAndAttributes {
    KeysAndAttributes::builder().set_keys(Some(keys.into_iter().collect())).build().expect("keys are set")
}

fn id(id: impl ToString) -> Item {
    item([("id", s(&id.to_string()))])
}

// behaviour

#[test]
fn items_of_several_tables_come_in_one_answer() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        put(&client, "profiles", item([("id", s("a")), ("x", n(1))])).await;
        put(&client, "profiles", item([("id", s("b")), ("x", n(2))])).await;
        put(&client, "events", item([("user", s("a")), ("at", n(7)), ("y", n(3)), ("z", n(4))])).await;
        let of_events = KeysAndAttributes::builder().keys(item([("user", s("a")), ("at", n("7.0"))]));
        let of_events = of_events.projection_expression("#y").expression_attribute_names("#y", "y").build().unwrap();
        let batch = client.batch_get_item().request_items("profiles", keys([id("b"), id("missing"), id("a")]));
        let answer = batch.request_items("events", of_events).send().await.unwrap();
        let responses = answer.responses.unwrap();
        assert_eq!(responses["profiles"], [item([("id", s("b")), ("x", n(2))]), item([("id", s("a")), ("x", n(1))])]);
        assert_eq!(responses["events"], [item([("y", n(3))])]);
        assert_eq!(answer.unprocessed_keys, Some([].into()), "an empty map, as on AWS");
        assert_eq!(answer.consumed_capacity, None);
    });
}

#[test]
fn a_table_with_nothing_found_is_answered_empty_and_a_projection_of_nothing_leaves_the_item() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let batch = || client.batch_get_item();
        let answer = batch().request_items("profiles", keys([id("a")])).send().await.unwrap();
        assert_eq!(answer.responses.unwrap()["profiles"], [] as [Item; 0]);
        put(&client, "profiles", item([("id", s("a"))])).await;
        let projected = KeysAndAttributes::builder().keys(id("a")).projection_expression("x").build().unwrap();
        let answer = batch().request_items("profiles", projected).send().await.unwrap();
        assert_eq!(answer.responses.unwrap()["profiles"], [item([])]);
    });
}

#[test]
fn each_item_costs_for_itself() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("large")), ("t", s(&"x".repeat(5000)))])).await;
        for (consistent, units) in [(false, 1.5), (true, 3.0)] {
            let asked = KeysAndAttributes::builder().keys(id("large")).keys(id("missing")).consistent_read(consistent);
            let batch = client.batch_get_item().request_items("profiles", asked.build().unwrap());
            let answer = batch.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
            let consumed = answer.consumed_capacity.unwrap();
            assert_eq!(consumed.len(), 1);
            assert_eq!(consumed[0].table_name(), Some("profiles"));
            assert_eq!(consumed[0].capacity_units(), Some(units), "{consistent}");
        }
    });
}

// validation

#[test]
fn the_request_is_checked_as_a_whole() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        let batch = |table: &str, asked: KeysAndAttributes| client.batch_get_item().request_items(table, asked);
        let hundred = || (0..100).map(id);
        let at = |at| item([("user", s("a")), ("at", n(at))]);
        let projected = |text: &str| KeysAndAttributes::builder().keys(id("a")).projection_expression(text).build();
        let one = "1 validation error detected: Value at 'RequestItems";
        let member = "failed to satisfy constraint: Member must have length";
        for (batch, message) in [
            (
                client.batch_get_item().set_request_items(Some([].into())),
                format!("{one}' {member} greater than or equal to 1"),
            ),
            (batch("profiles", keys([])), format!("{one}.profiles.member.Keys' {member} greater than or equal to 1")),
            (
                batch("profiles", keys((0..101).map(id))),
                format!("{one}.profiles.member.Keys' {member} less than or equal to 100"),
            ),
            (
                batch("profiles", keys(hundred())).request_items("events", keys([at(1)])),
                "Too many items requested for the BatchGetItem call".to_owned(),
            ),
            (
                batch("profiles", keys([id("a"), id("b"), id("a")])),
                "Provided list of item keys contains duplicates".to_owned(),
            ),
            (
                batch("profiles", keys([item([("id", n(1))])])),
                "The provided key element does not match the schema".to_owned(),
            ),
            (
                batch("profiles", keys([id("")])),
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an \
                 empty string value. Key: id"
                    .to_owned(),
            ),
            (
                batch("bad!name", keys([id("a")])).return_consumed_capacity("SOME".into()),
                "2 validation errors detected: Value '{\"bad!name\":{\"Keys\":[{\"id\":{\"S\":\"a\"}}]}}' at \
                 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have \
                 length less than or equal to 255, Member must have length greater than or equal to 3, Member must \
                 satisfy regular expression pattern: [a-zA-Z0-9_.-]+]; Value 'SOME' at 'returnConsumedCapacity' failed \
                 to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
                    .to_owned(),
            ),
            (
                batch("profiles", projected("a, a").unwrap()),
                "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one \
                 of these paths; path one: [a], path two: [a]"
                    .to_owned(),
            ),
        ] {
            assert_eq!(refusal(batch.send().await), validation(&message));
        }
        let missing = batch("profiles", keys([id("a")])).request_items("gone", keys([id("a")]));
        assert_eq!(refusal(missing.send().await), not_found("Requested resource not found"));
    });
}

#[test]
fn attributes_to_get_is_refused_and_the_same_table_by_name_and_arn_is_one() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        #[allow(deprecated, reason = "it is what is tested")]
        let legacy = KeysAndAttributes::builder().keys(id("a")).attributes_to_get("id").build().unwrap();
        let (code, _) = refusal(client.batch_get_item().request_items("profiles", legacy).send().await);
        assert_eq!(code, "NotImplemented");
        put(&client, "profiles", item([("id", s("a"))])).await;
        let arn =
            client.describe_table().table_name("profiles").send().await.unwrap().table.unwrap().table_arn.unwrap();
        let both =
            client.batch_get_item().request_items("profiles", keys([id("b")])).request_items(&arn, keys([id("a")]));
        assert_eq!(both.send().await.unwrap().responses.unwrap()[&arn], [id("a")]);
    });
}

#[test]
fn missing_members_are_named() {
    on_both_stages(|stage| async move {
        for (body, member) in
            [("{}", "requestItems"), (r#"{"RequestItems":{"abc":{}}}"#, "requestItems.abc.member.keys")]
        {
            let (status, answer) = post_json(&stage.emulator, "DynamoDB_20120810.BatchGetItem", body.to_owned()).await;
            let message = format!(
                "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not \
                 be null"
            );
            assert_eq!((status, &answer["message"]), (400, &json!(message)));
        }
    });
}
