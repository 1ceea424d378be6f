//! Messages pass out of retention on the clock.

use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName as Name;

use super::{client, counts, create, create_with, receive, send};
use crate::stage::in_virtual_time;

#[test]
fn a_message_is_gone_when_its_time_is_over_and_the_timeline_says_so() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create_with(&sqs, "orders", &[(Name::MessageRetentionPeriod, "60")]).await;
        send(&sqs, &url, "a").await;
        stage.advance(Duration::from_secs(30)).await;
        send(&sqs, &url, "b").await;
        stage.advance(Duration::from_millis(29_999)).await;
        assert_eq!(counts(&sqs, &url).await, [2, 0, 0]);
        stage.advance(Duration::from_millis(1)).await;
        assert_eq!(counts(&sqs, &url).await, [1, 0, 0]);
        stage.advance(Duration::from_secs(120)).await;
        assert!(receive(&sqs, &url).await.is_empty());
        let timeline = stage.emulator.timeline().to_string();
        assert_eq!(timeline.matches("MessagesExpired").count(), 1, "{timeline}");
        assert!(timeline.contains("2 messages"), "{timeline}");
    });
}

#[test]
fn a_change_of_retention_holds_for_what_is_there() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        stage.advance(Duration::from_secs(3600)).await;
        sqs.set_queue_attributes().queue_url(&url).attributes(Name::MessageRetentionPeriod, "60").send().await.unwrap();
        assert_eq!(counts(&sqs, &url).await, [0, 0, 0]);
    });
}

#[test]
fn four_days_of_messages_pass_in_no_time() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        for body in 0..100 {
            send(&sqs, &url, &body.to_string()).await;
            stage.advance(Duration::from_secs(1800)).await;
        }
        stage.advance(Duration::from_hours(24 * 365)).await;
        assert_eq!(counts(&sqs, &url).await, [0, 0, 0]);
    });
}
