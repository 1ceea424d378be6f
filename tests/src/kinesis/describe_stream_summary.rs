//! DescribeStreamSummary.

use std::time::Duration;

use aws_sdk_kinesis::types::StreamStatus;

use super::{arn, client, raw_refusal, stream_not_found};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn a_stream_must_be_named_and_exist() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let unknown = client.describe_stream_summary().stream_name("orders").send().await;
        assert_eq!(refusal(unknown), stream_not_found("orders"));
        assert_eq!(raw_refusal(&stage, "DescribeStreamSummary", "{}").await.0, "InvalidArgumentException");
        let (code, _) = raw_refusal(&stage, "DescribeStreamSummary", r#"{"StreamName":""}"#).await;
        assert_eq!(code, "ValidationException");
    });
}

// Behaviour

#[test]
fn a_summary_follows_the_state_of_its_stream() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_stream().stream_name("orders").shard_count(3).max_record_size_in_kib(2048);
        create.send().await.unwrap();
        for (status, open) in [(StreamStatus::Creating, 0), (StreamStatus::Active, 3)] {
            let described = client.describe_stream_summary().stream_arn(arn("orders")).send().await.unwrap();
            let summary = described.stream_description_summary.expect("it is required");
            assert_eq!((summary.stream_status, summary.open_shard_count), (status, open));
            assert_eq!((summary.stream_name.as_str(), summary.stream_arn), ("orders", arn("orders")));
            assert_eq!((summary.retention_period_hours, summary.consumer_count), (24, Some(0)));
            assert_eq!(summary.max_record_size_in_kib, Some(2048));
            stage.advance(Duration::from_secs(1)).await;
        }
    });
}
