use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValue};

use super::fixture::{get, item, n, profiles, put, s, validation};
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn a_deleted_item_is_gone_and_may_be_answered() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("x", n(1))])).await;
        let delete =
            || client.delete_item().table_name("profiles").key("id", s("a")).return_values(ReturnValue::AllOld);
        let first = delete().send().await.unwrap();
        assert_eq!(first.attributes, Some(item([("id", s("a")), ("x", n(1))])));
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, None);
        let again = delete().return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
        assert_eq!(again.attributes, None);
        assert_eq!(again.consumed_capacity.unwrap().capacity_units, Some(1.0));
    });
}

#[test]
fn a_condition_guards_the_item() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("x", n(1))])).await;
        let delete = client.delete_item().table_name("profiles").key("id", s("a")).condition_expression("x = :x");
        let expected = ("ConditionalCheckFailedException".to_owned(), "The conditional request failed".to_owned());
        assert_eq!(refusal(delete.clone().expression_attribute_values(":x", n(2)).send().await), expected);
        delete.expression_attribute_values(":x", n(1)).send().await.unwrap();
    });
}

// validation

#[test]
fn return_values_are_all_old_or_none() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let delete = client.delete_item().table_name("profiles").key("id", s("a"));
        assert_eq!(
            refusal(delete.clone().return_values(ReturnValue::UpdatedNew).send().await),
            validation("ReturnValues can only be ALL_OLD or NONE")
        );
        let wrong = client.delete_item().table_name("profiles").key("id", n(1));
        assert_eq!(refusal(wrong.send().await), validation("The provided key element does not match the schema"));
    });
}
