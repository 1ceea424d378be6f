//! What Kinesis does to producers and readers on bad days, which here faults make it do.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::operation::get_records::GetRecordsOutput;
use aws_sdk_kinesis::operation::put_records::PutRecordsOutput;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{PutRecordsRequestEntry, ShardIteratorType};
use aws_smithy_types::retry::RetryConfig;
use rehearsal_emulator::on;

use super::{ACCOUNT, SHARD, iterator, put, read, refused, text, with_stream};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

const EXCEEDED: &str = "ProvisionedThroughputExceededException";
/// The shard of "b" where there are two.
const OTHER: &str = "shardId-000000000001";

/// Puts one record for each text.
async fn put_all(client: &Client, texts: &[String]) -> PutRecordsOutput {
    let entry = |text: &String| PutRecordsRequestEntry::builder().partition_key("a").data(Blob::new(text.as_bytes()));
    let entries = texts.iter().map(|text| entry(text).build().expect("it has all it needs")).collect();
    client.put_records().stream_name("orders").set_records(Some(entries)).send().await.expect("the call succeeds")
}

fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

/// The texts of those that failed.
fn failed(texts: &[String], output: &PutRecordsOutput) -> Vec<String> {
    let pairs = texts.iter().zip(&output.records);
    pairs.filter(|(_, record)| record.error_code.is_some()).map(|(text, _)| text.clone()).collect()
}

fn texts(output: &GetRecordsOutput) -> Vec<&str> {
    output.records.iter().map(text).collect()
}

async fn get(client: &Client, iterator: &str) -> GetRecordsOutput {
    client.get_records().shard_iterator(iterator).send().await.expect("the iterator is good")
}

fn next(output: &GetRecordsOutput) -> &str {
    output.next_shard_iterator.as_deref().expect("the shard is open")
}

// Producers

#[test]
fn records_of_a_call_are_throttled_and_can_be_sent_again() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let _busy = stage.emulator.fault(on("kinesis", "PutRecords").resource("orders").unprocessed(3).times(1));
        let all = numbered(8);
        let output = put_all(&client, &all).await;
        assert_eq!(output.failed_record_count, Some(3));
        let again = failed(&all, &output);
        assert_eq!(again.len(), 3);
        for record in output.records.iter().filter(|record| record.error_code.is_some()) {
            assert_eq!(record.error_code.as_deref(), Some(EXCEEDED));
            let message = format!("Rate exceeded for shard {SHARD} in stream orders under account {ACCOUNT}.");
            assert_eq!(record.error_message, Some(message));
            assert_eq!((record.shard_id.as_ref(), record.sequence_number.as_ref()), (None, None));
        }
        assert_eq!(put_all(&client, &again).await.failed_record_count, Some(0));
        let stored = read(&client, "orders", SHARD).await;
        let mut stored: Vec<_> = stored.iter().map(text).collect();
        stored.sort_unstable();
        assert_eq!(stored, all);
    });
}

#[test]
fn which_records_fail_repeats_with_the_seed() {
    let run = || {
        let found = std::sync::Mutex::new(Vec::new());
        in_virtual_time(|stage| {
            let found = &found;
            async move {
                let client = with_stream(&stage, "orders", 1).await;
                let _busy = stage.emulator.fault(on("kinesis", "PutRecords").unprocessed(3));
                for _ in 0..3 {
                    let again = failed(&numbered(20), &put_all(&client, &numbered(20)).await);
                    found.lock().unwrap().push(again);
                }
            }
        });
        found.into_inner().unwrap()
    };
    let first = run();
    assert_ne!(first[0], first[1], "not always the same ones");
    assert_eq!(first, run());
}

#[test]
fn records_of_a_call_fail_inside_the_service_and_all_of_them_may() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let failing = stage.emulator.fault(on("kinesis", "PutRecords").internal_failure(9).times(1));
        let output = put_all(&client, &numbered(2)).await;
        assert_eq!(output.failed_record_count, Some(2));
        for record in &output.records {
            assert_eq!(record.error_code.as_deref(), Some("InternalFailure"));
            assert_eq!(record.error_message.as_deref(), Some("Internal service failure."));
        }
        drop(failing);
        assert_eq!(read(&client, "orders", SHARD).await, []);
        let failure = on("kinesis", "PutRecord").fail(500, "InternalFailureException", "Internal service failure.");
        let _failing = stage.emulator.fault(failure);
        let put = client.put_record().stream_name("orders").partition_key("a").data(Blob::new("1"));
        let error = put.send().await.expect_err("it fails").into_service_error();
        assert!(error.is_internal_failure_exception(), "{error:?}");
    });
}

#[test]
fn a_retry_after_a_lost_response_writes_a_second_record() {
    in_virtual_time(|stage| async move {
        with_stream(&stage, "orders", 1).await;
        let retrying = stage.config.to_builder().retry_config(RetryConfig::standard()).build();
        let client = Client::new(&retrying);
        let _one = stage.emulator.fault(on("kinesis", "PutRecord").lose_response().times(1));
        let _many = stage.emulator.fault(on("kinesis", "PutRecords").lose_response().times(1));
        let (_, second) = put(&client, "orders", "a", "paid").await;
        put_all(&client, &numbered(2)).await;
        let records = read(&client, "orders", SHARD).await;
        assert_eq!(records.iter().map(text).collect::<Vec<_>>(), ["paid", "paid", "0", "1", "0", "1"]);
        assert_ne!(records[0].sequence_number, second);
        assert_eq!(records[1].sequence_number, second);
    });
}

