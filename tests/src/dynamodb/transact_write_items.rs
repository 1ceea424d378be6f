use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsOutput};
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure,
    ScalarAttributeType, TransactWriteItem, Update,
};

use super::fixture::{Item, events, get, item, n, not_found, profiles, put, s, validation};
use crate::stage::{on_both_stages, refusal};

fn id(id: impl ToString) -> Item {
    item([("id", s(&id.to_string()))])
}

fn to_put(table: &str, item: Item) -> TransactWriteItem {
    TransactWriteItem::builder().put(Put::builder().table_name(table).set_item(Some(item)).build().unwrap()).build()
}

/// A put that holds only if nothing stands there, and tells what does.
fn to_put_new(item: Item) -> TransactWriteItem {
    let put =
        Put::builder().table_name("profiles").set_item(Some(item)).condition_expression("attribute_not_exists(id)");
    let put = put.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    TransactWriteItem::builder().put(put.build().unwrap()).build()
}

fn to_update(key: Item, expression: &str, value: AttributeValue) -> TransactWriteItem {
    let update = Update::builder().table_name("profiles").set_key(Some(key)).update_expression(expression);
    let update = update.expression_attribute_values(":v", value).build().unwrap();
    TransactWriteItem::builder().update(update).build()
}

fn to_delete(key: Item) -> TransactWriteItem {
    let delete = Delete::builder().table_name("profiles").set_key(Some(key)).build().unwrap();
    TransactWriteItem::builder().delete(delete).build()
}

fn to_check(table: &str, key: Item, condition: &str) -> TransactWriteItem {
    let check = ConditionCheck::builder().table_name(table).set_key(Some(key)).condition_expression(condition);
    TransactWriteItem::builder().condition_check(check.build().unwrap()).build()
}

type Refused<R> = Result<TransactWriteItemsOutput, SdkError<TransactWriteItemsError, R>>;

/// The message of a cancellation, and code and message of each reason.
#[track_caller]
fn cancellation<R: std::fmt::Debug>(refused: Refused<R>) -> (String, Vec<(String, Option<String>, Option<Item>)>) {
    let Err(SdkError::ServiceError(error)) = refused else { panic!("it is refused: {refused:?}") };
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error.into_err() else {
        panic!("it is cancelled")
    };
    let reasons = cancelled.cancellation_reasons.unwrap_or_default().into_iter();
    let reasons = reasons.map(|reason| (reason.code.unwrap_or_default(), reason.message, reason.item));
    (cancelled.message.unwrap_or_default(), reasons.collect())
}

fn reasons(codes: &str) -> String {
    format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]")
}

// behaviour

#[test]
fn all_actions_are_done_together() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        put(&client, "profiles", item([("id", s("counted")), ("x", n(1))])).await;
        put(&client, "profiles", item([("id", s("old")), ("x", n(1))])).await;
        let event = item([("user", s("a")), ("at", n(7))]);
        let actions = vec![
            to_put("events", event.clone()),
            to_update(id("counted"), "ADD x :v", n(2)),
            to_update(id("made"), "SET x = :v", n(5)),
            to_delete(id("old")),
            to_check("profiles", id("other"), "attribute_not_exists(id)"),
        ];
        let answer = client.transact_write_items().set_transact_items(Some(actions)).send().await.unwrap();
        assert_eq!(answer.consumed_capacity, None);
        assert_eq!(get(&client, "events", event.clone()).await, Some(event));
        assert_eq!(get(&client, "profiles", id("counted")).await, Some(item([("id", s("counted")), ("x", n(3))])));
        assert_eq!(get(&client, "profiles", id("made")).await, Some(item([("id", s("made")), ("x", n(5))])));
        assert_eq!(get(&client, "profiles", id("old")).await, None);
        assert_eq!(get(&client, "profiles", id("other")).await, None);
    });
}

#[test]
fn a_condition_that_fails_cancels_all_and_each_action_has_its_reason() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let standing = item([("id", s("a")), ("x", n(1))]);
        put(&client, "profiles", standing.clone()).await;
        let actions = vec![
            to_put("profiles", id("new")),
            to_put_new(item([("id", s("a")), ("x", n(2))])),
            to_check("profiles", id("b"), "attribute_exists(id)"),
            to_update(id("a2"), "SET x = :v", n(1)),
        ];
        let (message, told) =
            cancellation(client.transact_write_items().set_transact_items(Some(actions)).send().await);
        assert_eq!(message, reasons("None, ConditionalCheckFailed, ConditionalCheckFailed, None"));
        let failed =
            |item| ("ConditionalCheckFailed".to_owned(), Some("The conditional request failed".to_owned()), item);
        let none = || ("None".to_owned(), None, None);
        assert_eq!(told, [none(), failed(Some(standing.clone())), failed(None), none()]);
        assert_eq!(get(&client, "profiles", id("new")).await, None);
        assert_eq!(get(&client, "profiles", id("a2")).await, None);
        assert_eq!(get(&client, "profiles", id("a")).await, Some(standing));
    });
}

