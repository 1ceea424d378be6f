use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsError;
use aws_sdk_dynamodb::types::{Get, ReturnConsumedCapacity, ScalarAttributeType, TransactGetItem};

use super::fixture::{Item, events, item, n, not_found, profiles, put, s, validation};
use crate::stage::{on_both_stages, refusal};

fn get(table: &str, key: Item) -> TransactGetItem {
    TransactGetItem::builder().get(Get::builder().table_name(table).set_key(Some(key)).build().unwrap()).build()
}

fn projected(table: &str, key: Item, expression: &str) -> TransactGetItem {
    let get = Get::builder().table_name(table).set_key(Some(key)).projection_expression(expression);
    TransactGetItem::builder().get(get.build().unwrap()).build()
}

fn id(id: impl ToString) -> Item {
    item([("id", s(&id.to_string()))])
}

// behaviour

#[test]
fn answers_stand_in_the_order_of_the_request() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        put(&client, "profiles", item([("id", s("a")), ("x", n(1)), ("y", n(2))])).await;
        let event = item([("user", s("a")), ("at", n(7))]);
        put(&client, "events", event.clone()).await;
        let gets =
            [get("profiles", id("missing")), get("events", event.clone()), projected("profiles", id("a"), "y, z")];
        let answer = client.transact_get_items().set_transact_items(Some(gets.into())).send().await.unwrap();
        let items: Vec<Option<Item>> = answer.responses.unwrap().into_iter().map(|response| response.item).collect();
        assert_eq!(items, [None, Some(event), Some(item([("y", n(2))]))]);
    });
}

#[test]
fn every_read_costs_twice_by_table() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        put(&client, "profiles", item([("id", s("large")), ("t", s(&"x".repeat(5000)))])).await;
        let gets = [
            get("profiles", id("large")),
            get("events", item([("user", s("a")), ("at", n(7))])),
            get("profiles", id("missing")),
        ];
        let read = client.transact_get_items().set_transact_items(Some(gets.into()));
        let answer = read.return_consumed_capacity(ReturnConsumedCapacity::Indexes).send().await.unwrap();
        let consumed = answer.consumed_capacity.unwrap();
        let told: Vec<_> =
            consumed.iter().map(|told| (told.table_name().unwrap(), told.read_capacity_units())).collect();
        assert_eq!(told, [("profiles", Some(6.0)), ("events", Some(2.0))]);
        assert_eq!(consumed[0].capacity_units(), Some(6.0));
        assert_eq!(consumed[0].write_capacity_units(), None);
        assert_eq!(consumed[0].table().unwrap().read_capacity_units(), Some(6.0));
    });
}

// validation

#[test]
fn a_key_that_does_not_fit_cancels() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let gets = [get("profiles", id("a")), get("profiles", item([]))];
        let refused = client.transact_get_items().set_transact_items(Some(gets.into())).send().await;
        let Err(SdkError::ServiceError(error)) = refused else { panic!("it is refused") };
        let TransactGetItemsError::TransactionCanceledException(cancelled) = error.into_err() else {
            panic!("it is cancelled")
        };
        assert_eq!(
            cancelled.message(),
            Some(
                "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]"
            )
        );
        let reasons = cancelled.cancellation_reasons();
        assert_eq!((reasons[0].code(), reasons[0].message()), (Some("None"), None));
        assert_eq!(
            (reasons[1].code(), reasons[1].message()),
            (Some("ValidationError"), Some("The provided key element does not match the schema"))
        );
    });
}

#[test]
fn the_request_is_checked_as_a_whole() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let read = |gets: Vec<TransactGetItem>| client.transact_get_items().set_transact_items(Some(gets));
        let one = "1 validation error detected: Value";
        let member = "failed to satisfy constraint: Member must";
        let empty_key = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot \
                         contain an empty string value. Key: id";
        for (read, message) in [
            (read(vec![]), format!("{one} '[]' at 'transactItems' {member} have length greater than or equal to 1")),
            (
                read((0..101).map(|number| get("profiles", id(number))).collect()),
                format!("{one} at 'TransactItems' {member} have length less than or equal to 100"),
            ),
            (
                read(vec![TransactGetItem::builder().build()]),
                format!("{one} null at 'transactItems.1.member.get' {member} not be null"),
            ),
            (
                read(vec![get("gone", id("a"))]).return_consumed_capacity("SOME".into()),
                format!(
                    "{one} 'SOME' at 'returnConsumedCapacity' {member} satisfy enum value set: [INDEXES, TOTAL, NONE]"
                ),
            ),
            (
                read(vec![get("gone", id("a")), projected("profiles", id("a"), "!!!")]),
                "Invalid ProjectionExpression: Syntax error; token: \"!\", near: \"!!\"".to_owned(),
            ),
            (
                read(vec![get("profiles", id("a")), get("profiles", id("a"))]),
                "Transaction request cannot include multiple operations on one item".to_owned(),
            ),
            (read(vec![get("profiles", item([])), get("profiles", id(""))]), empty_key.to_owned()),
        ] {
            assert_eq!(refusal(read.send().await), validation(&message));
        }
        let missing = read(vec![get("profiles", id("a")), get("gone", id("a"))]);
        assert_eq!(refusal(missing.send().await), not_found("Requested resource not found"));
    });
}
