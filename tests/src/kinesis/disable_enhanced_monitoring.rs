//! DisableEnhancedMonitoring.

use std::time::Duration;

use aws_sdk_kinesis::types::MetricsName;

use super::{summary, with_stream};
use crate::stage::on_both_stages;

#[test]
fn metrics_are_taken_from_those_that_are_on() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let enable = client.enable_enhanced_monitoring().stream_name("orders").shard_level_metrics(MetricsName::All);
        enable.send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let disable = |metric| client.disable_enhanced_monitoring().stream_name("orders").shard_level_metrics(metric);
        let some = disable(MetricsName::IncomingBytes).send().await.unwrap();
        assert_eq!((some.current_shard_level_metrics().len(), some.desired_shard_level_metrics().len()), (7, 6));
        stage.advance(Duration::from_secs(1)).await;
        let all = disable(MetricsName::All).send().await.unwrap();
        assert_eq!((all.current_shard_level_metrics().len(), all.desired_shard_level_metrics().len()), (6, 0));
        stage.advance(Duration::from_secs(1)).await;
        let found = summary(&client, "orders").await;
        assert_eq!(found.enhanced_monitoring[0].shard_level_metrics().len(), 0);
    });
}
