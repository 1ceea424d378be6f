//! IncreaseStreamRetentionPeriod.

use std::time::Duration;

use super::{SHARD, put, raw_refusal, read, refused, summary, text, with_stream};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

// Validation

#[test]
fn periods_are_a_day_to_a_year_and_grow() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for (hours, message) in [
            (
                8761,
                "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.",
            ),
            (23, "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short."),
            (
                i32::MIN,
                "Minimum allowed retention period is 24 hours. Requested retention period (-2147483648 hours) is too short.",
            ),
        ] {
            let increase =
                client.increase_stream_retention_period().stream_name("orders").retention_period_hours(hours);
            assert_eq!(refusal(increase.send().await), refused("InvalidArgumentException", message));
        }
        let increase =
            |hours| client.increase_stream_retention_period().stream_name("orders").retention_period_hours(hours);
        increase(48).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(summary(&client, "orders").await.retention_period_hours, 48);
        let message = "Requested retention period (24 hours) for stream orders can not be shorter than existing retention \
                       period (48 hours). Use DecreaseRetentionPeriod API.";
        assert_eq!(refusal(increase(24).send().await), refused("InvalidArgumentException", message));
        let (code, _) = raw_refusal(&stage, "IncreaseStreamRetentionPeriod", r#"{"StreamName":"orders"}"#).await;
        assert_eq!(code, "ValidationException");
    });
}

// Behaviour

#[test]
fn records_stay_longer_and_what_is_gone_stays_gone() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        put(&client, "orders", "a", "old").await;
        stage.advance(Duration::from_secs(10)).await;
        put(&client, "orders", "a", "new").await;
        stage.advance(Duration::from_hours(24) - Duration::from_secs(5)).await;
        let increase = client.increase_stream_retention_period().stream_name("orders").retention_period_hours(48);
        increase.send().await.unwrap();
        for hours in [1, 22] {
            let records = read(&client, "orders", SHARD).await;
            assert_eq!(records.iter().map(text).collect::<Vec<_>>(), ["new"]);
            stage.advance(Duration::from_hours(hours)).await;
        }
        stage.advance(Duration::from_hours(2)).await;
        assert_eq!(read(&client, "orders", SHARD).await.len(), 0);
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("RecordsExpired"), "{timeline}");
    });
}
