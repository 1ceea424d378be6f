//! `DryRun`: a request is checked, and nothing else happens.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{PutRecordsRequestEntry, ShardIteratorType};
use rehearsal_emulator::service::kinesis::settings::Limits;

use super::{SHARD, client, iterator, put, read, refused, stream_not_found, with_stream};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

fn succeeded(operation: &str) -> (String, String) {
    let message = format!(
        "DryRunOperation validation succeeded while calling {operation} operation.: Request would have succeeded, but \
         DryRun flag is set."
    );
    refused("DryRunOperationException", message)
}

/// Code and message of a dry run of each operation that has one.
async fn dry_runs(client: &Client, iterator: &str) -> [(String, String); 4] {
    let put = client.put_record().stream_name("orders").partition_key("a").data(Blob::new("1"));
    let entry = PutRecordsRequestEntry::builder().partition_key("a").data(Blob::new("1")).build().unwrap();
    let put_many = client.put_records().stream_name("orders").records(entry);
    let get = client.get_records().shard_iterator(iterator);
    let get_iterator = client.get_shard_iterator().stream_name("orders").shard_id(SHARD);
    let get_iterator = get_iterator.shard_iterator_type(ShardIteratorType::Latest);
    [
        refusal(put.dry_run(true).send().await),
        refusal(put_many.dry_run(true).send().await),
        refusal(get.dry_run(true).send().await),
        refusal(get_iterator.dry_run(true).send().await),
    ]
}

#[test]
fn a_dry_run_that_would_have_succeeded_says_so_and_changes_nothing() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        put(&client, "orders", "a", "1").await;
        let start = iterator(&client, "orders", SHARD, ShardIteratorType::TrimHorizon).await;
        let expected = ["PutRecord", "PutRecords", "GetRecords", "GetShardIterator"].map(succeeded);
        assert_eq!(dry_runs(&client, &start).await, expected);
        assert_eq!(read(&client, "orders", SHARD).await.len(), 1);
        let timeline = stage.emulator.timeline().to_string();
        assert_eq!(timeline.matches("< #3").count(), 1, "only the real read read:\n{timeline}");
        let put = client.put_record().stream_name("orders").partition_key("a").data(Blob::new("2"));
        put.dry_run(false).send().await.expect("`false` is no dry run");
    });
}

#[test]
fn a_dry_run_that_would_have_failed_fails_as_the_operation_does() {
    on_both_stages(|stage| async move {
        let missing = client(&stage).put_record().stream_name("none").partition_key("a").data(Blob::new("1"));
        assert_eq!(refusal(missing.dry_run(true).send().await), stream_not_found("none"));
        let client = with_stream(&stage, "orders", 1).await;
        let large = client.put_record().stream_name("orders").partition_key("a").data(Blob::new(vec![0; 1 << 20]));
        assert_eq!(refusal(large.dry_run(true).send().await).0, "ValidationException");
        let bad_shard = client.get_shard_iterator().stream_name("orders").shard_id("shardId-000000000001");
        let bad_shard = bad_shard.shard_iterator_type(ShardIteratorType::Latest).dry_run(true).send().await;
        assert_eq!(refusal(bad_shard).0, "ResourceNotFoundException");
        let old = iterator(&client, "orders", SHARD, ShardIteratorType::Latest).await;
        stage.advance(Duration::from_secs(301)).await;
        let expired = client.get_records().shard_iterator(old).dry_run(true).send().await;
        assert_eq!(refusal(expired).0, "ExpiredIteratorException");
    });
}

#[test]
fn one_dry_run_a_second_and_stream_where_limits_are_enforced() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let start = iterator(&client, "orders", SHARD, ShardIteratorType::TrimHorizon).await;
        stage.emulator.handles().kinesis_limits.set(Limits::Enforced);
        let codes = dry_runs(&client, &start).await.map(|(code, _)| code);
        let throttled = "ThrottlingException";
        assert_eq!(codes, ["DryRunOperationException", throttled, throttled, throttled]);
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(dry_runs(&client, &start).await[0], succeeded("PutRecord"));
    });
}
