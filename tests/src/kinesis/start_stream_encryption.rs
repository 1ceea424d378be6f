//! StartStreamEncryption.

use std::time::Duration;

use aws_sdk_kinesis::types::{EncryptionType, StreamStatus};

use super::{SHARD, put, raw, raw_refusal, read, refused, status, summary, with_stream};
use crate::stage::{in_virtual_time, on_both_stages};

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        with_stream(&stage, "orders", 1).await;
        let body = r#"{"StreamName":"orders","EncryptionType":"AES","KeyId":""}"#;
        let message = "2 validation errors detected: Value 'AES' at 'encryptionType' failed to satisfy constraint: Member must \
                       satisfy enum value set: [NONE, KMS]; Value '' at 'keyId' failed to satisfy constraint: Member must \
                       have length greater than or equal to 1";
        assert_eq!(raw_refusal(&stage, "StartStreamEncryption", body).await, refused("ValidationException", message));
        let body = r#"{"StreamName":"orders","EncryptionType":"NONE","KeyId":"alias/aws/kinesis"}"#;
        assert_eq!(raw_refusal(&stage, "StartStreamEncryption", body).await.0, "InvalidArgumentException");
    });
}

// Behaviour

#[test]
fn records_are_encrypted_from_when_the_stream_is_active_again() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let start = client.start_stream_encryption().stream_name("orders").encryption_type(EncryptionType::Kms);
        start.key_id("alias/aws/kinesis").send().await.unwrap();
        assert_eq!(status(&client, "orders").await, StreamStatus::Updating);
        put(&client, "orders", "a", "1").await;
        stage.advance(Duration::from_secs(1)).await;
        let found = summary(&client, "orders").await;
        assert_eq!(
            (found.encryption_type, found.key_id.as_deref()),
            (Some(EncryptionType::Kms), Some("alias/aws/kinesis"))
        );
        let (_, answer) = raw(&stage, "PutRecord", r#"{"StreamName":"orders","PartitionKey":"a","Data":""}"#).await;
        assert_eq!(answer["EncryptionType"], "KMS");
        let entries = r#"{"StreamName":"orders","Records":[{"PartitionKey":"a","Data":""}]}"#;
        let (_, answer) = raw(&stage, "PutRecords", entries).await;
        assert_eq!(answer["EncryptionType"], "KMS");
        let stop = client.stop_stream_encryption().stream_name("orders").encryption_type(EncryptionType::Kms);
        stop.key_id("alias/aws/kinesis").send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        put(&client, "orders", "a", "4").await;
        let records = read(&client, "orders", SHARD).await;
        let types: Vec<_> = records.into_iter().map(|record| record.encryption_type).collect();
        assert_eq!(types, [None, Some(EncryptionType::Kms), Some(EncryptionType::Kms), None]);
    });
}

#[test]
fn the_children_of_an_encrypted_stream_are_encrypted() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let start = client.start_stream_encryption().stream_name("orders").encryption_type(EncryptionType::Kms);
        start.key_id("k").send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let split = client.split_shard().stream_name("orders").shard_to_split(SHARD).new_starting_hash_key("9");
        split.send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        put(&client, "orders", "a", "1").await;
        let records = read(&client, "orders", "shardId-000000000002").await;
        assert_eq!(records[0].encryption_type, Some(EncryptionType::Kms));
    });
}
