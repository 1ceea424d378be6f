use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure,
};

use super::fixture::{Item, get, item, n, profiles, put, s, validation};
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn a_put_replaces_the_whole_item() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("x", n(1))])).await;
        let again = client.put_item().table_name("profiles").item("id", s("a")).item("y", n("2.50"));
        let before = again.return_values(ReturnValue::AllOld).send().await.unwrap().attributes;
        assert_eq!(before, Some(item([("id", s("a")), ("x", n(1))])));
        let now = get(&client, "profiles", item([("id", s("a"))])).await;
        assert_eq!(now, Some(item([("id", s("a")), ("y", n("2.5"))])));
    });
}

#[test]
fn a_condition_guards_the_item() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let put = || {
            let put = client.put_item().table_name("profiles").item("id", s("a")).item("v", n(1));
            put.condition_expression("attribute_not_exists(id)")
        };
        put().send().await.unwrap();
        let expected = ("ConditionalCheckFailedException".to_owned(), "The conditional request failed".to_owned());
        assert_eq!(refusal(put().send().await), expected);
        let told = put().return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(SdkError::ServiceError(error)) = told.send().await else { panic!("the condition fails") };
        let PutItemError::ConditionalCheckFailedException(failed) = error.into_err() else {
            panic!("the condition fails")
        };
        assert_eq!(failed.item, Some(item([("id", s("a")), ("v", n(1))])));
    });
}

#[test]
fn a_write_costs_by_the_larger_image() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let put = |length: usize| {
            let put = client.put_item().table_name("profiles").item("id", s("a")).item("t", s(&"x".repeat(length)));
            put.return_consumed_capacity(ReturnConsumedCapacity::Total)
        };
        for (length, units) in [(10, 1.0), (3000, 3.0), (10, 3.0), (10, 1.0)] {
            let consumed = put(length).send().await.unwrap().consumed_capacity.unwrap();
            assert_eq!(consumed.capacity_units, Some(units), "{length}");
        }
    });
}

// validation

#[test]
fn an_item_must_have_its_key() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let invalid = "One or more parameter values were invalid: ";
        let long = "x".repeat(2049);
        let cases: [(Item, String); 4] = [
            (item([("x", n(1))]), format!("{invalid}Missing the key id in the item")),
            (item([("id", n(1))]), format!("{invalid}Type mismatch for key id expected: S actual: N")),
            (
                item([("id", s(""))]),
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an \
                 empty string value. Key: id"
                    .to_owned(),
            ),
            (
                item([("id", s(&long))]),
                format!("{invalid}Size of hashkey has exceeded the maximum size limit of2048 bytes"),
            ),
        ];
        for (item, message) in cases {
            let put = client.put_item().table_name("profiles").set_item(Some(item));
            assert_eq!(refusal(put.send().await), validation(&message));
        }
    });
}

#[test]
fn values_must_be_of_their_type() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let text = |text: &str| text.to_owned();
        let mut deep = n(1);
        for _ in 0..31 {
            deep = AttributeValue::L(vec![deep]);
        }
        put(&client, "profiles", item([("id", s("deep")), ("v", deep.clone())])).await;
        let too_deep = AttributeValue::L(vec![deep]);
        for (value, message) in [
            (n("x"), "The parameter cannot be converted to a numeric value: x"),
            (n("1E126"), "Number overflow. Attempting to store a number with magnitude larger than supported range"),
            (n("1E-131"), "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
            (n("1".repeat(39)), "Attempting to store more than 38 significant digits in a Number"),
            (AttributeValue::Ss(vec![]), "One or more parameter values were invalid: An string set  may not be empty"),
            (
                AttributeValue::Ss(vec![text("a"), text("a")]),
                "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
            ),
            (
                AttributeValue::Null(false),
                "One or more parameter values were invalid: Null attribute value types must have the value of true",
            ),
            (
                too_deep,
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond \
                 supported limit",
            ),
            (s(&"x".repeat(400 * 1024)), "Item size has exceeded the maximum allowed size"),
        ] {
            let put = client.put_item().table_name("profiles").item("id", s("a")).item("v", value);
            assert_eq!(refusal(put.send().await), validation(message));
        }
    });
}

#[test]
fn return_values_are_all_old_or_none() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let put = || client.put_item().table_name("profiles").item("id", s("a"));
        assert_eq!(
            refusal(put().return_values(ReturnValue::AllNew).send().await),
            validation("ReturnValues can only be ALL_OLD or NONE")
        );
        assert_eq!(
            refusal(put().return_values("SOME".into()).send().await),
            validation(
                "1 validation error detected: Value 'SOME' at 'returnValues' failed to satisfy constraint: Member must \
                 satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
            )
        );
    });
}

#[test]
fn values_must_be_defined_and_used() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let put = || client.put_item().table_name("profiles").item("id", s("a"));
        assert_eq!(
            refusal(put().expression_attribute_values(":v", n(1)).send().await),
            validation(
                "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"
            )
        );
        let unused = put().condition_expression("attribute_exists(id)").expression_attribute_values(":v", n(1));
        assert_eq!(
            refusal(unused.send().await),
            validation("Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}")
        );
        assert_eq!(
            refusal(put().condition_expression("x = :v").send().await),
            validation(
                "Invalid ConditionExpression: An expression attribute value used in expression is not defined; \
                 attribute value: :v"
            )
        );
    });
}
