//! DescribeStreamConsumer.

use super::{ACCOUNT, arn, client, members, raw, raw_refusal, refused, stream_not_found, with_consumer, with_stream};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn a_description_has_what_aws_sends() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        let body = format!(r#"{{"ConsumerARN":"{consumer}"}}"#);
        let (_, body) = raw(&stage, "DescribeStreamConsumer", &body).await;
        let names = ["ConsumerARN", "ConsumerCreationTimestamp", "ConsumerName", "ConsumerStatus", "StreamARN"];
        assert_eq!(members(&body["ConsumerDescription"]), names);
        assert_eq!(body["ConsumerDescription"]["StreamARN"], arn("orders").as_str());
        assert_eq!(body["ConsumerDescription"]["ConsumerStatus"], "ACTIVE");
    });
}

// Validation

#[test]
fn an_arn_must_be_one_of_a_consumer() {
    on_both_stages(|stage| async move {
        let body = format!(r#"{{"ConsumerARN":"{}"}}"#, arn("orders"));
        let message = format!(
            "1 validation error detected: Value '{}' at 'consumerARN' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: \
             ^(arn):aws.*:kinesis:.*:\\d{{12}}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+",
            arn("orders")
        );
        let found = raw_refusal(&stage, "DescribeStreamConsumer", &body).await;
        assert_eq!(found, refused("ValidationException", message));
    });
}

#[test]
fn a_consumer_is_named_by_its_arn_or_by_its_stream_and_name() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        let describe = || client.describe_stream_consumer();
        for found in [
            describe().consumer_arn(&consumer),
            describe().stream_arn(arn("orders")).consumer_name("audit"),
            describe().stream_arn(arn("orders")).consumer_name("audit").consumer_arn(&consumer),
        ] {
            let found = found.send().await.expect("it is registered").consumer_description;
            assert_eq!(found.expect("it is required").consumer_arn, consumer);
        }
        let message = "Either ConsumerARN or both StreamARN and ConsumerName must be provided.";
        for half in [describe(), describe().stream_arn(arn("orders")), describe().consumer_name("audit")] {
            assert_eq!(refusal(half.send().await), refused("InvalidArgumentException", message));
        }
        let message = "StreamARN, ConsumerName and ConsumerARN do not name the same consumer.";
        for torn in [describe().stream_arn(arn("carts")), describe().consumer_name("billing")] {
            let torn = torn.consumer_arn(&consumer).send().await;
            assert_eq!(refusal(torn), refused("InvalidArgumentException", message));
        }
    });
}

#[test]
fn a_consumer_must_be_there() {
    on_both_stages(|stage| async move {
        let by_name = |stream| client(&stage).describe_stream_consumer().stream_arn(arn(stream)).consumer_name("audit");
        assert_eq!(refusal(by_name("orders").send().await), stream_not_found("orders"));
        let client = with_stream(&stage, "orders", 1).await;
        let message = format!("Consumer audit under stream orders and account {ACCOUNT} not found.");
        assert_eq!(refusal(by_name("orders").send().await), refused("ResourceNotFoundException", message));
        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        let older = consumer.rsplit_once(':').expect("it ends with a moment").0.to_owned() + ":7";
        let message =
            format!("Consumer audit with creation timestamp 7 under stream orders and account {ACCOUNT} not found.");
        let other = client.describe_stream_consumer().consumer_arn(older).send().await;
        assert_eq!(refusal(other), refused("ResourceNotFoundException", message));
        let abroad = consumer.replace("us-east-1", "eu-west-1");
        let other = client.describe_stream_consumer().consumer_arn(abroad).send().await;
        assert_eq!(refusal(other), stream_not_found("orders"));
    });
}
