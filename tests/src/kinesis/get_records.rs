//! GetRecords.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::operation::get_records::GetRecordsOutput;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{PutRecordsRequestEntry, ShardIteratorType};
use rehearsal_emulator::kernel::timeline::Link;

use super::{SHARD, arn, members, put, raw, raw_refusal, read, refused, text, with_stream};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

async fn get(client: &Client, iterator: &str) -> GetRecordsOutput {
    client.get_records().shard_iterator(iterator).send().await.expect("the iterator is good")
}

async fn trim_horizon(client: &Client) -> String {
    super::iterator(client, "orders", SHARD, ShardIteratorType::TrimHorizon).await
}

fn texts(output: &GetRecordsOutput) -> Vec<&str> {
    output.records.iter().map(text).collect()
}

// Serialisation

#[test]
fn records_have_what_aws_sends() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        put(&client, "orders", "a", "1").await;
        let iterator = trim_horizon(&client).await;
        assert!(iterator.len() <= 512, "{iterator}");
        let (_, body) = raw(&stage, "GetRecords", &format!(r#"{{"ShardIterator":"{iterator}"}}"#)).await;
        assert_eq!(members(&body), ["MillisBehindLatest", "NextShardIterator", "Records"]);
        let record = &body["Records"][0];
        assert_eq!(members(record), ["ApproximateArrivalTimestamp", "Data", "PartitionKey", "SequenceNumber"]);
        assert_eq!(record["Data"], "MQ==");
    });
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "2 validation errors detected: Value null at 'shardIterator' failed to satisfy constraint: Member \
                       must not be null; Value '10001' at 'limit' failed to satisfy constraint: Member must have value \
                       less than or equal to 10000";
        let found = raw_refusal(&stage, "GetRecords", r#"{"Limit":10001}"#).await;
        assert_eq!(found, refused("ValidationException", message));
    });
}

#[test]
fn an_iterator_must_be_one_that_was_given_out() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let real = trim_horizon(&client).await;
        for forged in ["x", "AAAA", &real[..real.len() - 4], &real.to_lowercase()] {
            let refused_get = client.get_records().shard_iterator(forged).send().await;
            assert_eq!(refusal(refused_get), refused("InvalidArgumentException", "Invalid ShardIterator."));
        }
        let other = client.get_records().shard_iterator(&real).stream_arn(arn("others")).send().await;
        assert_eq!(refusal(other).0, "InvalidArgumentException");
        let same = client.get_records().shard_iterator(&real).stream_arn(arn("orders")).send().await;
        same.expect("the ARN is the iterator's");
    });
}

#[test]
fn an_iterator_expires_after_five_minutes_of_the_clock() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let iterator = trim_horizon(&client).await;
        stage.advance(Duration::from_secs(299)).await;
        let fresh = get(&client, &iterator).await.next_shard_iterator.expect("the shard is open");
        stage.advance(Duration::from_secs(2)).await;
        let (code, message) = refusal(client.get_records().shard_iterator(&iterator).send().await);
        assert_eq!(code, "ExpiredIteratorException");
        assert!(message.starts_with("Iterator expired. The iterator was created at time "), "{message}");
        let end = " which is further in the future than the tolerated delay of 300000 milliseconds.";
        assert!(message.ends_with(end), "{message}");
        get(&client, &fresh).await;
    });
}

#[test]
fn an_iterator_is_good_for_five_minutes_to_the_millisecond() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let iterator = trim_horizon(&client).await;
        stage.advance(Duration::from_mins(5)).await;
        get(&client, &iterator).await;
        stage.advance(Duration::from_millis(1)).await;
        let late = client.get_records().shard_iterator(&iterator).send().await;
        assert_eq!(refusal(late).0, "ExpiredIteratorException");
    });
}

#[test]
fn the_text_of_an_expired_iterator_is_the_one_of_aws() {
    let virtual_time = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    virtual_time.expect("a runtime starts").block_on(async {
        let stage = Stage::in_process().await;
        let client = with_stream(&stage, "orders", 1).await;
        let iterator = trim_horizon(&client).await;
        stage.advance(Duration::from_secs(301)).await;
        let message = "Iterator expired. The iterator was created at time Thu Jan 01 00:00:01 UTC 2026 while right now \
                       it is Thu Jan 01 00:05:02 UTC 2026 which is further in the future than the tolerated delay of \
                       300000 milliseconds.";
        let late = client.get_records().shard_iterator(iterator).send().await;
        assert_eq!(refusal(late), refused("ExpiredIteratorException", message));
    });
}

// Behaviour

