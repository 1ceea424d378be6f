//! Amazon Kinesis Data Streams: streams of shards of records.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html>
//!
//! A stream is known by name within its account and region. A record goes to the
//! shard whose range holds the MD5 hash of its partition key, and its place there
//! gives its sequence number (`sequence_number.rs`). Everything is in memory until
//! the stream is deleted or its retention passes on the clock (`lifecycle.rs`).
//!
//! # Differences
//!
//! - Creating and deleting a stream takes 100 ms of the clock.
//! - A stream that is DELETING takes and gives no records; AWS may go on for a while.
//! - Throughput, rates of calls and the five streams that may be CREATING or DELETING
//!   at one time are limited only where that is switched on (`limits: enforced`). Each
//!   rate is then a tank of one second's worth that refills steadily; a record larger
//!   than a second's worth passes when the tank is full, and is paid for at the rate.
//! - The quota of on-demand streams is not enforced.
//! - Records that other services deliver are not held to the limits of a shard.
//! - An account has at most 20,000 open shards in every region; on-demand streams
//!   keep the four shards they start with.
//! - Answers without members are `{}`, where AWS sends no body at all.
//! - A stream of another account or region is not found by its ARN.
//! - Sequence numbers count per shard; SequenceNumberForOrdering is checked, and
//!   holds by itself, since all writes to a shard follow each other here.
//! - A consumer is CREATING and DELETING for 100 ms; a stream has at most 20 in every
//!   mode, and how many are CREATING at one time is limited as rates are.
//! - A subscription sends events as soon as there are records, of up to 1 MiB each,
//!   and after 5 seconds without one an empty one (assumed). 5 seconds after a call
//!   another may take over, and not earlier, even if the connection is gone.
//! - What AWS does not document is marked `assumed` in the code: the wording of
//!   some refusals, and when several checks fail, which one answers.

pub mod admin;
mod call_rate;
mod child_shard;
mod consumer;
mod consumer_reference;
mod create_stream;
mod delete_stream;
mod deregister_stream_consumer;
mod describe_stream;
mod describe_stream_consumer;
mod describe_stream_summary;
mod dry_run;
pub mod enforcement;
mod get_records;
mod get_shard_iterator;
mod hash_key;
mod ingestion;
mod lifecycle;
mod list_shards;
mod list_stream_consumers;
mod list_streams;
mod put_failures;
mod put_record;
mod put_records;
mod register_stream_consumer;
mod sequence_number;
pub mod settings;
mod shard;
mod shard_iterator;
mod starting_position;
mod stream;
mod stream_reference;
mod subscribe_to_shard;
mod subscription;
mod tank;
mod throughput;
mod unsupported;
mod usage;

use std::collections::{BTreeMap, BTreeSet};

use self::enforcement::Enforcement;
use self::ingestion::Entry;
use self::lifecycle::Due;
use self::settings::Settings;
use self::stream::{Status, Stream};
use self::usage::Usage;
use crate::kernel::{
    AnyOperation, ApiError, Call, Delivery, Protocol, Scope, Service, ServiceDescription, Timestamp, Violations,
};
use crate::wire::Blob;

/// The service's name on the timeline.
const SERVICE: &str = "kinesis";

/// One account and region's state.
#[derive(Debug)]
pub struct Kinesis {
    settings: Settings,
    streams: BTreeMap<String, Stream>,
    agenda: BTreeSet<Due>,
    enforcement: Enforcement,
    usage: Usage,
}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Amazon Kinesis Data Streams",
    signing_name: "kinesis",
    target_prefix: "Kinesis_20131202",
    protocol: Protocol::AwsJson1_1,
    // "10 MiB for the entire request", which base64 makes a third larger.
    body_bytes_max: 15 << 20,
    error_namespace: |_| "",
    crc32: false,
    cbor: true,
    throttled,
    not_implemented: &[
        "AcknowledgeDeadLetterQueueRecords",
        "AcknowledgeQueueRecords",
        "AddTagsToStream",
        "CreateChannel",
        "CreateQueue",
        "DecreaseStreamRetentionPeriod",
        "DeleteChannel",
        "DeleteQueue",
        "DeleteResourcePolicy",
        "DescribeAccountSettings",
        "DescribeChannel",
        "DescribeLimits",
        "DescribeQueue",
        "DisableEnhancedMonitoring",
        "EnableEnhancedMonitoring",
        "GetResourcePolicy",
        "IncreaseStreamRetentionPeriod",
        "ListChannels",
        "ListQueues",
        "ListTagsForResource",
        "ListTagsForStream",
        "MergeShards",
        "PutResourcePolicy",
        "ReceiveDeadLetterQueueRecords",
        "ReceiveQueueRecords",
        "RemoveTagsFromStream",
        "RestoreDeadLetterQueueRecords",
        "SplitShard",
        "StartStreamEncryption",
        "StopStreamEncryption",
        "TagResource",
        "UntagResource",
        "UpdateAccountSettings",
        "UpdateChannel",
        "UpdateDeadLetterQueueRecordsVisibility",
        "UpdateMaxRecordSize",
        "UpdateQueue",
        "UpdateQueueRecordsVisibility",
        "UpdateShardCount",
        "UpdateStreamMode",
        "UpdateStreamRecordDistributionStrategy",
        "UpdateStreamWarmThroughput",
    ],
    differences: &[
        "Creating and deleting a stream takes 100 ms of the clock.",
        "A stream that is DELETING takes and gives no records; AWS may go on for a while.",
        "Throughput, rates of calls and the number of streams that are CREATING or DELETING are limited only where that \
         is switched on (`limits: enforced`), each rate as a tank of one second's worth that refills steadily.",
        "The quota of on-demand streams is not enforced.",
        "Records that other services deliver are not held to the limits of a shard.",
        "An account has at most 20,000 open shards in every region; on-demand streams keep the four shards they start with.",
        "Answers without members are `{}`, where AWS sends no body at all.",
        "A stream of another account or region is not found by its ARN.",
        "Sequence numbers count per shard; SequenceNumberForOrdering is checked, and holds by itself.",
        "A consumer is CREATING and DELETING for 100 ms of the clock; a stream has at most 20 in every mode, and how many \
         are CREATING at one time is limited as rates are. Tags of RegisterStreamConsumer are refused.",
        "SubscribeToShard sends events as soon as there are records, of up to 1 MiB each, and an empty one after 5 \
         seconds without; within 5 seconds of a call another is refused even if the connection is gone.",
        "Where AWS documents no wording for a refusal, it is ours.",
    ],
};

