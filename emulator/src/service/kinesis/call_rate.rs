//! How often an operation may be called, in AWS's numbers.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html#kds-api-limits>
//!
//! What moves records is limited by its shard: `throughput.rs`.

use super::Kinesis;
use super::settings::Limits;
use crate::kernel::{ApiError, Call, Scope};

/// Among which calls a rate is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    Account,
    Stream,
}

/// So many calls a second. In the order of AWS's page; where the API reference
/// says "per account" and that page "per stream", the page is followed.
const RATES: &[(&str, u32, Per)] = &[
    ("AddTagsToStream", 5, Per::Account),
    ("CreateStream", 5, Per::Account),
    ("DecreaseStreamRetentionPeriod", 5, Per::Stream),
    ("DeleteResourcePolicy", 5, Per::Account),
    ("DeleteStream", 5, Per::Account),
    ("DeregisterStreamConsumer", 5, Per::Stream),
    ("DescribeAccountSettings", 5, Per::Account),
    ("DescribeLimits", 1, Per::Account),
    ("DescribeStream", 10, Per::Account),
    ("DescribeStreamConsumer", 20, Per::Stream),
    ("DescribeStreamSummary", 20, Per::Account),
    ("DisableEnhancedMonitoring", 5, Per::Stream),
    ("EnableEnhancedMonitoring", 5, Per::Stream),
    ("GetResourcePolicy", 5, Per::Account),
    ("IncreaseStreamRetentionPeriod", 5, Per::Stream),
    ("ListShards", 1000, Per::Stream),
    ("ListStreamConsumers", 5, Per::Stream),
    ("ListStreams", 5, Per::Account),
    ("ListTagsForStream", 5, Per::Stream),
    ("MergeShards", 5, Per::Stream),
    ("PutResourcePolicy", 5, Per::Account),
    ("RegisterStreamConsumer", 5, Per::Stream),
    ("RemoveTagsFromStream", 5, Per::Stream),
    ("SplitShard", 5, Per::Stream),
    // "Make over 10 TPS": of the API reference.
    ("UpdateShardCount", 10, Per::Stream),
    ("UpdateStreamWarmThroughput", 5, Per::Account),
    ("UpdateAccountSettings", 5, Per::Account),
];

pub fn is_rated(operation: &str) -> bool {
    RATES.iter().any(|(name, _, _)| *name == operation)
}

impl Kinesis {
    /// Whether the caller's account is held to AWS's limits.
    pub fn is_limited(&self, call: &Call<'_>) -> bool {
        self.enforcement.of(&call.scope.account) == Limits::Enforced
    }

    /// Whether there is any reason to refuse a call for how often its like come.
    pub fn may_throttle(&self, call: &Call<'_>) -> bool {
        call.circumstances.throttled || self.is_limited(call)
    }

    /// Counts a call against its rate. assumed: one that is refused for another reason counts, too.
    pub fn admit_call(
        &self,
        operation: &'static str,
        resource: &dyn Fn() -> String,
        call: &Call<'_>,
    ) -> Result<(), ApiError> {
        if !self.may_throttle(call) {
            return Ok(());
        }
        let Some((operation, per_second, per)) = RATES.iter().find(|(name, _, _)| *name == operation) else {
            return Ok(());
        };
        let resource = resource();
        let stream = stream_of(&resource);
        let shared_by = if *per == Per::Stream { stream } else { "" };
        if !call.circumstances.throttled && self.usage.take_call(operation, shared_by, *per_second, call.now) {
            return Ok(());
        }
        Err(too_many_calls(stream, call.scope))
    }
}

/// The stream of what a call is about, which may be an ARN or a consumer of it.
fn stream_of(resource: &str) -> &str {
    let stream = resource.split_once(":stream/").map_or(resource, |(_, name)| name);
    stream.split_once('/').map_or(stream, |(name, _)| name)
}

/// Wording: <https://github.com/boto/botocore/pull/821> for a call on a stream,
/// <https://github.com/Graylog2/graylog-plugin-integrations/issues/341> for any other.
fn too_many_calls(stream: &str, scope: &Scope) -> ApiError {
    let account = &scope.account;
    let message = if stream.is_empty() {
        format!("Rate exceeded for account {account}.")
    } else {
        format!("Rate exceeded for stream {stream} under account {account}.")
    };
    ApiError::new("LimitExceededException", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Service;

    /// What moves records, and what AWS gives no rate of calls for.
    const WITHOUT_RATE: &[&str] = &[
        "AcknowledgeDeadLetterQueueRecords",
        "AcknowledgeQueueRecords",
        "CreateChannel",
        "CreateQueue",
        "DeleteChannel",
        "DeleteQueue",
        "DescribeChannel",
        "DescribeQueue",
        "GetRecords",
        "GetShardIterator",
        "ListChannels",
        "ListQueues",
        "ListTagsForResource",
        "PutRecord",
        "PutRecords",
        "ReceiveDeadLetterQueueRecords",
        "ReceiveQueueRecords",
        "RestoreDeadLetterQueueRecords",
        "StartStreamEncryption",
        "StopStreamEncryption",
        "SubscribeToShard",
        "TagResource",
        "UntagResource",
        "UpdateChannel",
        "UpdateDeadLetterQueueRecordsVisibility",
        "UpdateMaxRecordSize",
        "UpdateQueue",
        "UpdateQueueRecordsVisibility",
        "UpdateStreamMode",
        "UpdateStreamRecordDistributionStrategy",
    ];

    #[test]
    fn every_operation_has_its_rate_or_is_known_to_have_none() {
        let ours = Kinesis::OPERATIONS.iter().map(|operation| operation.name());
        let mut expected: Vec<_> = ours.chain(Kinesis::DESCRIPTION.not_implemented.iter().copied()).collect();
        expected.sort_unstable();
        let rated = RATES.iter().map(|(operation, _, _)| *operation);
        let mut found: Vec<_> = rated.chain(WITHOUT_RATE.iter().copied()).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_rate_of_a_stream_is_shared_by_all_ways_to_name_it() {
        for (resource, stream) in [
            ("orders", "orders"),
            ("orders/consumer/audit:1", "orders"),
            ("arn:aws:kinesis:us-east-1:000000000000:stream/orders", "orders"),
            ("arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:1", "orders"),
            ("", ""),
        ] {
            assert_eq!(stream_of(resource), stream);
        }
    }
}
