//! The constraints of AWS's model, one by one, of what moves and finds records.

use serde_json::{Value, json};

use super::{SHARD, raw_refusal, refused, with_stream};
use crate::stage::on_both_stages;

const NAME: &str = "[a-zA-Z0-9_.-]+";
const ARN: &str = "arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+";
const NUMBER: &str = "0|([1-9]\\d{0,128})";
const HASH_KEY: &str = "0|([1-9]\\d{0,38})";

/// A constraint that is broken: the value as AWS prints it, where, and what must be.
struct Broken {
    value: String,
    at: &'static str,
    must: String,
}

fn broken(value: impl Into<String>, at: &'static str, must: impl Into<String>) -> Broken {
    Broken { value: value.into(), at, must: must.into() }
}

fn too_short(at: &'static str) -> Broken {
    broken("", at, "have length greater than or equal to 1")
}

fn too_long(value: &str, at: &'static str, max: usize) -> Broken {
    broken(value, at, format!("have length less than or equal to {max}"))
}

fn pattern(value: &str, at: &'static str, pattern: &str) -> Broken {
    broken(value, at, format!("satisfy regular expression pattern: {pattern}"))
}

fn range(value: &str, at: &'static str, min: i64, max: i64) -> Broken {
    let above = value.parse::<i64>().expect("ranges are of numbers") > max;
    let must = if above { format!("less than or equal to {max}") } else { format!("greater than or equal to {min}") };
    broken(value, at, format!("have value {must}"))
}

fn null(at: &'static str) -> Broken {
    broken("\0", at, "not be null")
}

fn message(violations: &[Broken]) -> String {
    let one = |Broken { value, at, must }: &Broken| {
        let value = if value == "\0" { "null".to_owned() } else { format!("'{value}'") };
        format!("Value {value} at '{at}' failed to satisfy constraint: Member must {must}")
    };
    let all: Vec<String> = violations.iter().map(one).collect();
    let plural = if all.len() == 1 { "" } else { "s" };
    format!("{} validation error{plural} detected: {}", all.len(), all.join("; "))
}

/// A good body of the operation, over which each row lays its member.
fn good(operation: &str) -> Value {
    match operation {
        "PutRecord" => json!({ "StreamName": "orders", "Data": "MQ==", "PartitionKey": "a" }),
        "PutRecords" => json!({ "StreamName": "orders", "Records": [{ "Data": "MQ==", "PartitionKey": "a" }] }),
        "GetShardIterator" => json!({ "StreamName": "orders", "ShardId": SHARD, "ShardIteratorType": "LATEST" }),
        "GetRecords" => json!({ "ShardIterator": "AAAA" }),
        _ => json!({ "StreamName": "orders" }),
    }
}

fn check(rows: impl Fn() -> Vec<(&'static str, &'static str, Value, Vec<Broken>)>) {
    on_both_stages(|stage| {
        let rows = rows();
        async move {
            with_stream(&stage, "orders", 1).await;
            for (operation, member, value, violations) in rows {
                let mut body = good(operation);
                body[member] = value;
                let found = raw_refusal(&stage, operation, &body.to_string()).await;
                assert_eq!(found, refused("ValidationException", message(&violations)), "{operation} {body}");
            }
        }
    });
}

#[test]
fn streams_are_named_within_bounds() {
    let (long, long_arn) =
        ("n".repeat(129), format!("arn:aws:kinesis:us-east-1:000000000000:stream/{}", "n".repeat(2003)));
    check(|| {
        let mut rows = Vec::new();
        for operation in ["PutRecord", "PutRecords", "GetShardIterator", "ListShards", "DescribeStream"] {
            let at = "streamName";
            rows.extend([
                (operation, "StreamName", json!(""), vec![too_short(at), pattern("", at, NAME)]),
                (operation, "StreamName", json!(long), vec![too_long(&long, at, 128)]),
                (operation, "StreamName", json!("a b"), vec![pattern("a b", at, NAME)]),
                (operation, "StreamName", json!("ä"), vec![pattern("ä", at, NAME)]),
            ]);
        }
        let operations = ["PutRecord", "PutRecords", "GetShardIterator", "ListShards", "DescribeStream", "GetRecords"];
        for operation in operations {
            let at = "streamARN";
            rows.extend([
                (operation, "StreamARN", json!(""), vec![too_short(at), pattern("", at, ARN)]),
                (operation, "StreamARN", json!(long_arn), vec![too_long(&long_arn, at, 2048)]),
                (operation, "StreamARN", json!("orders"), vec![pattern("orders", at, ARN)]),
                (
                    operation,
                    "StreamARN",
                    json!("arn:aws:kinesis:us-east-1:1:stream/a"),
                    vec![pattern("arn:aws:kinesis:us-east-1:1:stream/a", at, ARN)],
                ),
            ]);
        }
        rows
    });
}