#[test]
fn what_only_the_table_can_tell_is_a_reason_too() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("x", s("text"))])).await;
        let large = s(&"x".repeat(400 * 1024));
        let invalid = "One or more parameter values were invalid: ";
        let no_match = "The provided key element does not match the schema".to_owned();
        for (action, message) in [
            (
                to_put("profiles", item([("id", n(5))])),
                format!("{invalid}Type mismatch for key id expected: S actual: N"),
            ),
            (to_put("profiles", item([("x", n(5))])), format!("{invalid}Missing the key id in the item")),
            (to_update(item([("id", n(5))]), "SET x = :v", n(1)), no_match.clone()),
            (to_delete(item([("id", n(5))])), no_match.clone()),
            (to_check("profiles", item([("id", n(5))]), "attribute_exists(id)"), no_match),
            (
                to_update(id("a"), "ADD x :v", n(1)),
                "An operand in the update expression has an incorrect data type".to_owned(),
            ),
            (
                to_update(id("a"), "SET y.z = :v", n(1)),
                "The document path provided in the update expression is invalid for update".to_owned(),
            ),
            (
                to_update(id("a"), "SET y = :v", large),
                "Item size to update has exceeded the maximum allowed size".to_owned(),
            ),
            (
                to_update(id("a"), "SET id = :v", s("b")),
                format!("{invalid}Cannot update attribute id. This attribute is part of the key"),
            ),
        ] {
            let actions = vec![to_put("profiles", id("new")), action];
            let (text, told) =
                cancellation(client.transact_write_items().set_transact_items(Some(actions)).send().await);
            assert_eq!(text, reasons("None, ValidationError"), "{message}");
            assert_eq!(told[1], ("ValidationError".to_owned(), Some(message), None));
        }
        assert_eq!(get(&client, "profiles", id("new")).await, None);
    });
}

#[test]
fn a_token_makes_a_transaction_happen_once_in_ten_minutes() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let count = |by: i32| {
            let actions = vec![to_update(id("a"), "ADD x :v", n(by))];
            let transaction =
                client.transact_write_items().client_request_token("once").set_transact_items(Some(actions));
            transaction.return_consumed_capacity(ReturnConsumedCapacity::Total)
        };
        let counted = async || get(&client, "profiles", id("a")).await.unwrap()["x"].clone();
        let first = count(1).send().await.unwrap().consumed_capacity.unwrap();
        assert_eq!((first[0].write_capacity_units(), first[0].read_capacity_units()), (Some(2.0), None));
        let again = count(1).send().await.unwrap().consumed_capacity.unwrap();
        assert_eq!((again[0].write_capacity_units(), again[0].read_capacity_units()), (None, Some(2.0)));
        assert_eq!(again[0].capacity_units(), Some(2.0));
        assert_eq!(counted().await, n(1));
        let (code, _) = refusal(count(2).send().await);
        assert_eq!(code, "IdempotentParameterMismatchException");
        stage.advance(Duration::from_secs(601)).await;
        count(2).send().await.unwrap();
        assert_eq!(counted().await, n(3));
    });
}

#[test]
fn a_transaction_that_was_cancelled_leaves_its_token_free() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let transact = || {
            let actions = vec![to_check("profiles", id("guard"), "attribute_exists(id)"), to_put("profiles", id("a"))];
            client.transact_write_items().client_request_token("again").set_transact_items(Some(actions))
        };
        let (message, _) = cancellation(transact().send().await);
        assert_eq!(message, reasons("ConditionalCheckFailed, None"));
        put(&client, "profiles", id("guard")).await;
        transact().send().await.unwrap();
        assert_eq!(get(&client, "profiles", id("a")).await, Some(id("a")));
    });
}

