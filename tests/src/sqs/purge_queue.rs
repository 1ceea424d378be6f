use std::time::Duration;

use super::{client, counts, create, receive, send, simple};
use crate::stage::{in_virtual_time, refusal};

#[test]
fn all_messages_go_and_a_minute_passes_before_the_next_purge() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        for body in ["a", "b"] {
            send(&sqs, &url, body).await;
        }
        receive(&sqs, &url).await;
        sqs.send_message().queue_url(&url).message_body("c").delay_seconds(5).send().await.unwrap();
        sqs.purge_queue().queue_url(&url).send().await.unwrap();
        assert_eq!(counts(&sqs, &url).await, [0, 0, 0]);
        let message = "Only one PurgeQueue operation on orders is allowed every 60 seconds.";
        let again = sqs.purge_queue().queue_url(&url).send().await;
        assert_eq!(refusal(again), simple("PurgeQueueInProgress", message));
        stage.advance(Duration::from_secs(60)).await;
        sqs.purge_queue().queue_url(&url).send().await.unwrap();
    });
}
