//! EnableEnhancedMonitoring.

use std::time::Duration;

use aws_sdk_kinesis::types::MetricsName;

use super::{arn, raw_refusal, refused, summary, with_stream};
use crate::stage::on_both_stages;

// Validation

#[test]
fn metrics_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let names = "[IncomingBytes, IncomingRecords, OutgoingBytes, OutgoingRecords, WriteProvisionedThroughputExceeded, \
                     ReadProvisionedThroughputExceeded, IteratorAgeMilliseconds, ALL]";
        for (metrics, message) in [
            ("[]", "Value '[]' at 'shardLevelMetrics' failed to satisfy constraint: Member must have length greater than or equal to 1".to_owned()),
            (
                r#"["ALL","Some"]"#,
                format!(
                    "Value '[ALL, Some]' at 'shardLevelMetrics' failed to satisfy constraint: Member must satisfy constraint: \
                     [Member must satisfy enum value set: {names}]"
                ),
            ),
        ] {
            let body = format!(r#"{{"StreamName":"orders","ShardLevelMetrics":{metrics}}}"#);
            let message = format!("1 validation error detected: {message}");
            let found = raw_refusal(&stage, "EnableEnhancedMonitoring", &body).await;
            assert_eq!(found, refused("ValidationException", message));
        }
    });
}

// Behaviour

#[test]
fn metrics_are_added_to_those_that_are_on() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let enable = |metric| client.enable_enhanced_monitoring().stream_arn(arn("orders")).shard_level_metrics(metric);
        let first = enable(MetricsName::OutgoingBytes).send().await.unwrap();
        assert_eq!(
            (first.current_shard_level_metrics(), first.desired_shard_level_metrics()),
            (&[][..], &[MetricsName::OutgoingBytes][..])
        );
        assert_eq!((first.stream_name.as_deref(), first.stream_arn.clone()), (Some("orders"), Some(arn("orders"))));
        stage.advance(Duration::from_secs(1)).await;
        let all = enable(MetricsName::All).send().await.unwrap();
        assert_eq!(all.current_shard_level_metrics(), [MetricsName::OutgoingBytes]);
        assert_eq!(all.desired_shard_level_metrics().len(), 7);
        stage.advance(Duration::from_secs(1)).await;
        let found = summary(&client, "orders").await;
        assert_eq!(found.enhanced_monitoring[0].shard_level_metrics().len(), 7);
    });
}
