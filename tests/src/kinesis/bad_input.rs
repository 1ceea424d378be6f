//! Bodies that no program means to send: each is answered, none brings the service down.

use super::{SHARD, raw, with_stream};
use crate::stage::on_both_stages;

/// Each operation with the members that are tried on it.
pub const OPERATIONS: [(&str, &[&str]); 38] = [
    ("AddTagsToStream", &["StreamARN", "Tags"]),
    (
        "CreateStream",
        &["StreamName", "ShardCount", "StreamModeDetails", "MaxRecordSizeInKiB", "Tags", "WarmThroughputMiBps"],
    ),
    ("DecreaseStreamRetentionPeriod", &["StreamARN", "RetentionPeriodHours"]),
    ("DeleteResourcePolicy", &["ResourceARN"]),
    ("DeleteStream", &[]),
    ("DeregisterStreamConsumer", &["StreamARN", "ConsumerName", "ConsumerARN"]),
    ("DescribeAccountSettings", &["StreamName"]),
    ("DescribeLimits", &["StreamName"]),
    ("DescribeStream", &["StreamName", "StreamARN", "Limit", "ExclusiveStartShardId"]),
    ("DescribeStreamConsumer", &["StreamARN", "ConsumerName", "ConsumerARN"]),
    ("DescribeStreamSummary", &["StreamName", "StreamARN"]),
    ("DisableEnhancedMonitoring", &["StreamName", "ShardLevelMetrics"]),
    ("EnableEnhancedMonitoring", &["StreamARN", "ShardLevelMetrics"]),
    ("GetRecords", &["ShardIterator", "Limit", "StreamARN"]),
    ("GetResourcePolicy", &["ResourceARN"]),
    (
        "GetShardIterator",
        &["StreamName", "StreamARN", "ShardId", "ShardIteratorType", "StartingSequenceNumber", "Timestamp"],
    ),
    ("IncreaseStreamRetentionPeriod", &["StreamName", "RetentionPeriodHours"]),
    (
        "ListShards",
        &[
            "StreamName",
            "StreamARN",
            "NextToken",
            "ExclusiveStartShardId",
            "MaxResults",
            "StreamCreationTimestamp",
            "ShardFilter",
        ],
    ),
    ("ListStreamConsumers", &["StreamARN", "NextToken", "MaxResults", "StreamCreationTimestamp"]),
    ("ListStreams", &["Limit", "ExclusiveStartStreamName", "NextToken"]),
    ("ListTagsForResource", &["ResourceARN"]),
    ("ListTagsForStream", &["StreamName", "ExclusiveStartTagKey", "Limit"]),
    ("MergeShards", &["StreamARN", "ShardToMerge", "AdjacentShardToMerge"]),
    ("PutRecord", &["StreamName", "StreamARN", "Data", "PartitionKey", "ExplicitHashKey", "SequenceNumberForOrdering"]),
    ("PutRecords", &["StreamName", "StreamARN", "Records"]),
    ("PutResourcePolicy", &["ResourceARN", "Policy"]),
    ("RegisterStreamConsumer", &["StreamARN", "ConsumerName", "Tags"]),
    ("RemoveTagsFromStream", &["StreamName", "TagKeys"]),
    ("SplitShard", &["StreamARN", "ShardToSplit", "NewStartingHashKey"]),
    ("StartStreamEncryption", &["StreamName", "EncryptionType", "KeyId"]),
    ("StopStreamEncryption", &["StreamARN", "EncryptionType", "KeyId"]),
    ("TagResource", &["ResourceARN", "Tags"]),
    ("UntagResource", &["ResourceARN", "TagKeys"]),
    ("UpdateAccountSettings", &["MinimumThroughputBillingCommitment"]),
    ("UpdateMaxRecordSize", &["StreamARN", "MaxRecordSizeInKiB"]),
    ("UpdateShardCount", &["StreamName", "TargetShardCount", "ScalingType"]),
    ("UpdateStreamMode", &["StreamARN", "StreamModeDetails", "WarmThroughputMiBps"]),
    ("UpdateStreamWarmThroughput", &["StreamName", "WarmThroughputMiBps"]),
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
        for (operation, members) in OPERATIONS {
            for member in members {
                for value in VALUES {
                    for body in [format!(r#"{{"{member}":{value}}}"#), format!(r#"{{{fine},"{member}":{value}}}"#)] {
                        let (status, answer) = raw(&stage, operation, &body).await;
                        assert!(matches!(status, 200 | 400), "{operation} {body}: {status} {answer}");
                    }
                }
            }
        }
        for body in ["", "null", "[]", "1", "\"", "{", "{\"StreamName\":\"orders\",\"StreamName\":\"orders\"}"] {
            for (operation, _) in OPERATIONS {
                let (status, answer) = raw(&stage, operation, body).await;
                assert!(matches!(status, 200 | 400), "{operation} {body}: {status} {answer}");
            }
        }
    });
}
