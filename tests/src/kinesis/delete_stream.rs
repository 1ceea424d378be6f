//! DeleteStream.

use std::time::Duration;

use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::StreamStatus;

use super::{
    ACCOUNT, SHARD, arn, client, put, raw_refusal, read, refused, stream_not_found, with_consumer, with_stream,
};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn a_stream_must_be_named_and_exist() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        assert_eq!(refusal(client.delete_stream().send().await).0, "InvalidArgumentException");
        let unknown = client.delete_stream().stream_name("orders").send().await;
        assert_eq!(refusal(unknown), stream_not_found("orders"));
        let unknown = client.delete_stream().stream_arn(arn("orders")).send().await;
        assert_eq!(refusal(unknown), stream_not_found("orders"));
    });
}

#[test]
fn an_arn_must_be_one_of_a_stream() {
    on_both_stages(|stage| async move {
        let body = r#"{"StreamARN":"arn:aws:kinesis:us-east-1:0:stream/a"}"#;
        let message = "1 validation error detected: Value 'arn:aws:kinesis:us-east-1:0:stream/a' at 'streamARN' failed \
                       to satisfy constraint: Member must satisfy regular expression pattern: \
                       arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+";
        assert_eq!(raw_refusal(&stage, "DeleteStream", body).await, refused("ValidationException", message));
    });
}

// Behaviour

#[test]
fn a_stream_is_deleting_and_then_gone_with_its_records() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        put(&client, "orders", "a", "1").await;
        client.delete_stream().stream_arn(arn("orders")).enforce_consumer_deletion(true).send().await.unwrap();
        let described = client.describe_stream_summary().stream_name("orders").send().await.unwrap();
        let summary = described.stream_description_summary.expect("it is required");
        assert_eq!(summary.stream_status, StreamStatus::Deleting);
        let late = client.put_record().stream_name("orders").partition_key("a").data(Blob::new("2")).send().await;
        assert_eq!(refusal(late), stream_not_found("orders"));
        let again = client.delete_stream().stream_name("orders").send().await;
        let message = format!("Stream orders under account {ACCOUNT} not ACTIVE, instead in state DELETING");
        assert_eq!(refusal(again), refused("ResourceInUseException", message));
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(
            refusal(client.describe_stream_summary().stream_name("orders").send().await),
            stream_not_found("orders")
        );

        let client = with_stream(&stage, "orders", 1).await;
        assert_eq!(read(&client, "orders", SHARD).await, []);
        stage.advance(Duration::from_hours(48)).await;
    });
}

#[test]
fn an_iterator_does_not_outlive_its_stream() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let kind = aws_sdk_kinesis::types::ShardIteratorType::Latest;
        let iterator = super::iterator(&client, "orders", SHARD, kind).await;
        client.delete_stream().stream_name("orders").send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let client = with_stream(&stage, "orders", 1).await;
        let stale = client.get_records().shard_iterator(iterator).send().await;
        assert_eq!(refusal(stale), stream_not_found("orders"));
    });
}

#[test]
fn a_stream_with_consumers_is_deleted_only_with_them() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        let message = format!(
            "DeleteStream can\u{2019}t delete {ACCOUNT}:orders because there are consumers associated with this data \
             stream. To delete orders anyway, set the EnforceConsumerDeletion parameter to true to force the deletion \
             of all the consumers that are associated with it."
        );
        for enforce in [None, Some(false)] {
            let kept = client.delete_stream().stream_name("orders").set_enforce_consumer_deletion(enforce);
            assert_eq!(refusal(kept.send().await), refused("ResourceInUseException", &message));
        }
        client.delete_stream().stream_name("orders").enforce_consumer_deletion(true).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let gone = client.describe_stream_consumer().consumer_arn(&consumer).send().await;
        assert_eq!(refusal(gone), stream_not_found("orders"));
    });
}