#[test]
fn records_are_read_once_and_in_order_along_the_iterators() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for data in ["1", "2", "3"] {
            put(&client, "orders", "a", data).await;
        }
        stage.advance(Duration::from_secs(7)).await;
        let iterator = trim_horizon(&client).await;
        let first = client.get_records().shard_iterator(iterator).limit(2).send().await.unwrap();
        assert_eq!(texts(&first), ["1", "2"]);
        assert!(first.millis_behind_latest >= Some(7000), "{first:?}");
        let second = get(&client, &first.next_shard_iterator.expect("the shard is open")).await;
        assert_eq!((texts(&second), second.millis_behind_latest), (vec!["3"], Some(0)));
        let third = get(&client, second.next_shard_iterator.as_deref().expect("the shard is open")).await;
        assert_eq!((texts(&third).len(), third.millis_behind_latest), (0, Some(0)));
        put(&client, "orders", "a", "4").await;
        let fourth = get(&client, &third.next_shard_iterator.expect("the shard is open")).await;
        assert_eq!(texts(&fourth), ["4"]);
        assert_eq!(fourth.records[0].partition_key.as_deref(), Some("a"));
    });
}

#[test]
fn a_reader_is_behind_by_the_age_of_what_it_read_last() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for data in ["1", "2", "3"] {
            put(&client, "orders", "a", data).await;
            stage.advance(Duration::from_secs(10)).await;
        }
        let mut iterator = trim_horizon(&client).await;
        for behind in [30_000, 20_000, 0] {
            let read = client.get_records().shard_iterator(iterator).limit(1).send().await.unwrap();
            assert_eq!(read.millis_behind_latest, Some(behind));
            iterator = read.next_shard_iterator.expect("the shard is open");
        }
    });
}

#[test]
fn a_read_gives_up_to_10_000_records() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let entry = PutRecordsRequestEntry::builder().partition_key("a").data(Blob::new("")).build().unwrap();
        for count in [vec![500; 20], vec![1]].concat() {
            let put = client.put_records().stream_name("orders").set_records(Some(vec![entry.clone(); count]));
            put.send().await.unwrap();
        }
        let first = get(&client, &trim_horizon(&client).await).await;
        assert_eq!((first.records.len(), first.millis_behind_latest), (10_000, Some(1)));
        let second = get(&client, &first.next_shard_iterator.expect("the shard is open")).await;
        assert_eq!((second.records.len(), second.millis_behind_latest), (1, Some(0)));
    });
}

#[test]
fn a_read_stops_at_10_mib() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for _ in 0..11 {
            let put = client.put_record().stream_name("orders").partition_key("a");
            put.data(Blob::new(vec![0; (1 << 20) - 1])).send().await.unwrap();
        }
        let first = get(&client, &trim_horizon(&client).await).await;
        assert_eq!(first.records.len(), 10);
        assert!(first.millis_behind_latest > Some(0));
        let second = get(&client, &first.next_shard_iterator.expect("the shard is open")).await;
        assert_eq!((second.records.len(), second.millis_behind_latest), (1, Some(0)));
    });
}

#[test]
fn records_pass_out_of_retention_on_the_clock() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let (_, first) = put(&client, "orders", "a", "old").await;
        stage.advance(Duration::from_hours(12)).await;
        put(&client, "orders", "a", "young").await;
        stage.advance(Duration::from_hours(12) - Duration::from_secs(30)).await;
        let records = read(&client, "orders", SHARD).await;
        assert_eq!(records.iter().map(text).collect::<Vec<_>>(), ["old", "young"]);
        stage.advance(Duration::from_secs(30)).await;
        let records = read(&client, "orders", SHARD).await;
        assert_eq!(records.iter().map(text).collect::<Vec<_>>(), ["young"]);
        stage.advance(Duration::from_mins(2)).await;
        let at = client.get_shard_iterator().stream_name("orders").shard_id(SHARD).starting_sequence_number(first);
        let at = at.shard_iterator_type(ShardIteratorType::AtSequenceNumber).send().await.unwrap();
        let trimmed = get(&client, &at.shard_iterator.expect("there is always one")).await;
        assert_eq!(texts(&trimmed), ["young"]);
        let timeline = stage.emulator.timeline().to_string();
        let expired: Vec<_> = timeline.lines().filter(|line| line.contains("RecordsExpired")).collect();
        assert_eq!(expired.len(), 1, "{timeline}");
        assert!(expired[0].ends_with("RecordsExpired     orders  1 record  < #3"), "{timeline}");
        stage.advance(Duration::from_hours(24)).await;
        assert_eq!(read(&client, "orders", SHARD).await, []);
    });
}

#[test]
fn a_read_knows_the_write_it_came_from_and_an_empty_one_is_quiet() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let iterator = trim_horizon(&client).await;
        get(&client, &iterator).await;
        put(&client, "orders", "a", "1").await;
        get(&client, &iterator).await;
        client.list_streams().send().await.unwrap();
        let events = stage.emulator.timeline().events();
        let of = |action: &str| events.iter().filter(|event| event.action == action).collect::<Vec<_>>();
        let (reads, write, next) = (of("GetRecords"), of("PutRecord")[0], of("ListStreams")[0]);
        assert!(reads[0].quiet && !reads[1].quiet);
        assert_eq!(write.detail, SHARD);
        assert_eq!(reads[1].detail, "1 record");
        assert_eq!(reads[1].resource, "orders");
        let cause = reads[1].cause.expect("it read a record");
        assert_eq!((cause.event, cause.link), (write.id, Link::Read));
        let cause = next.cause.expect("its caller was handed work");
        assert_eq!((cause.event, cause.link), (reads[1].id, Link::Handed));
    });
}