#[test]
fn what_is_put_is_within_bounds() {
    let (long, digits) = ("k".repeat(257), "1".repeat(40));
    let too_many_digits = "1".repeat(130);
    check(|| {
        let one = |key: Value, hash_key: Value| json!([{ "Data": "", "PartitionKey": "a" }, { "Data": "", "PartitionKey": key, "ExplicitHashKey": hash_key }]);
        let (key, hash_key) = ("records.2.member.partitionKey", "records.2.member.explicitHashKey");
        vec![
            ("PutRecord", "Data", Value::Null, vec![null("data")]),
            ("PutRecord", "PartitionKey", Value::Null, vec![null("partitionKey")]),
            ("PutRecord", "PartitionKey", json!(""), vec![too_short("partitionKey")]),
            ("PutRecord", "PartitionKey", json!(long), vec![too_long(&long, "partitionKey", 256)]),
            ("PutRecord", "ExplicitHashKey", json!(""), vec![pattern("", "explicitHashKey", HASH_KEY)]),
            ("PutRecord", "ExplicitHashKey", json!("01"), vec![pattern("01", "explicitHashKey", HASH_KEY)]),
            ("PutRecord", "ExplicitHashKey", json!("-1"), vec![pattern("-1", "explicitHashKey", HASH_KEY)]),
            ("PutRecord", "ExplicitHashKey", json!(digits), vec![pattern(&digits, "explicitHashKey", HASH_KEY)]),
            (
                "PutRecord",
                "SequenceNumberForOrdering",
                json!("x"),
                vec![pattern("x", "sequenceNumberForOrdering", NUMBER)],
            ),
            (
                "PutRecord",
                "SequenceNumberForOrdering",
                json!(too_many_digits),
                vec![pattern(&too_many_digits, "sequenceNumberForOrdering", NUMBER)],
            ),
            ("PutRecords", "Records", Value::Null, vec![null("records")]),
            (
                "PutRecords",
                "Records",
                json!([]),
                vec![broken("[]", "records", "have length greater than or equal to 1")],
            ),
            ("PutRecords", "Records", one(Value::Null, Value::Null), vec![null(key)]),
            ("PutRecords", "Records", one(json!(""), Value::Null), vec![too_short(key)]),
            ("PutRecords", "Records", one(json!(long), Value::Null), vec![too_long(&long, key, 256)]),
            ("PutRecords", "Records", one(json!("a"), json!("1x")), vec![pattern("1x", hash_key, HASH_KEY)]),
            (
                "PutRecords",
                "Records",
                json!([{ "PartitionKey": "a" }, { "Data": "" }]),
                vec![null("records.1.member.data"), null(key)],
            ),
        ]
    });
}

