//! PutRecord.

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::operation::put_record::builders::PutRecordFluentBuilder;
use aws_sdk_kinesis::primitives::Blob;

use super::{
    ACCOUNT, SHARD, arn, client, members, put, raw, raw_refusal, read, refused, stream_not_found, text, with_stream,
};
use crate::stage::{on_both_stages, refusal};

fn record(client: &Client, data: Vec<u8>) -> PutRecordFluentBuilder {
    client.put_record().stream_name("orders").partition_key("a").data(Blob::new(data))
}

// Serialisation

#[test]
fn data_must_be_base64() {
    on_both_stages(|stage| async move {
        let body = r#"{"StreamName":"orders","PartitionKey":"a","Data":"?"}"#;
        assert_eq!(raw_refusal(&stage, "PutRecord", body).await.0, "SerializationException");
        let body = r#"{"StreamName":"orders","PartitionKey":"a","Data":{}}"#;
        assert_eq!(raw_refusal(&stage, "PutRecord", body).await.0, "SerializationException");
    });
}

#[test]
fn the_answer_names_the_shard_and_the_number_and_no_encryption() {
    on_both_stages(|stage| async move {
        with_stream(&stage, "orders", 1).await;
        let body = r#"{"StreamName":"orders","PartitionKey":"a","Data":"MQ==","DryRun":false}"#;
        let (status, body) = raw(&stage, "PutRecord", body).await;
        assert_eq!(status, 200);
        assert_eq!(members(&body), ["SequenceNumber", "ShardId"]);
    });
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let body = r#"{"StreamName":"orders"}"#;
        let message = "2 validation errors detected: Value null at 'data' failed to satisfy constraint: Member must not \
                       be null; Value null at 'partitionKey' failed to satisfy constraint: Member must not be null";
        assert_eq!(raw_refusal(&stage, "PutRecord", body).await, refused("ValidationException", message));
        let body = r#"{"StreamName":"orders","PartitionKey":"","Data":"","ExplicitHashKey":"01","SequenceNumberForOrdering":"x"}"#;
        let message = "3 validation errors detected: Value '' at 'partitionKey' failed to satisfy constraint: Member \
                       must have length greater than or equal to 1; Value '01' at 'explicitHashKey' failed to satisfy \
                       constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38}); Value 'x' at \
                       'sequenceNumberForOrdering' failed to satisfy constraint: Member must satisfy regular \
                       expression pattern: 0|([1-9]\\d{0,128})";
        assert_eq!(raw_refusal(&stage, "PutRecord", body).await, refused("ValidationException", message));
        let body = r#"{"StreamName":"orders","PartitionKey":"a","Data":"","StreamId":"x"}"#;
        assert_eq!(raw_refusal(&stage, "PutRecord", body).await.0, "NotImplemented");
    });
}

#[test]
fn a_key_has_up_to_256_characters() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        put(&client, "orders", &"ü".repeat(256), "1").await;
        let long = record(&client, vec![]).partition_key("a".repeat(257)).send().await;
        let message = format!(
            "1 validation error detected: Value '{}' at 'partitionKey' failed to satisfy constraint: Member must have \
             length less than or equal to 256",
            "a".repeat(257)
        );
        assert_eq!(refusal(long), refused("ValidationException", message));
    });
}

#[test]
fn a_record_is_as_large_as_its_stream_allows() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        record(&client, vec![0; (1 << 20) - 1]).send().await.expect("with its key it is 1 MiB");
        let message = "1 validation error detected: Value at 'data' failed to satisfy constraint: Member must have \
                       length less than or equal to 1048576";
        let large = record(&client, vec![0; 1 << 20]).send().await;
        assert_eq!(refusal(large), refused("ValidationException", message));

        let create = client.create_stream().stream_name("large").shard_count(1).max_record_size_in_kib(10_240);
        create.send().await.unwrap();
        stage.advance(std::time::Duration::from_secs(1)).await;
        record(&client, vec![0; 5 << 20]).stream_name("large").send().await.expect("this stream takes 10 MiB");
        let message = "1 validation error detected: Value at 'data' failed to satisfy constraint: Member must have \
                       length less than or equal to 10485760";
        let large = record(&client, vec![0; 10 << 20]).stream_name("large").send().await;
        assert_eq!(refusal(large), refused("ValidationException", message));
    });
}

