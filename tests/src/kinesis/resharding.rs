//! What producers and consumers see of a reshard.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::primitives::DateTime;
use aws_sdk_kinesis::types::{ScalingType, ShardFilter, ShardFilterType, ShardIteratorType};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{SHARD, iterator, list, members, put, raw, read, text, with_stream};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

async fn split(stage: &Stage, client: &Client, shard: &str, at: &str) {
    client.split_shard().stream_name("orders").shard_to_split(shard).new_starting_hash_key(at).send().await.unwrap();
    stage.advance(Duration::from_secs(1)).await;
}

async fn filtered(client: &Client, kind: ShardFilterType, moment: Option<DateTime>) -> Vec<u32> {
    let filter = ShardFilter::builder().r#type(kind).set_timestamp(moment).build().expect("it has a type");
    let listed = client.list_shards().stream_name("orders").shard_filter(filter).send().await.unwrap();
    listed.shards().iter().map(|shard| number(&shard.shard_id)).collect()
}

fn number(shard: &str) -> u32 {
    shard.trim_start_matches("shardId-").parse().expect("it is a shard's id")
}

/// Seconds of the emulator's clock.
fn now(stage: &Stage) -> DateTime {
    DateTime::from_millis(stage.emulator.clock().now().as_millis())
}

#[test]
fn the_last_read_of_a_closed_shard_names_its_children() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        put(&client, "orders", "a", "1").await;
        put(&client, "orders", "a", "2").await;
        let latest = iterator(&client, "orders", SHARD, ShardIteratorType::Latest).await;
        let start = iterator(&client, "orders", SHARD, ShardIteratorType::TrimHorizon).await;
        split(&stage, &client, SHARD, "100").await;
        let first = client.get_records().shard_iterator(start).limit(1).send().await.unwrap();
        assert_eq!((first.records.len(), &first.child_shards), (1, &None));
        let next = first.next_shard_iterator.expect("there is more");
        for (iterator, count) in [(next, 1), (latest, 0)] {
            let (_, answer) = raw(&stage, "GetRecords", &format!(r#"{{"ShardIterator":"{iterator}"}}"#)).await;
            assert_eq!(members(&answer), ["ChildShards", "MillisBehindLatest", "Records"]);
            assert_eq!(answer["Records"].as_array().map(Vec::len), Some(count));
            let child = |id: &str, start: &str, end: &str| {
                serde_json::json!({
                    "ShardId": id,
                    "ParentShards": [SHARD],
                    "HashKeyRange": {"StartingHashKey": start, "EndingHashKey": end}
                })
            };
            let children = [
                child("shardId-000000000001", "0", "99"),
                child("shardId-000000000002", "100", "340282366920938463463374607431768211455"),
            ];
            assert_eq!(answer["ChildShards"], serde_json::Value::from(children.to_vec()));
        }
    });
}

#[test]
fn filters_agree_with_closing_and_retention() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let before = now(&stage);
        stage.advance(Duration::from_hours(1)).await;
        split(&stage, &client, SHARD, "100").await;
        let between = now(&stage);
        stage.advance(Duration::from_hours(1)).await;
        split(&stage, &client, "shardId-000000000002", "200").await;
        let after = now(&stage);
        for (kind, moment, expected) in [
            (ShardFilterType::AtLatest, None, vec![1, 3, 4]),
            (ShardFilterType::AtTrimHorizon, None, vec![0]),
            (ShardFilterType::FromTrimHorizon, None, vec![0, 1, 2, 3, 4]),
            (ShardFilterType::AtTimestamp, Some(before), vec![0]),
            (ShardFilterType::AtTimestamp, Some(between), vec![1, 2]),
            (ShardFilterType::AtTimestamp, Some(after), vec![1, 3, 4]),
            (ShardFilterType::FromTimestamp, Some(before), vec![0, 1, 2, 3, 4]),
            (ShardFilterType::FromTimestamp, Some(between), vec![1, 2, 3, 4]),
            (ShardFilterType::FromTimestamp, Some(after), vec![1, 3, 4]),
        ] {
            assert_eq!(filtered(&client, kind.clone(), moment).await, expected, "{kind:?} {moment:?}");
        }
        stage.advance(Duration::from_hours(23)).await;
        assert_eq!(filtered(&client, ShardFilterType::AtTrimHorizon, None).await, [1, 2]);
        assert_eq!(filtered(&client, ShardFilterType::FromTrimHorizon, None).await, [1, 2, 3, 4]);
        stage.advance(Duration::from_hours(1)).await;
        assert_eq!(filtered(&client, ShardFilterType::AtTrimHorizon, None).await, [1, 3, 4]);
    });
}

