//! PutRecords.

use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::PutRecordsRequestEntry;

use super::{SHARD, arn, client, raw_refusal, read, refused, stream_not_found, text, with_stream};
use crate::stage::{on_both_stages, refusal};

fn entry(key: &str, data: impl Into<Vec<u8>>) -> PutRecordsRequestEntry {
    let entry = PutRecordsRequestEntry::builder().partition_key(key).data(Blob::new(data));
    entry.build().expect("it has all it needs")
}

// Validation

#[test]
fn one_to_five_hundred_records_come_at_once() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let put = |count| client.put_records().stream_name("orders").set_records(Some(vec![entry("a", "1"); count]));
        assert_eq!(put(500).send().await.unwrap().records.len(), 500);
        let message = "1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have \
                       length less than or equal to 500";
        assert_eq!(refusal(put(501).send().await), refused("ValidationException", message));
        let message = "1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must \
                       have length greater than or equal to 1";
        assert_eq!(refusal(put(0).send().await), refused("ValidationException", message));
        let message = "1 validation error detected: Value null at 'records' failed to satisfy constraint: Member must \
                       not be null";
        let found = raw_refusal(&stage, "PutRecords", r#"{"StreamName":"orders"}"#).await;
        assert_eq!(found, refused("ValidationException", message));
    });
}

#[test]
fn the_first_bad_record_refuses_all() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let large = client.put_records().stream_name("orders").records(entry("a", "1"));
        let large = large.records(entry("b", vec![0; 1 << 20])).send().await;
        let message = "1 validation error detected: Value at 'records.2.member.data' failed to satisfy constraint: \
                       Member must have length less than or equal to 1048576";
        assert_eq!(refusal(large), refused("ValidationException", message));
        let body = r#"{"StreamName":"orders","Records":[{"PartitionKey":"a","Data":"MQ=="},{"Data":"MQ=="}]}"#;
        let message = "1 validation error detected: Value null at 'records.2.member.partitionKey' failed to satisfy \
                       constraint: Member must not be null";
        assert_eq!(raw_refusal(&stage, "PutRecords", body).await, refused("ValidationException", message));
        let hash_key = "340282366920938463463374607431768211456";
        let body = format!(
            r#"{{"StreamName":"orders","Records":[{{"PartitionKey":"a","Data":""}},{{"PartitionKey":"a","Data":"","ExplicitHashKey":"{hash_key}"}}]}}"#
        );
        assert_eq!(raw_refusal(&stage, "PutRecords", &body).await.0, "InvalidArgumentException");
        assert_eq!(read(&client, "orders", SHARD).await, []);
    });
}

#[test]
fn a_request_has_up_to_10_mib() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let full = vec![entry("a", vec![0; (1 << 20) - 1]); 10];
        let put = |records| client.put_records().stream_name("orders").set_records(Some(records)).send();
        assert_eq!(put(full.clone()).await.unwrap().failed_record_count, Some(0));
        let more = [full, vec![entry("a", "")]].concat();
        assert_eq!(refusal(put(more).await), refused("InvalidArgumentException", "Records size exceeds 10 MB limit"));
    });
}

#[test]
fn the_stream_must_exist() {
    on_both_stages(|stage| async move {
        let put = client(&stage).put_records().stream_name("orders").records(entry("a", "1")).send().await;
        assert_eq!(refusal(put), stream_not_found("orders"));
    });
}

// Behaviour

#[test]
fn results_stand_in_the_order_of_the_records() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        let put = client.put_records().stream_arn(arn("orders"));
        let put = put.records(entry("a", "1")).records(entry("b", "2")).records(entry("a", "3"));
        let written = put.send().await.unwrap();
        assert_eq!(written.failed_record_count, Some(0));
        let shards: Vec<_> = written.records.iter().filter_map(|result| result.shard_id.as_deref()).collect();
        assert_eq!(shards, [SHARD, "shardId-000000000001", SHARD]);
        let first = read(&client, "orders", SHARD).await;
        assert_eq!(first.iter().map(text).collect::<Vec<_>>(), ["1", "3"]);
        for (record, result) in first.iter().zip([&written.records[0], &written.records[2]]) {
            assert_eq!(Some(record.sequence_number.as_str()), result.sequence_number.as_deref());
            assert_eq!((result.error_code.as_ref(), result.error_message.as_ref()), (None, None));
        }
    });
}
