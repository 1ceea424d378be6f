//! RegisterStreamConsumer.

use std::time::Duration;

use aws_sdk_kinesis::types::ConsumerStatus;

use super::{ACCOUNT, arn, client, members, raw, raw_refusal, refused, stream_not_found, with_stream};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

// Serialisation

#[test]
fn a_consumer_has_what_aws_sends() {
    on_both_stages(|stage| async move {
        with_stream(&stage, "orders", 1).await;
        let body = format!(r#"{{"StreamARN":"{}","ConsumerName":"audit"}}"#, arn("orders"));
        let (status, body) = raw(&stage, "RegisterStreamConsumer", &body).await;
        assert_eq!((status, members(&body)), (200, vec!["Consumer"]));
        let names = ["ConsumerARN", "ConsumerCreationTimestamp", "ConsumerName", "ConsumerStatus"];
        assert_eq!(members(&body["Consumer"]), names);
        let created = body["Consumer"]["ConsumerCreationTimestamp"].as_i64().expect("it is in whole seconds");
        let expected = format!("{}/consumer/audit:{created}", arn("orders"));
        assert_eq!(body["Consumer"]["ConsumerARN"], expected.as_str());
    });
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "2 validation errors detected: Value null at 'streamARN' failed to satisfy constraint: Member must \
                       not be null; Value null at 'consumerName' failed to satisfy constraint: Member must not be null";
        let found = raw_refusal(&stage, "RegisterStreamConsumer", "{}").await;
        assert_eq!(found, refused("ValidationException", message));
        let body = format!(r#"{{"StreamARN":"{}","ConsumerName":"a/b"}}"#, arn("orders"));
        let message = "1 validation error detected: Value 'a/b' at 'consumerName' failed to satisfy constraint: Member \
                       must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
        let found = raw_refusal(&stage, "RegisterStreamConsumer", &body).await;
        assert_eq!(found, refused("ValidationException", message));
        let body = format!(r#"{{"StreamARN":"{}","ConsumerName":"a","Tags":{{"":"b"}}}}"#, arn("orders"));
        assert_eq!(raw_refusal(&stage, "RegisterStreamConsumer", &body).await.0, "ValidationException");
    });
}

#[test]
fn the_stream_must_be_there_and_made() {
    in_virtual_time(|stage| async move {
        let client = client(&stage);
        let register = || client.register_stream_consumer().stream_arn(arn("orders")).consumer_name("audit");
        assert_eq!(refusal(register().send().await), stream_not_found("orders"));
        client.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
        let message =
            format!("Stream orders under account {ACCOUNT} not ACTIVE or UPDATING, instead in state CREATING");
        assert_eq!(refusal(register().send().await), refused("ResourceInUseException", message));
        stage.advance(Duration::from_secs(1)).await;
        register().send().await.expect("the stream is ACTIVE");
    });
}

// Behaviour

#[test]
fn a_consumer_is_creating_and_then_active() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let register = client.register_stream_consumer().stream_arn(arn("orders")).consumer_name("audit");
        let consumer = register.send().await.unwrap().consumer.expect("it is required");
        assert_eq!(consumer.consumer_status, ConsumerStatus::Creating);
        stage.advance(Duration::from_secs(1)).await;
        let described = client.describe_stream_consumer().consumer_arn(consumer.consumer_arn).send().await.unwrap();
        let described = described.consumer_description.expect("it is required");
        assert_eq!(described.consumer_status, ConsumerStatus::Active);
        assert_eq!(described.consumer_creation_timestamp, consumer.consumer_creation_timestamp);
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("1.000 #3   kinesis   RegisterStreamConsumer orders  audit"), "{timeline}");
        assert!(timeline.contains("1.100 #4  +kinesis   ConsumerActive     orders/audit  < #3"), "{timeline}");
    });
}

#[test]
fn a_name_is_taken_once_in_a_stream() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        with_stream(&stage, "carts", 1).await;
        let register = |stream| client.register_stream_consumer().stream_arn(arn(stream)).consumer_name("audit");
        register("orders").send().await.expect("the name is free");
        register("carts").send().await.expect("the name is free in another stream");
        let message = format!("Consumer audit under stream orders already exists for account {ACCOUNT}.");
        assert_eq!(refusal(register("orders").send().await), refused("ResourceInUseException", message));
    });
}

#[test]
fn a_stream_has_at_most_20_consumers() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let register =
            |number| client.register_stream_consumer().stream_arn(arn("orders")).consumer_name(format!("c{number}"));
        for number in 0..20 {
            register(number).send().await.expect("there is room");
        }
        assert_eq!(refusal(register(20).send().await).0, "LimitExceededException");
        let summary = client.describe_stream_summary().stream_name("orders").send().await.unwrap();
        assert_eq!(summary.stream_description_summary.expect("it is required").consumer_count, Some(20));
    });
}
