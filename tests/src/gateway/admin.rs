//! The admin API: what the `rehearsal` command and other languages steer by.

use aws_sdk_kinesis::Client;
use rehearsal_emulator::Emulator;

use crate::raw::admin;
use crate::stage::{Stage, on_both_stages, refusal};

#[tokio::test(start_paused = true)]
async fn the_clock_is_shown_and_moved() {
    let emulator = Emulator::start().await;
    let (status, time) = admin(&emulator, "GET", "clock", "").await;
    assert_eq!((status, time["now"].as_str()), (200, Some("2026-01-01T00:00:00Z")));
    let (status, time) = admin(&emulator, "POST", "clock/advance", r#"{"by": "2h"}"#).await;
    assert_eq!((status, time["now"].as_str()), (200, Some("2026-01-01T02:00:00Z")));
    for body in [r#"{"by": "soon"}"#, r#"{"buy": "2h"}"#, "", "{"] {
        let (status, error) = admin(&emulator, "POST", "clock/advance", body).await;
        assert!(status == 400 && error["error"].is_string(), "{body}: {status} {error}");
    }
}

#[tokio::test]
async fn the_clock_of_a_server_moves_too() {
    let emulator = Emulator::start().await;
    let before = emulator.clock().now();
    admin(&emulator, "POST", "clock/advance", r#"{"by": "1h 30m"}"#).await;
    assert!(emulator.clock().now().since(before).as_secs() >= 5400);
}

#[tokio::test(start_paused = true)]
async fn faults_are_added_listed_and_removed() {
    let emulator = Emulator::start().await;
    let client = Client::new(&emulator.sdk_config_for("123456789012").await);
    let rule = r#"{"name": "outage", "service": "kinesis", "times": 9, "fault": {"error": {"code": "AccessDeniedException"}}}"#;
    let (status, added) = admin(&emulator, "POST", "faults", rule).await;
    assert_eq!(status, 200, "{added}");
    assert_eq!(refusal(client.list_streams().send().await).0, "AccessDeniedException");
    let (_, listed) = admin(&emulator, "GET", "faults", "").await;
    assert_eq!((listed[0]["name"].as_str(), listed[0]["acted"].as_u64()), (Some("outage"), Some(1)));
    let path = format!("faults/{}", added["id"]);
    assert_eq!(admin(&emulator, "DELETE", &path, "").await.0, 200);
    assert_eq!(admin(&emulator, "DELETE", &path, "").await.0, 404);
    client.list_streams().send().await.expect("the fault is gone");
    let (status, error) = admin(&emulator, "POST", "faults", r#"{"fault": "explode"}"#).await;
    assert!(status == 400 && error.to_string().contains("explode"), "{error}");
}

#[test]
fn the_timeline_tells_json_and_text() {
    on_both_stages(|stage: Stage| async move {
        let client = Client::new(&stage.config);
        client.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
        let (_, events) = admin(&stage.emulator, "GET", "timeline", "").await;
        assert_eq!(
            (events[0]["service"].as_str(), events[0]["action"].as_str()),
            (Some("kinesis"), Some("CreateStream"))
        );
        assert_eq!(
            (events[0]["resource"].as_str(), events[0]["outcome"]["status"].as_str()),
            (Some("orders"), Some("done"))
        );
        let (_, text) = admin(&stage.emulator, "GET", "timeline?format=text", "").await;
        assert!(text.as_str().unwrap().contains("CreateStream       orders"), "{text}");
        let (_, later) = admin(&stage.emulator, "GET", "timeline?after=1", "").await;
        assert_eq!(later.as_array().map(Vec::len), Some(0));
    });
}

#[tokio::test(start_paused = true)]
async fn a_reset_of_one_account_leaves_the_others() {
    let emulator = Emulator::start().await;
    let (ours, theirs) = ("111111111111", "222222222222");
    for account in [ours, theirs] {
        let client = Client::new(&emulator.sdk_config_for(account).await);
        client.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
    }
    admin(&emulator, "POST", &format!("reset?account={ours}"), "").await;
    for (account, streams) in [(ours, 0), (theirs, 1)] {
        let client = Client::new(&emulator.sdk_config_for(account).await);
        assert_eq!(client.list_streams().send().await.unwrap().stream_names().len(), streams, "{account}");
    }
    admin(&emulator, "POST", "reset", "").await;
    let client = Client::new(&emulator.sdk_config_for(theirs).await);
    assert_eq!(client.list_streams().send().await.unwrap().stream_names().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn wait_strategies_of_other_emulators_find_what_they_look_for() {
    let emulator = Emulator::start().await;
    for path in ["/_localstack/health", "/_rehearsal/health"] {
        let request = http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        let response = crate::raw::send(&emulator, request).await;
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!((response.status().as_u16(), &body["services"]["kinesis"]), (200, &"running".into()), "{path}");
    }
    assert_eq!(admin(&emulator, "GET", "nothing", "").await.0, 404);
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_could_never_act_is_refused() {
    let emulator = Emulator::start().await;
    for (rule, named) in [
        (r#"{"service": "dinamodb", "fault": "hang"}"#, "`dinamodb`"),
        (r#"{"service": "bedrock-runtime", "fault": "hang"}"#, "bedrock"),
        (r#"{"service": "dynamodb", "operation": "PutItems", "fault": "hang"}"#, "`PutItems`"),
        (r#"{"times": 0, "fault": "hang"}"#, "`times`"),
        (r#"{"probability": 7, "fault": "hang"}"#, "`probability`"),
        (r#"{"fault": {"error": {"code": "X", "status": 101}}}"#, "`status`"),
    ] {
        let (status, error) = admin(&emulator, "POST", "faults", rule).await;
        assert!(status == 400 && error["error"].as_str().is_some_and(|text| text.contains(named)), "{rule}: {error}");
    }
    let (status, _) = admin(&emulator, "POST", "faults", r#"{"service": "dyn*", "fault": "hang"}"#).await;
    assert_eq!(status, 200);
    assert!(emulator.timeline().to_string().contains("add fault          fault 1"), "{}", emulator.timeline());
}

#[tokio::test]
async fn the_clock_stays_where_dates_can_be_written() {
    let emulator = Emulator::start().await;
    let (status, error) = admin(&emulator, "POST", "clock/advance", r#"{"by": "9223372036854775807ms"}"#).await;
    assert!(status == 400 && error["error"].as_str().is_some_and(|text| text.contains("9999")), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_reset_of_one_account_and_a_wrong_method_are_told() {
    let emulator = Emulator::start().await;
    admin(&emulator, "POST", "reset?account=111111111111", "").await;
    assert!(emulator.timeline().to_string().contains("reset              111111111111"), "{}", emulator.timeline());
    let (status, error) = admin(&emulator, "GET", "reset", "").await;
    assert!(status == 405 && error["error"].is_string(), "{error}");
}