#[test]
fn where_a_read_starts_is_within_bounds() {
    let (long, too_many_digits) = ("s".repeat(129), "1".repeat(130));
    let long_iterator = "A".repeat(513);
    let types =
        "satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]";
    check(|| {
        let (kind, number) = ("shardIteratorType", "startingSequenceNumber");
        vec![
            ("GetShardIterator", "ShardId", Value::Null, vec![null("shardId")]),
            ("GetShardIterator", "ShardId", json!(""), vec![too_short("shardId"), pattern("", "shardId", NAME)]),
            ("GetShardIterator", "ShardId", json!(long), vec![too_long(&long, "shardId", 128)]),
            ("GetShardIterator", "ShardId", json!("a/b"), vec![pattern("a/b", "shardId", NAME)]),
            ("GetShardIterator", "ShardIteratorType", Value::Null, vec![null(kind)]),
            ("GetShardIterator", "ShardIteratorType", json!(""), vec![broken("", kind, types)]),
            ("GetShardIterator", "ShardIteratorType", json!("latest"), vec![broken("latest", kind, types)]),
            ("GetShardIterator", "StartingSequenceNumber", json!(""), vec![pattern("", number, NUMBER)]),
            ("GetShardIterator", "StartingSequenceNumber", json!("007"), vec![pattern("007", number, NUMBER)]),
            (
                "GetShardIterator",
                "StartingSequenceNumber",
                json!(too_many_digits),
                vec![pattern(&too_many_digits, number, NUMBER)],
            ),
            ("GetRecords", "ShardIterator", Value::Null, vec![null("shardIterator")]),
            ("GetRecords", "ShardIterator", json!(""), vec![too_short("shardIterator")]),
            ("GetRecords", "ShardIterator", json!(long_iterator), vec![too_long(&long_iterator, "shardIterator", 512)]),
            ("GetRecords", "Limit", json!(0), vec![range("0", "limit", 1, 10_000)]),
            ("GetRecords", "Limit", json!(-1), vec![range("-1", "limit", 1, 10_000)]),
            ("GetRecords", "Limit", json!(10_001), vec![range("10001", "limit", 1, 10_000)]),
        ]
    });
}

#[test]
fn shards_are_listed_within_bounds() {
    let long = "s".repeat(129);
    let types = "satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, \
                 FROM_TIMESTAMP]";
    check(|| {
        let (start, filter, id) = ("exclusiveStartShardId", "shardFilter.type", "shardFilter.shardId");
        let after = |id: &str| json!({ "Type": "AFTER_SHARD_ID", "ShardId": id });
        let mut rows = vec![
            ("ListShards", "MaxResults", json!(0), vec![range("0", "maxResults", 1, 10_000)]),
            ("ListShards", "MaxResults", json!(10_001), vec![range("10001", "maxResults", 1, 10_000)]),
            ("ListShards", "NextToken", json!(""), vec![too_short("nextToken")]),
            ("ListShards", "ShardFilter", json!({}), vec![null(filter)]),
            ("ListShards", "ShardFilter", json!({ "Type": "ALL" }), vec![broken("ALL", filter, types)]),
            ("ListShards", "ShardFilter", after(""), vec![too_short(id), pattern("", id, NAME)]),
            ("ListShards", "ShardFilter", after("a b"), vec![pattern("a b", id, NAME)]),
            ("DescribeStream", "Limit", json!(0), vec![range("0", "limit", 1, 10_000)]),
            ("DescribeStream", "Limit", json!(10_001), vec![range("10001", "limit", 1, 10_000)]),
        ];
        for operation in ["ListShards", "DescribeStream"] {
            rows.extend([
                (operation, "ExclusiveStartShardId", json!(""), vec![too_short(start), pattern("", start, NAME)]),
                (operation, "ExclusiveStartShardId", json!(long), vec![too_long(&long, start, 128)]),
                (operation, "ExclusiveStartShardId", json!("!"), vec![pattern("!", start, NAME)]),
            ]);
        }
        rows
    });
}

#[test]
fn wrong_types_are_no_values() {
    on_both_stages(|stage| async move {
        with_stream(&stage, "orders", 1).await;
        for (operation, member, value) in [
            ("PutRecord", "Data", json!(1)),
            ("PutRecord", "Data", json!("%")),
            ("PutRecord", "PartitionKey", json!(1)),
            ("PutRecord", "DryRun", json!("yes")),
            ("PutRecords", "Records", json!({})),
            ("PutRecords", "Records", json!([1])),
            ("GetRecords", "Limit", json!("10")),
            ("GetShardIterator", "Timestamp", json!("soon")),
            ("ListShards", "ShardFilter", json!([])),
            ("DescribeStream", "Limit", json!(2.5)),
        ] {
            let mut body = good(operation);
            body[member] = value;
            assert_eq!(raw_refusal(&stage, operation, &body.to_string()).await.0, "SerializationException", "{body}");
        }
    });
}
