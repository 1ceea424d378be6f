//! What is measured of Kinesis: operations on streams of one shard, whose records have 1 KB of data.

use bytes::Bytes;
use rehearsal_emulator::wire::Blob;

use super::case::{Case, Data};
use super::request::Call;

/// The data of a record.
pub const DATA_BYTES: usize = 1_024;
/// What a record counts by Kinesis's own rules: its data and its key.
pub const RECORD_BYTES: usize = DATA_BYTES + "key-00000000".len();
/// The records of one PutRecords.
pub const BATCH: u32 = 100;
/// The records of one GetRecords: 1 MB of data.
const PAGE: u32 = 1_000;
/// The records of a page where it is not their bytes that are to be measured.
const SHORT_PAGE: u32 = 10;

/// What differs from answer to answer.
const NUMBERS: &[&str] = &[r#""SequenceNumber":""#];
const POSITION: &[&str] = &[r#""NextShardIterator":""#, r#""MillisBehindLatest":"#];

pub fn put_record() -> Case {
    Case {
        name: "PutRecord",
        about: "1 KB",
        call: Call::kinesis("Kinesis_20131202.PutRecord"),
        body: format!(r#"{{"StreamName":"records",{}}}"#, record(DATA_BYTES)),
        target: 0.55,
        data: &[Data::Records(0)],
        script: None,
        keys: 100_000,
        must_contain: &[r#""ShardId":"shardId-000000000000""#, r#""SequenceNumber":"49"#],
        varying_after: NUMBERS,
        grows: true,
    }
}

pub fn put_records() -> Case {
    Case {
        name: "PutRecords",
        about: "100 records of 1 KB",
        call: Call::kinesis("Kinesis_20131202.PutRecords"),
        body: batch(DATA_BYTES),
        target: 0.60,
        data: &[Data::Records(0)],
        script: None,
        keys: 100_000,
        must_contain: &[r#""FailedRecordCount":0"#, r#""SequenceNumber":"49"#],
        varying_after: NUMBERS,
        grows: true,
    }
}

pub fn get_records() -> Case {
    Case {
        name: "GetRecords",
        about: "1,000 records of 1 KB",
        call: Call::kinesis("Kinesis_20131202.GetRecords"),
        body: format!(r#"{{"ShardIterator":"{{iterator}}","Limit":{PAGE}}}"#),
        target: 0.60,
        data: &[Data::Records(PAGE * 2)],
        script: None,
        keys: 1,
        must_contain: &[r#""PartitionKey":"key-00000000""#, r#""NextShardIterator":"AAAA"#],
        varying_after: POSITION,
        grows: false,
    }
}

/// Few records from the middle of many.
pub fn get_few_records() -> Case {
    Case {
        name: "GetRecords",
        about: "10 records of 1 KB",
        body: format!(r#"{{"ShardIterator":"{{iterator}}","Limit":{SHORT_PAGE}}}"#),
        ..get_records()
    }
}

/// A record's members: a key of its own, and so much data.
fn record(data_bytes: usize) -> String {
    let data: Bytes = b"lorem ipsum dolor sit amet, ".iter().copied().cycle().take(data_bytes).collect();
    let data = serde_json::to_string(&Blob(data)).expect("a blob is a text");
    format!(r#""PartitionKey":"key-{{key}}","Data":{data}"#)
}

/// A PutRecords of [`BATCH`] records.
pub fn batch(data_bytes: usize) -> String {
    let records = vec![format!("{{{}}}", record(data_bytes)); BATCH as usize].join(",");
    format!(r#"{{"StreamName":"records","Records":[{records}]}}"#)
}

pub fn create_stream() -> (Call, String) {
    (Call::kinesis("Kinesis_20131202.CreateStream"), r#"{"StreamName":"records","ShardCount":1}"#.to_owned())
}

pub fn describe_stream() -> (Call, String) {
    (Call::kinesis("Kinesis_20131202.DescribeStreamSummary"), r#"{"StreamName":"records"}"#.to_owned())
}

/// Asks for the iterator that takes the place of `{iterator}`.
pub fn get_shard_iterator(kind: &str) -> (Call, String) {
    let body = format!(r#"{{"StreamName":"records","ShardId":"shardId-000000000000","ShardIteratorType":"{kind}"}}"#);
    (Call::kinesis("Kinesis_20131202.GetShardIterator"), body)
}