#[test]
fn a_hash_key_has_128_bits() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let largest = "340282366920938463463374607431768211455";
        record(&client, vec![]).explicit_hash_key(largest).send().await.expect("it is the largest");
        let larger = record(&client, vec![]).explicit_hash_key("340282366920938463463374607431768211456").send().await;
        assert_eq!(refusal(larger).0, "InvalidArgumentException");
    });
}

#[test]
fn the_stream_must_exist() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        assert_eq!(refusal(record(&client, vec![]).send().await), stream_not_found("orders"));
        let nameless = client.put_record().partition_key("a").data(Blob::new("1")).send().await;
        assert_eq!(refusal(nameless).0, "InvalidArgumentException");
    });
}

#[test]
fn a_number_for_ordering_comes_from_the_stream() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let (_, first) = put(&client, "orders", "a", "1").await;
        let second = record(&client, vec![]).sequence_number_for_ordering(&first).send().await.unwrap();
        assert!(second.sequence_number > first);
        for foreign in ["0", "49546986683135544286507457935754639466300920667981217794"] {
            let refused_put = record(&client, vec![]).sequence_number_for_ordering(foreign).send().await;
            let (code, message) = refusal(refused_put);
            assert_eq!(code, "InvalidArgumentException");
            assert!(message.contains(foreign) && message.contains(ACCOUNT), "{message}");
        }
    });
}

// Behaviour

#[test]
fn a_partition_key_always_goes_to_the_shard_of_its_hash() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        // MD5 of "a" is 0x0cc1..., of "b" 0x92eb...: the halves of the space.
        for _ in 0..3 {
            assert_eq!(put(&client, "orders", "a", "1").await.0, "shardId-000000000000");
            assert_eq!(put(&client, "orders", "b", "1").await.0, "shardId-000000000001");
        }
    });
}

#[test]
fn an_explicit_hash_key_overrides_the_partition_key() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        for (key, shard) in [
            ("0", "shardId-000000000000"),
            ("170141183460469231731687303715884105727", "shardId-000000000000"),
            ("170141183460469231731687303715884105728", "shardId-000000000001"),
            ("340282366920938463463374607431768211455", "shardId-000000000001"),
        ] {
            let put = record(&client, vec![]).explicit_hash_key(key).send().await.unwrap();
            assert_eq!(put.shard_id, shard, "{key}");
        }
    });
}

#[test]
fn records_of_a_shard_keep_their_order_and_their_numbers_grow() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let mut numbers = Vec::new();
        for number in 0..20 {
            numbers.push(put(&client, "orders", "a", &number.to_string()).await.1);
        }
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        assert!(numbers.iter().all(|number| number.len() == 56 && number.starts_with("49")), "{numbers:?}");
        let records = read(&client, "orders", SHARD).await;
        let found: Vec<_> = records.iter().map(|record| text(record).to_owned()).collect();
        assert_eq!(found, (0..20).map(|number| number.to_string()).collect::<Vec<_>>());
        let found: Vec<_> = records.into_iter().map(|record| record.sequence_number).collect();
        assert_eq!(found, numbers);
    });
}

#[test]
fn a_stream_is_written_by_arn_too() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let put = client.put_record().stream_arn(arn("orders")).partition_key("a").data(Blob::new(""));
        put.send().await.expect("empty data is allowed");
        let records = read(&client, "orders", SHARD).await;
        assert_eq!((records.len(), text(&records[0]), records[0].partition_key.as_deref()), (1, "", Some("a")));
    });
}