#[test]
fn a_closed_shard_is_gone_when_retention_has_passed() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        put(&client, "orders", "a", "1").await;
        split(&stage, &client, SHARD, "100").await;
        stage.advance(Duration::from_hours(24) - Duration::from_millis(950)).await;
        assert_eq!(read(&client, "orders", SHARD).await.len(), 0, "the record is older than the shard's end");
        let late = iterator(&client, "orders", SHARD, ShardIteratorType::TrimHorizon).await;
        stage.advance(Duration::from_millis(100)).await;
        let get = client.get_records().shard_iterator(late).send().await;
        assert_eq!(refusal(get).0, "ResourceNotFoundException");
        let again = client.get_shard_iterator().stream_name("orders").shard_id(SHARD);
        let again = again.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await;
        assert_eq!(refusal(again).0, "ResourceNotFoundException");
        let described = client.describe_stream().stream_name("orders").send().await.unwrap();
        assert_eq!(described.stream_description.expect("it is required").shards.len(), 2);
        assert_eq!(list(&client, "orders").await.len(), 2);
        split(&stage, &client, "shardId-000000000002", "200").await;
        let newest = list(&client, "orders").await.pop().expect("there are shards");
        assert_eq!(newest.shard_id, "shardId-000000000004", "ids are not given again");
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("ShardExpired"), "{timeline}");
    });
}

#[test]
fn descriptions_page_through_many_shards() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 80).await;
        let update = client.update_shard_count().stream_name("orders").target_shard_count(160);
        update.scaling_type(ScalingType::UniformScaling).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let mut found = Vec::new();
        loop {
            let describe = client.describe_stream().stream_name("orders").limit(99);
            let last = found.last().cloned();
            let page = describe.set_exclusive_start_shard_id(last).send().await.unwrap();
            let page = page.stream_description.expect("it is required");
            found.extend(page.shards.into_iter().map(|shard| shard.shard_id));
            if !page.has_more_shards {
                break;
            }
        }
        let expected: Vec<_> = (0..240).map(|number| format!("shardId-{number:012}")).collect();
        assert_eq!(found, expected);
    });
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8),
    /// The open shard of that rank, at that part of its range.
    Split(u8, u8),
    Merge(u8),
    /// To that many eighths of what there is.
    Scale(u8),
    Read(u8),
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..12_u8).prop_map(Step::Put),
        1 => (any::<u8>(), 1..255_u8).prop_map(|(shard, part)| Step::Split(shard, part)),
        1 => any::<u8>().prop_map(Step::Merge),
        1 => (4..=16_u8).prop_map(Step::Scale),
        4 => any::<u8>().prop_map(Step::Read),
        2 => (0..1500_u16).prop_map(Step::Wait),
    ]
}

/// A consumer of all shards, which begins with a child when it has read its parents to their ends.
#[derive(Default)]
struct Consumer {
    iterators: BTreeMap<String, String>,
    finished: BTreeSet<String>,
    last_numbers: BTreeMap<String, String>,
    parents: BTreeMap<String, Vec<String>>,
    /// Keys and data in the order in which they were read.
    seen: Vec<(String, String)>,
}

impl Consumer {
    async fn begin(&mut self, client: &Client, shard: String) {
        let at = iterator(client, "orders", &shard, ShardIteratorType::TrimHorizon).await;
        self.iterators.insert(shard, at);
    }