#[test]
fn every_write_costs_twice_by_table_in_the_order_of_the_request() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        let actions = vec![
            to_put("profiles", item([("id", s("large")), ("t", s(&"x".repeat(3000)))])),
            to_put("events", item([("user", s("a")), ("at", n(7))])),
            to_check("profiles", id("other"), "attribute_not_exists(id)"),
        ];
        let transaction = client.transact_write_items().set_transact_items(Some(actions));
        let answer = transaction.return_consumed_capacity(ReturnConsumedCapacity::Indexes).send().await.unwrap();
        let consumed = answer.consumed_capacity.unwrap();
        let told: Vec<_> = consumed.iter().map(|told| (told.table_name().unwrap(), told.capacity_units())).collect();
        assert_eq!(told, [("profiles", Some(8.0)), ("events", Some(2.0))]);
        assert_eq!(consumed[0].table().unwrap().write_capacity_units(), Some(8.0));
    });
}

// validation

#[test]
fn the_model_is_checked_before_all_else() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let transact =
            |actions: Vec<TransactWriteItem>| client.transact_write_items().set_transact_items(Some(actions));
        let one = "1 validation error detected: Value";
        let fails = "failed to satisfy constraint: Member must";
        let token = "x".repeat(37);
        let (put, delete) = (to_put("profiles", id("a")).put, to_delete(id("a")).delete);
        let both = TransactWriteItem::builder().set_put(put).set_delete(delete).build();
        for (transaction, message) in [
            (transact(vec![]), format!("{one} '[]' at 'transactItems' {fails} have length greater than or equal to 1")),
            (
                transact((0..101).map(|number| to_put("profiles", id(number))).collect()),
                format!("{one} at 'TransactItems' {fails} have length less than or equal to 100"),
            ),
            (
                transact(vec![to_put("gone", id("a"))])
                    .client_request_token(&token)
                    .return_consumed_capacity("SOME".into())
                    .return_item_collection_metrics("SOME2".into()),
                format!(
                    "3 validation errors detected: Value '{token}' at 'clientRequestToken' {fails} have length less \
                     than or equal to 36; Value 'SOME' at 'returnConsumedCapacity' {fails} satisfy enum value set: \
                     [INDEXES, TOTAL, NONE]; Value 'SOME2' at 'returnItemCollectionMetrics' {fails} satisfy enum \
                     value set: [SIZE, NONE]"
                ),
            ),
            (transact(vec![both]), "TransactItems can only contain one of Check, Put, Update or Delete".to_owned()),
            (
                transact(vec![TransactWriteItem::builder().build()]),
                "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request".to_owned(),
            ),
        ] {
            assert_eq!(refusal(transaction.send().await), validation(&message));
        }
    });
}

#[test]
fn what_needs_no_table_is_refused_in_the_order_of_the_actions() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let transact =
            |actions: Vec<TransactWriteItem>| client.transact_write_items().set_transact_items(Some(actions));
        let missing_table = || to_put("gone", id("a"));
        let syntax_error = || to_check("profiles", id("a"), "attribute_not_exists(");
        let mut deep = n(1);
        for _ in 0..32 {
            deep = AttributeValue::L(vec![deep]);
        }
        let too_deep = || to_put("profiles", item([("id", s("deep")), ("v", deep.clone())]));
        let syntax = "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"(\"";
        let nesting = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond \
                       supported limit";
        let empty_key = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot \
                         contain an empty string value. Key: id";
        let twice = "Transaction request cannot include multiple operations on one item";
        for (actions, message) in [
            (vec![missing_table(), syntax_error()], syntax),
            (vec![syntax_error(), too_deep()], syntax),
            (vec![too_deep(), syntax_error()], nesting),
            (
                vec![to_put("profiles", item([("id", s("b")), ("t", s(&"x".repeat(400 * 1024)))]))],
                "Item size has exceeded the maximum allowed size",
            ),
            (
                vec![missing_table(), to_update(id("a"), "REMOVE x", n(1))],
                "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
            ),
            (vec![to_put("profiles", item([("id", n(1))])), to_put("profiles", id(""))], empty_key),
            (vec![to_update(id(""), "SET x = :v", n(1))], empty_key),
            (vec![to_delete(id(""))], empty_key),
            (vec![to_put("profiles", id("a")), to_delete(id("a"))], twice),
            (vec![to_check("profiles", id("a"), "attribute_exists(id)"), to_delete(id("a"))], twice),
        ] {
            assert_eq!(refusal(transact(actions).send().await), validation(message));
        }
        let refused = refusal(transact(vec![to_put("profiles", id("a")), missing_table()]).send().await);
        assert_eq!(refused, not_found("Requested resource not found"));
        assert_eq!(get(&client, "profiles", id("a")).await, None);
    });
}
