//! ListStreamConsumers.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::operation::list_stream_consumers::ListStreamConsumersOutput;
use aws_sdk_kinesis::operation::list_stream_consumers::builders::ListStreamConsumersFluentBuilder;
use aws_sdk_kinesis::primitives::DateTime;

use super::{arn, client, members, raw, raw_refusal, refused, stream_not_found, with_consumer, with_stream};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

async fn with_consumers(stage: &Stage, names: &[&str]) -> Client {
    let client = with_stream(stage, "orders", 1).await;
    for name in names {
        with_consumer(stage, &client, "orders", name).await;
    }
    client
}

fn list(client: &Client) -> ListStreamConsumersFluentBuilder {
    client.list_stream_consumers().stream_arn(arn("orders"))
}

fn names(output: &ListStreamConsumersOutput) -> Vec<&str> {
    output.consumers().iter().map(|consumer| consumer.consumer_name()).collect()
}

// Serialisation

#[test]
fn a_listing_has_what_aws_sends() {
    on_both_stages(|stage| async move {
        with_consumers(&stage, &["audit"]).await;
        let (_, body) = raw(&stage, "ListStreamConsumers", &format!(r#"{{"StreamARN":"{}"}}"#, arn("orders"))).await;
        assert_eq!(members(&body), ["Consumers"]);
        let names = ["ConsumerARN", "ConsumerCreationTimestamp", "ConsumerName", "ConsumerStatus"];
        assert_eq!(members(&body["Consumers"][0]), names);
    });
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let body = r#"{"NextToken":"","MaxResults":0}"#;
        let message = "3 validation errors detected: Value null at 'streamARN' failed to satisfy constraint: Member must \
                       not be null; Value '' at 'nextToken' failed to satisfy constraint: Member must have length \
                       greater than or equal to 1; Value '0' at 'maxResults' failed to satisfy constraint: Member must \
                       have value greater than or equal to 1";
        let found = raw_refusal(&stage, "ListStreamConsumers", body).await;
        assert_eq!(found, refused("ValidationException", message));
        assert_eq!(refusal(list(&client(&stage)).send().await), stream_not_found("orders"));
    });
}

// Behaviour

#[test]
fn pages_follow_each_other_by_name() {
    on_both_stages(|stage| async move {
        let client = with_consumers(&stage, &["c", "a", "b"]).await;
        let first = list(&client).max_results(2).send().await.unwrap();
        assert_eq!(names(&first), ["a", "b"]);
        let token = first.next_token.expect("there is more");
        let second = list(&client).next_token(&token).send().await.unwrap();
        assert_eq!((names(&second), second.next_token.as_deref()), (vec!["c"], None));
        let bad = list(&client).next_token(&token).stream_creation_timestamp(DateTime::from_secs(1)).send().await;
        let message = "NextToken and StreamCreationTimestamp cannot be provided together.";
        assert_eq!(refusal(bad), refused("InvalidArgumentException", message));
        let bad = list(&client).next_token("x").send().await;
        assert_eq!(refusal(bad), refused("InvalidArgumentException", "Invalid NextToken."));
    });
}

#[test]
fn a_token_expires_after_five_minutes_of_the_clock() {
    in_virtual_time(|stage| async move {
        let client = with_consumers(&stage, &["a", "b"]).await;
        let token = list(&client).max_results(1).send().await.unwrap().next_token.expect("there is more");
        stage.advance(Duration::from_secs(300)).await;
        list(&client).next_token(&token).send().await.expect("it is just good enough");
        stage.advance(Duration::from_secs(1)).await;
        let message = "NextToken expired. The token was created at time Thu Jan 01 00:00:03 UTC 2026 while right now it \
                       is Thu Jan 01 00:05:04 UTC 2026 which is further in the future than the tolerated delay of \
                       300000 milliseconds.";
        let late = list(&client).next_token(&token).send().await;
        assert_eq!(refusal(late), refused("ExpiredNextTokenException", message));
    });
}

#[test]
fn the_moment_of_creation_tells_streams_of_one_name_apart() {
    on_both_stages(|stage| async move {
        let client = with_consumers(&stage, &["a"]).await;
        let summary = client.describe_stream_summary().stream_name("orders").send().await.unwrap();
        let created = summary.stream_description_summary.expect("it is required").stream_creation_timestamp;
        let found = list(&client).stream_creation_timestamp(created).send().await.unwrap();
        assert_eq!(names(&found), ["a"]);
        let other = list(&client).stream_creation_timestamp(DateTime::from_secs(7)).send().await;
        assert_eq!(refusal(other), stream_not_found("orders"));
    });
}
