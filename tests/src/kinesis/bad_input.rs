//! Bodies that no program means to send: each is answered, none brings the service down.

use super::{SHARD, raw, with_stream};
use crate::stage::on_both_stages;

const OPERATIONS: [&str; 34] = [
    "AddTagsToStream",
    "CreateStream",
    "DecreaseStreamRetentionPeriod",
    "DeleteResourcePolicy",
    "DeleteStream",
    "DescribeAccountSettings",
    "DescribeLimits",
    "DescribeStream",
    "DescribeStreamSummary",
    "DisableEnhancedMonitoring",
    "EnableEnhancedMonitoring",
    "GetRecords",
    "GetResourcePolicy",
    "GetShardIterator",
    "IncreaseStreamRetentionPeriod",
    "ListShards",
    "ListStreams",
    "ListTagsForResource",
    "ListTagsForStream",
    "MergeShards",
    "PutRecord",
    "PutRecords",
    "PutResourcePolicy",
    "RemoveTagsFromStream",
    "SplitShard",
    "StartStreamEncryption",
    "StopStreamEncryption",
    "TagResource",
    "UntagResource",
    "UpdateAccountSettings",
    "UpdateMaxRecordSize",
    "UpdateShardCount",
    "UpdateStreamMode",
    "UpdateStreamWarmThroughput",
];

pub const MEMBERS: [&str; 29] = [
    "StreamName",
    "StreamARN",
    "ShardCount",
    "StreamModeDetails",
    "MaxRecordSizeInKiB",
    "Limit",
    "MaxResults",
    "ExclusiveStartShardId",
    "NextToken",
    "ShardFilter",
    "StreamCreationTimestamp",
    "Data",
    "Records",
    "StartingSequenceNumber",
    "Timestamp",
    "ShardIterator",
    "ResourceARN",
    "Tags",
    "TagKeys",
    "Policy",
    "ShardToSplit",
    "NewStartingHashKey",
    "ShardToMerge",
    "TargetShardCount",
    "RetentionPeriodHours",
    "KeyId",
    "ShardLevelMetrics",
    "MinimumThroughputBillingCommitment",
    "WarmThroughputMiBps",
];

pub const VALUES: [&str; 14] = [
    "null",
    "true",
    "0",
    "-1",
    "1e300",
    "-9223372036854775808",
    "18446744073709551615",
    r#""""#,
    r#""arn:aws:kinesis:us-east-1:000000000000:stream/""#,
    r#""shardId-999999999999""#,
    r#""\u0000ü""#,
    "[]",
    "[null]",
    r#"{"Type":null,"ShardId":"","Timestamp":-1e300}"#,
];

#[test]
fn every_body_is_answered_and_no_answer_is_our_mistake() {
    on_both_stages(|stage| async move {
        with_stream(&stage, "orders", 1).await;
        let fine = format!(
            r#""StreamName":"orders","ShardId":"{SHARD}","ShardIteratorType":"AT_TIMESTAMP","PartitionKey":"a","Data":"","ShardToSplit":"{SHARD}","NewStartingHashKey":"9","RetentionPeriodHours":24"#
        );
        for (place, operation) in OPERATIONS.iter().enumerate().filter(|(_, operation)| **operation != "DeleteStream") {
            for (turn, member) in MEMBERS.iter().enumerate() {
                // Each member meets each value, and each operation meets both, though not all three together.
                for value in VALUES.iter().skip((place + turn) % 4).step_by(4) {
                    for body in [format!(r#"{{"{member}":{value}}}"#), format!(r#"{{{fine},"{member}":{value}}}"#)] {
                        let (status, answer) = raw(&stage, operation, &body).await;
                        assert!(matches!(status, 200 | 400), "{operation} {body}: {status} {answer}");
                    }
                }
            }
        }
        for body in ["", "null", "[]", "1", "\"", "{", "{\"StreamName\":\"orders\",\"StreamName\":\"orders\"}"] {
            for operation in OPERATIONS {
                let (status, answer) = raw(&stage, operation, body).await;
                assert!(matches!(status, 200 | 400), "{operation} {body}: {status} {answer}");
            }
        }
    });
}
