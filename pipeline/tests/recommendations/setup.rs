//! Setup on an empty account, and on one that has everything.

use rehearsal_pipeline::recommendations::{Settings, SetupError, setup};
use serde_json::{Value, json};

use crate::wire::{Answer, Wire, empty};

fn stream(status: &str) -> Answer {
    Answer::Json(json!({"StreamDescriptionSummary": {
        "StreamName": "user-interactions", "StreamARN": "arn:aws:kinesis:us-east-1:1:stream/user-interactions",
        "StreamStatus": status, "RetentionPeriodHours": 24, "StreamCreationTimestamp": 0,
        "EnhancedMonitoring": [], "OpenShardCount": 1,
    }}))
}

fn table(status: &str) -> Answer {
    Answer::Json(json!({"Table": {"TableStatus": status}}))
}

fn time_to_live(description: Value) -> Answer {
    Answer::Json(json!({"TimeToLiveDescription": description}))
}

#[tokio::test(start_paused = true)]
async fn everything_is_created_and_waited_for() {
    let settings = Settings { event_bus: "agents".to_owned(), ..Settings::default() };
    let mut script = vec![("CreateStream", empty())];
    script.extend((0..4).map(|_| ("CreateTable", empty())));
    script.push(("CreateEventBus", empty()));
    script.extend([("DescribeStreamSummary", stream("CREATING")), ("DescribeStreamSummary", stream("ACTIVE"))]);
    script.push(("DescribeTable", table("CREATING")));
    script.extend((0..4).map(|_| ("DescribeTable", table("ACTIVE"))));
    script.push(("DescribeTimeToLive", time_to_live(json!({"TimeToLiveStatus": "DISABLED"}))));
    script.push(("UpdateTimeToLive", empty()));
    let wire = Wire::new(script);
    assert_eq!(setup(&wire.clients(&settings), &settings).await, Ok(()));
    let calls = wire.calls();
    let last = calls.last().expect("calls were made");
    assert_eq!(last.body["TimeToLiveSpecification"], json!({"Enabled": true, "AttributeName": "ttl"}));
    assert_eq!(last.at.as_secs(), 2, "each wait is one poll interval");
}

#[tokio::test(start_paused = true)]
async fn what_exists_is_left_as_it_is() {
    let settings = Settings::default();
    let exists = || Answer::Error(400, "ResourceInUseException", "it exists");
    let mut script = vec![("CreateStream", exists())];
    script.extend((0..4).map(|_| ("CreateTable", exists())));
    script.push(("DescribeStreamSummary", stream("ACTIVE")));
    script.extend((0..4).map(|_| ("DescribeTable", table("ACTIVE"))));
    let enabled = json!({"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"});
    script.push(("DescribeTimeToLive", time_to_live(enabled)));
    let wire = Wire::new(script);
    assert_eq!(setup(&wire.clients(&settings), &settings).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn waiting_has_an_end() {
    let settings = Settings { setup_timeout: std::time::Duration::from_secs(2), ..Settings::default() };
    let mut script = vec![("CreateStream", empty())];
    script.extend((0..4).map(|_| ("CreateTable", empty())));
    script.extend((0..3).map(|_| ("DescribeStreamSummary", stream("CREATING"))));
    let wire = Wire::new(script);
    let error = setup(&wire.clients(&settings), &settings).await.expect_err("the stream never comes up");
    assert!(matches!(error, SetupError::NotActive { .. }));
    assert_eq!(error.to_string(), "`user-interactions` is not active after 2 s");
}
