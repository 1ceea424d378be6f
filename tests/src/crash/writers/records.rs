//! Records of a stream with two shards: each is there once, under its number, in the order of its shard.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{Record, ShardIteratorType};
use aws_types::SdkConfig;

use crate::crash::Death;

const STREAM: &str = "records";

/// By data: shard and sequence number.
#[derive(Default)]
pub struct Answered(Mutex<BTreeMap<String, (String, String)>>);

pub async fn prepare(config: &SdkConfig) {
    let client = Client::new(config);
    client.create_stream().stream_name(STREAM).shard_count(2).send().await.unwrap();
    loop {
        let answer = client.describe_stream_summary().stream_name(STREAM).send().await.unwrap();
        if answer.stream_description_summary().unwrap().stream_status().as_str() == "ACTIVE" {
            return;
        }
    }
}

impl Answered {
    pub async fn write(&self, config: &SdkConfig, round: u64, death: &Death) {
        let client = Client::new(config);
        for count in 0.. {
            let data = format!("{round:06}-{count:06}");
            let put = client.put_record().stream_name(STREAM).partition_key(format!("key-{}", count % 5));
            let Ok(answer) = put.data(Blob::new(data.as_bytes())).send().await else { return };
            let place = (answer.shard_id().to_owned(), answer.sequence_number().to_owned());
            self.0.lock().unwrap().insert(data, place);
            death.answered();
        }
    }

    pub async fn check(&self, config: &SdkConfig) {
        let client = Client::new(config);
        let mut found = BTreeMap::new();
        let mut numbers = BTreeSet::new();
        for shard in ["shardId-000000000000", "shardId-000000000001"] {
            let mut last: BTreeMap<String, String> = BTreeMap::new();
            let mut before: Option<Number> = None;
            for record in read(&client, shard).await {
                let number = number(record.sequence_number());
                assert!(before.is_none_or(|earlier| earlier < number), "{shard} is in order");
                assert!(numbers.insert(number.clone()), "{number:?} is there once");
                before = Some(number);
                let data = String::from_utf8(record.data().as_ref().to_vec()).unwrap();
                let of_key = last.entry(record.partition_key().unwrap().to_owned()).or_default();
                assert!(of_key.as_str() < data.as_str(), "{data} after {of_key}");
                of_key.clone_from(&data);
                let place = (shard.to_owned(), record.sequence_number().to_owned());
                assert_eq!(found.insert(data, place), None, "a record is there once");
            }
        }
        for (data, place) in &*self.0.lock().unwrap() {
            assert_eq!(found.get(data), Some(place), "{data}");
        }
    }
}

/// A sequence number in the order of numbers: they have more digits than an integer takes.
type Number = (usize, String);

fn number(text: &str) -> Number {
    (text.len(), text.to_owned())
}

async fn read(client: &Client, shard: &str) -> Vec<Record> {
    let iterator = client.get_shard_iterator().stream_name(STREAM).shard_id(shard);
    let iterator = iterator.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
    let mut next = iterator.shard_iterator().map(str::to_owned);
    let mut records = Vec::new();
    while let Some(iterator) = next.take() {
        let answer = client.get_records().shard_iterator(iterator).send().await.unwrap();
        if answer.records().is_empty() {
            return records;
        }
        records.extend_from_slice(answer.records());
        next = answer.next_shard_iterator().map(str::to_owned);
    }
    records
}