#[test]
fn throttled_operations_answer_what_they_do_on_aws() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        let latest = iterator(&client, "orders", SHARD, ShardIteratorType::Latest).await;
        let busy = stage.emulator.fault(on("kinesis", "*").throttle());
        let message = format!("Rate exceeded for shard {OTHER} in stream orders under account {ACCOUNT}.");
        let too_much_written = refused(EXCEEDED, message);
        let put = client.put_record().stream_name("orders").partition_key("b").data(Blob::new("1"));
        assert_eq!(refusal(put.send().await), too_much_written);
        let entry = PutRecordsRequestEntry::builder().partition_key("b").data(Blob::new("1")).build().unwrap();
        let put = client.put_records().stream_name("orders").records(entry);
        assert_eq!(refusal(put.send().await), too_much_written);
        let too_much_read = refused(EXCEEDED, format!("Rate exceeded for Shard - {ACCOUNT}/orders/{SHARD}"));
        assert_eq!(refusal(client.get_records().shard_iterator(latest).send().await), too_much_read);
        let get = client.get_shard_iterator().stream_name("orders").shard_id(SHARD);
        let get = get.shard_iterator_type(ShardIteratorType::Latest);
        assert_eq!(refusal(get.send().await), too_much_read);
        let of_stream = format!("Rate exceeded for stream orders under account {ACCOUNT}.");
        let listed = client.list_shards().stream_arn(super::arn("orders")).send().await;
        assert_eq!(refusal(listed), refused("LimitExceededException", of_stream));
        let of_account = format!("Rate exceeded for account {ACCOUNT}.");
        assert_eq!(refusal(client.list_streams().send().await), refused("LimitExceededException", of_account));
        drop(busy);
        assert_eq!(read(&client, "orders", OTHER).await, [], "nothing was written");
    });
}

// Readers

#[test]
fn records_are_seen_late_and_none_is_skipped() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let start = iterator(&client, "orders", SHARD, ShardIteratorType::TrimHorizon).await;
        let _late = stage.emulator.fault(on("kinesis", "GetRecords").stale(Duration::from_secs(60)));
        put(&client, "orders", "a", "1").await;
        let unseen = get(&client, &start).await;
        assert_eq!(texts(&unseen).len(), 0);
        assert!(unseen.millis_behind_latest >= Some(1), "{unseen:?}");
        stage.advance(Duration::from_secs(30)).await;
        put(&client, "orders", "a", "2").await;
        let unseen = get(&client, next(&unseen)).await;
        assert_eq!(texts(&unseen).len(), 0);
        assert!(unseen.millis_behind_latest >= Some(30_000), "{unseen:?}");
        stage.advance(Duration::from_secs(40)).await;
        let first = get(&client, next(&unseen)).await;
        assert_eq!(texts(&first), ["1"]);
        assert!(first.millis_behind_latest >= Some(40_000), "{first:?}");
        stage.advance(Duration::from_secs(30)).await;
        let second = get(&client, next(&first)).await;
        assert_eq!((texts(&second), second.millis_behind_latest), (vec!["2"], Some(0)));
    });
}

#[test]
fn records_are_given_again_with_their_numbers_and_the_reader_goes_on() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for data in ["1", "2", "3"] {
            put(&client, "orders", "a", data).await;
        }
        let start = iterator(&client, "orders", SHARD, ShardIteratorType::TrimHorizon).await;
        let first = get(&client, &start).await;
        put(&client, "orders", "a", "4").await;
        let again = stage.emulator.fault(on("kinesis", "GetRecords").duplicate(2).times(1));
        let second = get(&client, next(&first)).await;
        assert_eq!(texts(&second), ["2", "3", "4"]);
        assert_eq!(second.records[..2], first.records[1..]);
        assert_eq!(again.acted(), 1);
        assert_eq!(texts(&get(&client, next(&second)).await).len(), 0);
        drop(again);
        let _again = stage.emulator.fault(on("kinesis", "GetRecords").duplicate(100));
        assert_eq!(texts(&get(&client, next(&second)).await), ["1", "2", "3", "4"], "as many as there are");
    });
}

#[test]
fn what_has_left_the_stream_is_not_given_again() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        put(&client, "orders", "a", "old").await;
        stage.advance(Duration::from_hours(24)).await;
        put(&client, "orders", "a", "young").await;
        let latest = iterator(&client, "orders", SHARD, ShardIteratorType::Latest).await;
        let _again = stage.emulator.fault(on("kinesis", "GetRecords").duplicate(5));
        assert_eq!(texts(&get(&client, &latest).await), ["young"]);
    });
}

async fn expired_iterator(stage: &Stage, client: &Client) -> (String, String) {
    let latest = iterator(client, "orders", SHARD, ShardIteratorType::Latest).await;
    let _expired = stage.emulator.fault(on("kinesis", "GetRecords").expired());
    refusal(client.get_records().shard_iterator(latest).send().await)
}

#[test]
fn an_iterator_expires_on_demand_in_the_words_of_aws() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let message = "Iterator expired. The iterator was created at time Wed Dec 31 23:55:00 UTC 2025 while right now \
                       it is Thu Jan 01 00:00:01 UTC 2026 which is further in the future than the tolerated delay of \
                       300000 milliseconds.";
        assert_eq!(expired_iterator(&stage, &client).await, refused("ExpiredIteratorException", message));
        let latest = iterator(&client, "orders", SHARD, ShardIteratorType::Latest).await;
        get(&client, &latest).await;
    });
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        assert_eq!(expired_iterator(&stage, &client).await.0, "ExpiredIteratorException");
        let page = client.list_shards().stream_name("orders").max_results(1).send().await.unwrap();
        let _expired = stage.emulator.fault(on("kinesis", "ListShards").expired());
        let rest = client.list_shards().set_next_token(page.next_token).send().await;
        assert_eq!(refusal(rest).0, "ExpiredNextTokenException");
    });
}