    /// Reads a little of the shard of that rank; answers whether there may be more.
    async fn read(&mut self, client: &Client, rank: usize) -> bool {
        let shard = self.iterators.keys().nth(rank % self.iterators.len()).expect("some shard is open").clone();
        let at = self.iterators.remove(&shard).expect("it was found");
        let output = client.get_records().shard_iterator(at).limit(3).send().await.expect("the shard is there");
        for record in &output.records {
            for before in self.parents.get(&shard).into_iter().flatten().chain([&shard]) {
                let last = self.last_numbers.get(before);
                assert!(last.is_none_or(|last| *last < record.sequence_number), "{before} and {shard}");
            }
            self.last_numbers.insert(shard.clone(), record.sequence_number.clone());
            self.seen.push((record.partition_key.clone().unwrap_or_default(), text(record).to_owned()));
        }
        if let Some(next) = output.next_shard_iterator {
            self.iterators.insert(shard, next);
            return !output.records.is_empty() || output.millis_behind_latest != Some(0);
        }
        self.finished.insert(shard);
        for child in output.child_shards.expect("a closed shard has children") {
            if child.parent_shards().iter().all(|parent| self.finished.contains(parent)) {
                self.parents.insert(child.shard_id.clone(), child.parent_shards);
                self.begin(client, child.shard_id).await;
            }
        }
        true
    }
}

async fn reshard(client: &Client, step: &Step) {
    let filter = ShardFilter::builder().r#type(ShardFilterType::AtLatest).build().expect("it has a type");
    let mut open =
        client.list_shards().stream_name("orders").shard_filter(filter).send().await.unwrap().shards.unwrap();
    let range = |shard: &aws_sdk_kinesis::types::Shard| {
        let range = shard.hash_key_range.clone().expect("it is required");
        let number = |text: &str| text.parse::<u128>().expect("it is a hash key");
        (number(&range.starting_hash_key), number(&range.ending_hash_key))
    };
    open.sort_by_key(range);
    // What AWS would refuse is refused here too: the stream may be UPDATING.
    match step {
        Step::Split(rank, part) => {
            let shard = &open[usize::from(*rank) % open.len()];
            let (start, end) = range(shard);
            let at = start + (end - start) / 256 * u128::from(*part);
            let split = client.split_shard().stream_name("orders").shard_to_split(&shard.shard_id);
            let _ = split.new_starting_hash_key(at.to_string()).send().await;
        }
        Step::Merge(rank) if open.len() > 1 => {
            let lower = usize::from(*rank) % (open.len() - 1);
            let merge = client.merge_shards().stream_name("orders").shard_to_merge(&open[lower].shard_id);
            let _ = merge.adjacent_shard_to_merge(&open[lower + 1].shard_id).send().await;
        }
        Step::Scale(eighths) => {
            let count = (open.len() * usize::from(*eighths) / 8).clamp(1, 12);
            let update = client.update_shard_count().stream_name("orders").scaling_type(ScalingType::UniformScaling);
            let _ = update.target_shard_count(i32::try_from(count).expect("it is small")).send().await;
        }
        _ => {}
    }
}

async fn play(steps: &[Step]) {
    let stage = Stage::in_process().await;
    let client = with_stream(&stage, "orders", 2).await;
    let mut consumer = Consumer::default();
    for shard in ["shardId-000000000000", "shardId-000000000001"] {
        consumer.begin(&client, shard.to_owned()).await;
    }
    let mut written: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        match step {
            Step::Put(key) => {
                let (key, data) = (format!("key-{key}"), index.to_string());
                put(&client, "orders", &key, &data).await;
                written.entry(key).or_default().push(data);
            }
            Step::Read(rank) => {
                consumer.read(&client, usize::from(*rank)).await;
            }
            Step::Wait(millis) => stage.advance(Duration::from_millis((*millis).into())).await,
            reshards => reshard(&client, reshards).await,
        }
    }
    stage.advance(Duration::from_secs(1)).await;
    let (mut rank, mut idle) = (0, 0);
    while idle < consumer.iterators.len() {
        idle = if consumer.read(&client, rank).await { 0 } else { idle + 1 };
        rank += 1;
    }
    let mut read: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, data) in consumer.seen {
        read.entry(key).or_default().push(data);
    }
    assert_eq!(read, written);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_record_is_lost_and_each_key_keeps_its_order(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.expect("a runtime starts").block_on(play(&steps));
    }
}