impl Service for Kinesis {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &create_stream::CreateStream,
        &delete_stream::DeleteStream,
        &deregister_stream_consumer::DeregisterStreamConsumer,
        &describe_stream::DescribeStream,
        &describe_stream_consumer::DescribeStreamConsumer,
        &describe_stream_summary::DescribeStreamSummary,
        &get_records::GetRecords,
        &get_shard_iterator::GetShardIterator,
        &list_shards::ListShards,
        &list_stream_consumers::ListStreamConsumers,
        &list_streams::ListStreams,
        &put_record::PutRecord,
        &put_records::PutRecords,
        &register_stream_consumer::RegisterStreamConsumer,
        &subscribe_to_shard::SubscribeToShard,
    ];

    fn throttles_itself(operation: &str) -> bool {
        call_rate::is_rated(operation) || throughput::OPERATIONS.contains(&operation)
    }

    fn admit(&self, operation: &'static str, resource: &dyn Fn() -> String, call: &Call<'_>) -> Result<(), ApiError> {
        self.admit_call(operation, resource, call)
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.agenda.first().map(|(due, _, _)| *due)
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        self.do_due_work(call);
    }

    /// A delivery becomes a record. Without a key of its own it gets a random one, and so any shard.
    fn receive(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<(), ApiError> {
        let name = delivery.to.resource_after("stream").unwrap_or(&delivery.to.resource);
        let partition_key = delivery.key.clone().unwrap_or_else(|| call.ids().uuid());
        let data = Blob(delivery.body.clone());
        let entry = self.checked(name, &data, &partition_key, call.scope)?;
        let placed = self.ingest(name, entry, call)?;
        call.note(placed.shard.to_string());
        Ok(())
    }
}

impl Kinesis {
    pub fn new(settings: Settings, enforcement: Enforcement) -> Self {
        let (streams, agenda) = (BTreeMap::new(), BTreeSet::new());
        Self { settings, streams, agenda, enforcement, usage: Usage::default() }
    }

    /// A stream in whatever state.
    fn stream(&self, name: &str, scope: &Scope) -> Result<&Stream, ApiError> {
        self.streams.get(name).ok_or_else(|| stream::not_found(name, scope))
    }

    /// A stream that can be written and read. One that is being made or deleted
    /// is not found, as on AWS.
    fn usable(&self, name: &str, scope: &Scope) -> Result<&Stream, ApiError> {
        let usable = self.streams.get(name).filter(|stream| stream.status == Status::Active);
        usable.ok_or_else(|| stream::not_found(name, scope))
    }

    fn usable_mut(&mut self, name: &str, scope: &Scope) -> Result<&mut Stream, ApiError> {
        let usable = self.streams.get_mut(name).filter(|stream| stream.status == Status::Active);
        usable.ok_or_else(|| stream::not_found(name, scope))
    }

    /// How large a record of the stream may be; the default where there is no such stream.
    fn record_bytes_max(&self, name: &str) -> usize {
        let kib = self.streams.get(name).map_or(stream::RECORD_KIB_DEFAULT, |stream| stream.record_kib_max);
        kib as usize * 1024
    }

    fn checked<'a>(
        &self,
        name: &str,
        data: &'a Blob,
        partition_key: &'a str,
        scope: &Scope,
    ) -> Result<Entry<'a>, ApiError> {
        self.usable(name, scope)?;
        let given = ingestion::Given { data: Some(data), partition_key: Some(partition_key), explicit_hash_key: None };
        let mut violations = Violations::new();
        given.check(&mut violations, "", self.record_bytes_max(name));
        violations.finish()?;
        given.entry()
    }
}

/// `1 record`, `2 records`: for the timeline.
fn records(count: usize) -> String {
    format!("{count} record{}", if count == 1 { "" } else { "s" })
}

/// What says neither a shard nor a stream: `call_rate.rs` and `throughput.rs` word all others.
fn throttled(_operation: &str) -> ApiError {
    ApiError::new("LimitExceededException", "Rate exceeded")
}
