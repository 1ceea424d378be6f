//! CreateStream.

use std::time::Duration;

use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{StreamMode, StreamModeDetails, StreamStatus};

use super::{ACCOUNT, client, raw, raw_refusal, refused, stream_not_found, with_stream};
use crate::stage::{on_both_stages, refusal};

fn mode(mode: StreamMode) -> StreamModeDetails {
    StreamModeDetails::builder().stream_mode(mode).build().expect("the mode is given")
}

// Serialisation

#[test]
fn members_of_the_wrong_type_are_refused() {
    on_both_stages(|stage| async move {
        let (code, _) = raw_refusal(&stage, "CreateStream", r#"{"StreamName":"orders","ShardCount":"1"}"#).await;
        assert_eq!(code, "SerializationException");
        let (code, _) = raw_refusal(&stage, "CreateStream", "[").await;
        assert_eq!(code, "SerializationException");
    });
}

// Validation

#[test]
fn all_violations_are_answered_at_once() {
    on_both_stages(|stage| async move {
        let body = r#"{"StreamName":"a b","ShardCount":0,"StreamModeDetails":{"StreamMode":"FAST"}}"#;
        let message = "3 validation errors detected: Value 'a b' at 'streamName' failed to satisfy constraint: Member \
                       must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '0' at 'shardCount' failed to \
                       satisfy constraint: Member must have value greater than or equal to 1; Value 'FAST' at \
                       'streamModeDetails.streamMode' failed to satisfy constraint: Member must satisfy enum value \
                       set: [PROVISIONED, ON_DEMAND]";
        assert_eq!(raw_refusal(&stage, "CreateStream", body).await, refused("ValidationException", message));
        let message = "1 validation error detected: Value null at 'streamName' failed to satisfy constraint: Member \
                       must not be null";
        assert_eq!(raw_refusal(&stage, "CreateStream", "{}").await, refused("ValidationException", message));
    });
}

#[test]
fn the_mode_decides_whether_shards_are_counted() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let on_demand = client.create_stream().stream_name("s").stream_mode_details(mode(StreamMode::OnDemand));
        assert_eq!(
            refusal(on_demand.shard_count(1).send().await),
            refused("InvalidArgumentException", "ShardCount is not expected when StreamMode=ON_DEMAND")
        );
        let (code, _) = refusal(client.create_stream().stream_name("s").send().await);
        assert_eq!(code, "InvalidArgumentException");
    });
}

#[test]
fn members_that_are_not_here_yet_are_refused() {
    on_both_stages(|stage| async move {
        for (member, value) in [("RecordDistributionStrategy", r#""AUTO""#)] {
            let body = format!(r#"{{"StreamName":"orders","ShardCount":1,"{member}":{value}}}"#);
            let (status, body) = raw(&stage, "CreateStream", &body).await;
            assert_eq!((status, body["__type"].as_str()), (501, Some("NotImplemented")));
            let message = body["message"].as_str().expect("errors have a message");
            assert!(message.contains(&format!("{member} of kinesis CreateStream")), "{message}");
        }
    });
}

// Behaviour

#[test]
fn a_stream_is_creating_and_then_active() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        client.create_stream().stream_name("orders").shard_count(2).send().await.unwrap();
        let describe = || async { client.describe_stream().stream_name("orders").send().await.unwrap() };
        let creating = describe().await.stream_description.expect("it is required");
        assert_eq!((creating.stream_status, creating.shards.len()), (StreamStatus::Creating, 0));
        let put = client.put_record().stream_name("orders").partition_key("a").data(Blob::new("1"));
        assert_eq!(refusal(put.clone().send().await), stream_not_found("orders"));
        stage.advance(Duration::from_secs(1)).await;
        let active = describe().await.stream_description.expect("it is required");
        assert_eq!((active.stream_status, active.shards.len()), (StreamStatus::Active, 2));
        put.send().await.expect("an active stream takes records");
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("+kinesis   StreamActive       orders  < #1"), "{timeline}");
    });
}

#[test]
fn an_on_demand_stream_starts_with_four_shards() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_stream().stream_name("orders").stream_mode_details(mode(StreamMode::OnDemand));
        create.send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let described = client.describe_stream_summary().stream_name("orders").send().await.unwrap();
        let summary = described.stream_description_summary.expect("it is required");
        assert_eq!(summary.open_shard_count, 4);
        assert_eq!(summary.stream_mode_details, Some(mode(StreamMode::OnDemand)));
    });
}

#[test]
fn a_name_is_taken_once() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let again = client.create_stream().stream_name("orders").shard_count(1).send().await;
        let message = format!("Stream orders under account {ACCOUNT} already exists.");
        assert_eq!(refusal(again), refused("ResourceInUseException", message));
    });
}

#[test]
fn an_account_has_a_quota_of_shards() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        for (shards, allowed) in [(20_001, false), (i32::MAX, false), (19_999, true), (2, false), (1, true)] {
            let created = client.create_stream().stream_name(format!("s{shards}")).shard_count(shards).send().await;
            if allowed {
                created.expect("the quota allows it");
            } else {
                assert_eq!(refusal(created).0, "LimitExceededException");
            }
        }
    });
}

#[test]
fn accounts_and_regions_have_streams_of_their_own() {
    on_both_stages(|stage| async move {
        with_stream(&stage, "orders", 1).await;
        let region = aws_sdk_kinesis::config::Region::new("eu-west-1");
        let elsewhere = aws_sdk_kinesis::Client::new(&stage.config.clone().into_builder().region(region).build());
        assert_eq!(elsewhere.list_streams().send().await.unwrap().stream_names, [""; 0]);
        elsewhere.create_stream().stream_name("orders").shard_count(1).send().await.expect("the name is free there");
    });
}
