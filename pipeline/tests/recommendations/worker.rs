//! The worker on a stream: shards, checkpoints, poison and trouble, call by call.

use rehearsal_pipeline::recommendations::{Settings, worker};
use serde_json::{Value, json};

use crate::handle::{interaction, profile};
use crate::wire::{Answer, Call, Wire, empty, found, plain, plain_item};

/// Runs the worker until the script is played and gives the calls.
async fn play(script: Vec<(&'static str, Answer)>) -> Vec<Call> {
    let settings = Settings::default();
    let expected: Vec<&str> = script.iter().map(|(operation, _)| *operation).collect();
    let wire = Wire::new(script);
    worker::run(wire.clients(&settings), settings, wire.clone().played()).await;
    wire.assert_operations(&expected);
    wire.calls()
}

/// How long the worker goes on after the last call of the script.
async fn time_to_stop(script: Vec<(&'static str, Answer)>) -> u128 {
    let settings = Settings::default();
    let wire = Wire::new(script);
    worker::run(wire.clients(&settings), settings, wire.clone().played()).await;
    let last = wire.calls().last().expect("calls were made").at;
    (wire.elapsed() - last).as_millis()
}

fn until_the_first_record() -> Vec<(&'static str, Answer)> {
    vec![
        ("ListShards", shards(&[shard("shard-0", None)])),
        ("GetItem", empty()),
        ("GetShardIterator", iterator("a")),
        ("GetRecords", records(&[("7", &interaction().to_string())], Some("b"))),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_waits_stops_at_once() {
    let mut script = until_the_first_record();
    script.push(("GetItem", Answer::Error(400, "ResourceNotFoundException", "no such table")));
    assert_eq!(time_to_stop(script).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_record_in_hand_gets_the_grace_period_and_no_more() {
    let mut script = until_the_first_record();
    // The wire hangs behind its last answer: so does the model.
    script.extend([("GetItem", empty()), ("UpdateItem", empty())]);
    let grace = Settings::default().shutdown_grace.as_millis();
    assert_eq!(time_to_stop(script).await, grace);
}

fn shard(shard_id: &str, parent: Option<&str>) -> Value {
    json!({
        "ShardId": shard_id, "ParentShardId": parent, "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": "1"},
        "SequenceNumberRange": {"StartingSequenceNumber": "0"},
    })
}

fn shards(shards: &[Value]) -> Answer {
    Answer::Json(json!({"Shards": shards}))
}

fn iterator(name: &str) -> Answer {
    Answer::Json(json!({"ShardIterator": name}))
}

fn records(data: &[(&str, &str)], next: Option<&str>) -> Answer {
    let record = |(sequence_number, data): &(&str, &str)| {
        json!({
            "SequenceNumber": sequence_number, "Data": aws_smithy_types::base64::encode(data),
            "PartitionKey": "u_8821",
        })
    };
    let records: Vec<Value> = data.iter().map(record).collect();
    Answer::Json(json!({"Records": records, "NextShardIterator": next, "MillisBehindLatest": 0}))
}

fn known() -> Answer {
    found(&profile(1))
}

#[tokio::test(start_paused = true)]
async fn a_shard_is_read_from_its_checkpoint_and_idle_polls_write_nothing() {
    let checkpoint = json!({"shard": "user-interactions/shard-0", "sequence_number": "5", "sequence_order": "001:5"});
    let calls = play(vec![
        ("ListShards", shards(&[shard("shard-0", None)])),
        ("GetItem", found(&checkpoint)),
        ("GetShardIterator", iterator("a")),
        ("GetRecords", records(&[], Some("b"))),
        ("GetRecords", records(&[("7", &interaction().to_string())], Some("c"))),
        ("GetItem", known()),
        ("PutItem", empty()),
        ("GetRecords", records(&[], Some("d"))),
    ])
    .await;
    assert_eq!(calls[2].body["ShardIteratorType"], "AFTER_SEQUENCE_NUMBER");
    assert_eq!(calls[2].body["StartingSequenceNumber"], "5");
    let expected = json!({
        "shard": "user-interactions/shard-0", "sequence_number": "7", "sequence_order": "001:7", "finished": false,
    });
    assert_eq!(plain_item(&calls[6].body["Item"]), expected);
    let at: Vec<u128> = calls.iter().map(|call| call.at.as_millis()).collect();
    assert_eq!((at[3], at[4], at[7]), (0, 200, 400), "one poll interval between reads");
}

#[tokio::test(start_paused = true)]
async fn poison_is_parked_and_the_shard_moves_on() {
    let calls = play(vec![
        ("ListShards", shards(&[shard("shard-0", None)])),
        ("GetItem", empty()),
        ("GetShardIterator", iterator("a")),
        ("GetRecords", records(&[("6", "not json"), ("7", &interaction().to_string())], Some("b"))),
        ("PutItem", empty()),
        ("GetItem", known()),
        ("PutItem", empty()),
    ])
    .await;
    assert_eq!(calls[2].body["ShardIteratorType"], "TRIM_HORIZON");
    let parked = &calls[4].body;
    assert_eq!(parked["TableName"], "parked-records");
    assert_eq!(plain(&parked["Item"]["record"]), "shard-0#6");
    assert_eq!(parked["Item"]["data"]["B"], aws_smithy_types::base64::encode("not json"));
    assert!(plain(&parked["Item"]["reason"]).as_str().is_some_and(|reason| reason.starts_with("not an interaction:")));
    assert_eq!(plain(&calls[6].body["Item"]["sequence_number"]), "7");
}

#[tokio::test(start_paused = true)]
async fn a_record_is_tried_until_dynamodb_is_back_and_nothing_is_skipped() {
    let down = || Answer::Error(400, "ResourceNotFoundException", "no such table");
    let calls = play(vec![
        ("ListShards", shards(&[shard("shard-0", None)])),
        ("GetItem", empty()),
        ("GetShardIterator", iterator("a")),
        ("GetRecords", records(&[("7", &interaction().to_string())], Some("b"))),
        ("GetItem", down()),
        ("GetItem", down()),
        ("GetItem", known()),
        ("PutItem", empty()),
    ])
    .await;
    let at: Vec<u128> = calls.iter().map(|call| call.at.as_millis()).collect();
    assert!((200..210).contains(&(at[5] - at[4])) && (400..410).contains(&(at[6] - at[5])), "{at:?}");
}

#[tokio::test(start_paused = true)]
async fn an_expired_iterator_is_renewed_behind_the_last_record() {
    let calls = play(vec![
        ("ListShards", shards(&[shard("shard-0", None)])),
        ("GetItem", empty()),
        ("GetShardIterator", iterator("a")),
        ("GetRecords", records(&[("7", &interaction().to_string())], Some("b"))),
        ("GetItem", known()),
        ("PutItem", empty()),
        ("GetRecords", Answer::Error(400, "ExpiredIteratorException", "too old")),
        ("GetShardIterator", iterator("c")),
        ("GetRecords", records(&[], Some("d"))),
    ])
    .await;
    assert_eq!(calls[7].body["StartingSequenceNumber"], "7");
}

#[tokio::test(start_paused = true)]
async fn a_child_is_read_after_its_parent_and_from_its_beginning() {
    let calls = play(vec![
        ("ListShards", shards(&[shard("shard-0", None), shard("shard-1", Some("shard-0"))])),
        ("GetItem", empty()),
        ("GetShardIterator", iterator("a")),
        ("GetRecords", records(&[], None)),
        ("PutItem", empty()),
        ("GetItem", empty()),
        ("GetShardIterator", iterator("b")),
        ("GetRecords", records(&[], Some("c"))),
    ])
    .await;
    let finished = json!({"shard": "user-interactions/shard-0", "sequence_order": "", "finished": true});
    assert_eq!(plain_item(&calls[4].body["Item"]), finished);
    assert_eq!(calls[6].body["ShardId"], "shard-1");
    assert_eq!(calls[6].body["ShardIteratorType"], "TRIM_HORIZON");
}

#[tokio::test(start_paused = true)]
async fn the_children_of_a_shard_that_closes_are_looked_for_at_once() {
    let calls = play(vec![
        ("ListShards", shards(&[shard("shard-0", None)])),
        ("GetItem", found(&json!({"shard": "user-interactions/shard-0", "finished": true}))),
        ("ListShards", Answer::Json(json!({"Shards": [shard("shard-0", None)], "NextToken": "more"}))),
        ("ListShards", shards(&[shard("shard-1", Some("shard-0"))])),
        ("GetItem", empty()),
    ])
    .await;
    assert_eq!(calls[3].body, json!({"NextToken": "more"}));
    assert_eq!(calls[4].at.as_millis(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_does_not_exist_yet_is_waited_for() {
    let missing = || Answer::Error(400, "ResourceNotFoundException", "no such stream");
    play(vec![("ListShards", missing()), ("ListShards", missing()), ("ListShards", shards(&[]))]).await;
}
