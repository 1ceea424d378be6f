use aws_sdk_dynamodb::types::{
    DeleteRequest, PutRequest, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ScalarAttributeType, WriteRequest,
};
use serde_json::json;

use super::fixture::{Item, events, get, item, n, not_found, profiles, put, s, validation};
use crate::raw::post_json;
use crate::stage::{on_both_stages, refusal};

fn to_put(item: Item) -> WriteRequest {
    WriteRequest::builder().put_request(PutRequest::builder().set_item(Some(item)).build().unwrap()).build()
}

fn to_delete(key: Item) -> WriteRequest {
    WriteRequest::builder().delete_request(DeleteRequest::builder().set_key(Some(key)).build().unwrap()).build()
}

fn id(id: impl ToString) -> Item {
    item([("id", s(&id.to_string()))])
}

// behaviour

#[test]
fn a_batch_puts_and_deletes_items_of_several_tables() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        put(&client, "profiles", item([("id", s("old")), ("x", n(1))])).await;
        put(&client, "profiles", item([("id", s("kept")), ("x", n(1))])).await;
        let event = item([("user", s("a")), ("at", n(7))]);
        let batch = client.batch_write_item().request_items(
            "profiles",
            vec![to_put(item([("id", s("kept")), ("y", n(2))])), to_delete(id("old")), to_delete(id("never was"))],
        );
        let answer = batch.request_items("events", vec![to_put(event.clone())]).send().await.unwrap();
        assert_eq!(answer.unprocessed_items, Some([].into()), "an empty map, as on AWS");
        assert_eq!(answer.consumed_capacity, None);
        assert_eq!(get(&client, "profiles", id("old")).await, None);
        assert_eq!(get(&client, "profiles", id("kept")).await, Some(item([("id", s("kept")), ("y", n(2))])));
        assert_eq!(get(&client, "events", event.clone()).await, Some(event));
    });
}

#[test]
fn each_write_costs_for_itself_and_a_table_without_local_indexes_has_no_collections() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let large = item([("id", s("large")), ("t", s(&"x".repeat(3000)))]);
        let batch = client.batch_write_item().request_items("profiles", vec![to_put(large), to_delete(id("missing"))]);
        let batch = batch.return_item_collection_metrics(ReturnItemCollectionMetrics::Size);
        let answer = batch.return_consumed_capacity(ReturnConsumedCapacity::Indexes).send().await.unwrap();
        let consumed = answer.consumed_capacity.unwrap();
        assert_eq!(consumed[0].capacity_units(), Some(4.0));
        assert_eq!(consumed[0].table().unwrap().capacity_units(), Some(4.0));
        assert_eq!(answer.item_collection_metrics, None);
    });
}

// validation

#[test]
fn one_bad_request_refuses_all() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        let batch = |requests: Vec<WriteRequest>| client.batch_write_item().request_items("profiles", requests);
        let both = WriteRequest::builder()
            .put_request(PutRequest::builder().set_item(Some(id("a"))).build().unwrap())
            .delete_request(DeleteRequest::builder().set_key(Some(id("a"))).build().unwrap())
            .build();
        let no_match = "The provided key element does not match the schema";
        let empty = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain \
                     an empty string value. Key: id";
        let some = |count: i32| (0..count).map(|number| to_put(id(number))).collect::<Vec<_>>();
        let event = to_put(item([("user", s("a")), ("at", n(7))]));
        for (batch, message) in [
            (
                client.batch_write_item().set_request_items(Some([].into())),
                "The requestItems parameter is required for BatchWriteItem",
            ),
            (
                batch(vec![]),
                "1 validation error detected: Value '{profiles=[]}' at 'requestItems' failed to satisfy constraint: \
                 Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must \
                 have length greater than or equal to 1]",
            ),
            (
                batch(some(26)),
                "1 validation error detected: Value at 'RequestItems.profiles.member' failed to satisfy constraint: \
                 Member must have length less than or equal to 25",
            ),
            (
                batch(some(25)).request_items("events", vec![event]),
                "Too many items requested for the BatchWriteItem call",
            ),
            (batch(vec![to_put(id("a")), to_delete(id("a"))]), "Provided list of item keys contains duplicates"),
            (batch(vec![to_put(id("a")), to_put(item([("id", n(1))]))]), no_match),
            (batch(vec![to_put(id("a")), to_put(item([("x", n(1))]))]), no_match),
            (batch(vec![to_put(id("a")), to_delete(item([("x", n(1))]))]), no_match),
            (batch(vec![to_put(id("a")), to_put(id(""))]), empty),
            (batch(vec![to_put(id("a")), to_delete(id(""))]), empty),
            (
                batch(vec![to_put(id("a")), to_put(item([("id", s("b")), ("t", s(&"x".repeat(400 * 1024)))]))]),
                "Item size has exceeded the maximum allowed size",
            ),
            (
                batch(vec![to_put(id("b")), both]),
                "Supplied WriteRequest has more than one request set, must contain exactly one of PutRequest or \
                 DeleteRequest",
            ),
            (
                batch(vec![to_put(id("a"))])
                    .return_item_collection_metrics("SOME2".into())
                    .return_consumed_capacity("SOME".into()),
                "2 validation errors detected: Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: \
                 Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value 'SOME2' at \
                 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: \
                 [SIZE, NONE]",
            ),
        ] {
            assert_eq!(refusal(batch.send().await), validation(message));
        }
        let missing = batch(vec![to_put(id("a"))]).request_items("gone", vec![to_put(id("a"))]);
        assert_eq!(refusal(missing.send().await), not_found("Requested resource not found"));
        assert_eq!(get(&client, "profiles", id("a")).await, None, "nothing of any was done");
    });
}

#[test]
fn members_that_the_sdk_always_sends_must_be_there() {
    on_both_stages(|stage| async move {
        let null = |member: &str| {
            format!(
                "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not \
                 be null"
            )
        };
        for (body, message) in [
            ("{}", null("requestItems")),
            (
                r#"{"RequestItems":{"abc":[{"PutRequest":{}}]}}"#,
                null("requestItems.abc.member.1.member.putRequest.item"),
            ),
            (
                r#"{"RequestItems":{"abc":[{"DeleteRequest":{}}]}}"#,
                null("requestItems.abc.member.1.member.deleteRequest.key"),
            ),
            (
                r#"{"RequestItems":{"abc":[{}]}}"#,
                "Supplied WriteRequest is empty, must contain exactly one of PutRequest or DeleteRequest".to_owned(),
            ),
        ] {
            let target = "DynamoDB_20120810.BatchWriteItem";
            let (status, answer) = post_json(&stage.emulator, target, body.to_owned()).await;
            assert_eq!((status, &answer["message"]), (400, &json!(message)), "{body}");
        }
    });
}
