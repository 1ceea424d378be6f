//! DeregisterStreamConsumer.

use std::time::Duration;

use aws_sdk_kinesis::types::ConsumerStatus;

use super::{ACCOUNT, arn, client, raw_refusal, refused, stream_not_found, with_consumer, with_stream};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

// Validation

#[test]
fn a_consumer_must_be_named_and_there() {
    on_both_stages(|stage| async move {
        let found = raw_refusal(&stage, "DeregisterStreamConsumer", r#"{"ConsumerName":"a/b"}"#).await;
        assert_eq!(found.0, "ValidationException");
        assert_eq!(refusal(client(&stage).deregister_stream_consumer().send().await).0, "InvalidArgumentException");
        let deregister = client(&stage).deregister_stream_consumer().stream_arn(arn("orders")).consumer_name("audit");
        assert_eq!(refusal(deregister.send().await), stream_not_found("orders"));
    });
}

// Behaviour

#[test]
fn a_consumer_is_deleting_and_then_gone_and_comes_again_with_another_arn() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        let deregister = || client.deregister_stream_consumer().stream_arn(arn("orders")).consumer_name("audit").send();
        deregister().await.expect("it is ACTIVE");
        let described = client.describe_stream_consumer().consumer_arn(&consumer).send().await.unwrap();
        let described = described.consumer_description.expect("it is required");
        assert_eq!(described.consumer_status, ConsumerStatus::Deleting);
        let seconds = consumer.rsplit_once(':').expect("it ends with a moment").1;
        let message = format!(
            "Consumer audit with creation timestamp {seconds} under stream: orders , account {ACCOUNT} is not in ACTIVE \
             status."
        );
        assert_eq!(refusal(deregister().await), refused("ResourceInUseException", message));
        stage.advance(Duration::from_millis(100)).await;
        assert_eq!(refusal(deregister().await).0, "ResourceNotFoundException");
        let again = with_consumer(&stage, &client, "orders", "audit").await;
        assert_ne!(again, consumer);
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("ConsumerDeleted    orders/audit  < #5"), "{timeline}");
    });
}

#[test]
fn a_stream_without_consumers_can_be_deleted() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        client.deregister_stream_consumer().consumer_arn(consumer).send().await.expect("it is ACTIVE");
        stage.advance(Duration::from_secs(1)).await;
        client.delete_stream().stream_name("orders").send().await.expect("nobody is left");
    });
}
