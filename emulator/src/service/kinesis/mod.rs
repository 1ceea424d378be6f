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
//! - Creating, changing and deleting a stream takes 100 ms of the clock.
//! - Shards close and their children open all at one moment, when the stream is
//!   ACTIVE again; UpdateShardCount's short-lived shards close as they open. A
//!   child's sequence numbers count from a second after its parents', even if that
//!   is ahead of the clock, so that they sort after them.
//! - Encryption, shard-level metrics, warm throughput, resource policies and the
//!   billing commitment are kept as states without further effect; any key will do.
//! - A stream that is DELETING takes and gives no records; AWS may go on for a while.
//! - Throughput, rates of calls and the five streams that may be CREATING or DELETING
//!   at one time are limited only where that is switched on (`limits: enforced`). Each
//!   rate is then a tank of one second's worth that refills steadily; a record larger
//!   than a second's worth passes when the tank is full, and is paid for at the rate.
//! - Records that other services deliver are not held to the limits of a shard.
//! - An account has at most 20,000 open shards in every region; on-demand streams
//!   keep the shards they start with.
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

mod account_quotas;
mod add_tags_to_stream;
pub mod admin;
mod billing_commitment;
mod call_rate;
mod child_shard;
mod consumer;
mod consumer_reference;
mod control;
mod create_stream;
mod decrease_stream_retention_period;
mod delete_resource_policy;
mod delete_stream;
mod deregister_stream_consumer;
mod describe_account_settings;
mod describe_limits;
mod describe_stream;
mod describe_stream_consumer;
mod describe_stream_summary;
mod disable_enhanced_monitoring;
mod dry_run;
mod enable_enhanced_monitoring;
mod encryption;
pub mod enforcement;
mod enhanced_monitoring;
mod get_records;
mod get_resource_policy;
mod get_shard_iterator;
mod hash_key;
mod increase_stream_retention_period;
mod ingestion;
mod lifecycle;
mod list_shards;
mod list_stream_consumers;
mod list_streams;
mod list_tags_for_resource;
mod list_tags_for_stream;
mod listeners;
mod merge_shards;
mod put_failures;
mod put_record;
mod put_records;
mod put_resource_policy;
mod record;
mod register_stream_consumer;
mod remove_tags_from_stream;
mod reshard;
mod resource_arn;
mod resource_policy;
mod retention;
mod sequence_number;
pub mod settings;
mod shard;
mod shard_iterator;
mod shard_records;
mod split_shard;
mod start_stream_encryption;
mod starting_position;
mod stop_stream_encryption;
mod stream;
mod stream_reference;
mod subscribe_to_shard;
mod subscription;
mod tag_resource;
mod tags;
mod tank;
mod throughput;
mod unsupported;
mod untag_resource;
mod update_account_settings;
mod update_max_record_size;
mod update_shard_count;
mod update_stream_mode;
mod update_stream_warm_throughput;
mod usage;
mod warm_throughput;

use std::collections::BTreeSet;

use self::billing_commitment::BillingCommitment;
use self::enforcement::Enforcement;
use self::ingestion::Entry;
use self::lifecycle::Due;
use self::listeners::Listeners;
use self::settings::Settings;
use self::stream::{Mode, Status, Stream};
use self::usage::Usage;
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{
    AnyOperation, ApiError, Call, Delivery, Protocol, Receipt, Scope, Service, ServiceDescription, Timestamp,
    Violations,
};
use crate::wire::Blob;

/// The service's name on the timeline.
const SERVICE: &str = "kinesis";

/// One account and region's state.
#[derive(Debug)]
pub struct Kinesis {
    /// The world's, and not kept.
    settings: Settings,
    streams: Kept<String, Stream>,
    agenda: BTreeSet<Due>,
    /// The world's, and not kept.
    enforcement: Enforcement,
    /// Not kept: it is about the last few seconds.
    usage: Usage,
    /// Not kept: connections end with their world.
    listeners: Listeners,
    billing_commitment: Single<BillingCommitment>,
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
        "CreateChannel",
        "CreateQueue",
        "DeleteChannel",
        "DeleteQueue",
        "DescribeChannel",
        "DescribeQueue",
        "ListChannels",
        "ListQueues",
        "ReceiveDeadLetterQueueRecords",
        "ReceiveQueueRecords",
        "RestoreDeadLetterQueueRecords",
        "UpdateChannel",
        "UpdateDeadLetterQueueRecordsVisibility",
        "UpdateQueue",
        "UpdateQueueRecordsVisibility",
        "UpdateStreamRecordDistributionStrategy",
    ],
    not_implemented_at: &[],
    differences: &[
        "Creating, changing and deleting a stream takes 100 ms of the clock.",
        "Shards close and their children open all at one moment, when the stream is ACTIVE again. A child's sequence \
         numbers count from a second after its parents', even if that is ahead of the clock.",
        "Encryption, shard-level metrics, warm throughput, resource policies and the billing commitment are kept as \
         states without further effect; any key will do.",
        "A stream that is DELETING takes and gives no records; AWS may go on for a while.",
        "Throughput, rates of calls and the number of streams that are CREATING or DELETING are limited only where that \
         is switched on (`limits: enforced`), each rate as a tank of one second's worth that refills steadily.",
        "Records that other services deliver are not held to the limits of a shard.",
        "An account has at most 20,000 open shards in every region; on-demand streams keep the shards they start with.",
        "Answers without members are `{}`, where AWS sends no body at all.",
        "A stream of another account or region is not found by its ARN.",
        "Sequence numbers count per shard; SequenceNumberForOrdering is checked, and holds by itself.",
        "A consumer is CREATING and DELETING for 100 ms of the clock; a stream has at most 20 in every mode, and how many \
         are CREATING at one time is limited as rates are.",
        "SubscribeToShard sends events as soon as there are records, of up to 1 MiB each, and an empty one after 5 \
         seconds without; within 5 seconds of a call another is refused even if the connection is gone.",
        "Where AWS documents no wording for a refusal, it is ours.",
    ],
};

impl Service for Kinesis {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &add_tags_to_stream::AddTagsToStream,
        &create_stream::CreateStream,
        &decrease_stream_retention_period::DecreaseStreamRetentionPeriod,
        &delete_resource_policy::DeleteResourcePolicy,
        &delete_stream::DeleteStream,
        &deregister_stream_consumer::DeregisterStreamConsumer,
        &describe_account_settings::DescribeAccountSettings,
        &describe_limits::DescribeLimits,
        &describe_stream::DescribeStream,
        &describe_stream_consumer::DescribeStreamConsumer,
        &describe_stream_summary::DescribeStreamSummary,
        &disable_enhanced_monitoring::DisableEnhancedMonitoring,
        &enable_enhanced_monitoring::EnableEnhancedMonitoring,
        &get_records::GetRecords,
        &get_resource_policy::GetResourcePolicy,
        &get_shard_iterator::GetShardIterator,
        &increase_stream_retention_period::IncreaseStreamRetentionPeriod,
        &list_shards::ListShards,
        &list_stream_consumers::ListStreamConsumers,
        &list_streams::ListStreams,
        &list_tags_for_resource::ListTagsForResource,
        &list_tags_for_stream::ListTagsForStream,
        &merge_shards::MergeShards,
        &put_record::PutRecord,
        &put_records::PutRecords,
        &put_resource_policy::PutResourcePolicy,
        &register_stream_consumer::RegisterStreamConsumer,
        &remove_tags_from_stream::RemoveTagsFromStream,
        &split_shard::SplitShard,
        &start_stream_encryption::StartStreamEncryption,
        &stop_stream_encryption::StopStreamEncryption,
        &subscribe_to_shard::SubscribeToShard,
        &tag_resource::TagResource,
        &untag_resource::UntagResource,
        &update_account_settings::UpdateAccountSettings,
        &update_max_record_size::UpdateMaxRecordSize,
        &update_shard_count::UpdateShardCount,
        &update_stream_mode::UpdateStreamMode,
        &update_stream_warm_throughput::UpdateStreamWarmThroughput,
    ];

    fn throttles_itself(operation: &str) -> bool {
        call_rate::is_rated(operation) || throughput::OPERATIONS.contains(&operation)
    }

    fn admit(&self, operation: &'static str, resource: &dyn Fn() -> String, call: &Call<'_>) -> Result<(), ApiError> {
        self.admit_call(operation, resource, call)
    }

    fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("stream", &mut self.streams, Stream::keep);
        book.value("billing_commitment", &mut self.billing_commitment);
        if book.reads() {
            self.plan_all();
        }
    }

    fn fork(&mut self) -> Option<Self> {
        Some(Self {
            streams: self.streams.clone(),
            agenda: self.agenda.clone(),
            billing_commitment: self.billing_commitment.clone(),
            ..Self::new(self.settings, self.enforcement.clone())
        })
    }

    fn settle(self, blank: Self) -> Self {
        Self { settings: blank.settings, enforcement: blank.enforcement, ..self }
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.agenda.first().map(|(due, _, _)| *due)
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        self.do_due_work(call);
    }

    /// A delivery becomes a record. Without a key of its own it gets a random one, and so any shard.
    fn receive(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Receipt, ApiError> {
        let name = delivery.to.resource_after("stream").unwrap_or(&delivery.to.resource);
        let partition_key = delivery.key.clone().unwrap_or_else(|| call.ids().uuid());
        let data = Blob(delivery.body.clone());
        let entry = self.checked(name, &data, &partition_key, call.scope)?;
        let placed = self.ingest(name, entry, call)?;
        call.note(placed.shard.to_string());
        Ok(Receipt::Taken)
    }
}

impl Kinesis {
    pub fn new(settings: Settings, enforcement: Enforcement) -> Self {
        Self {
            settings,
            streams: Kept::default(),
            agenda: BTreeSet::new(),
            enforcement,
            usage: Usage::default(),
            listeners: Listeners::default(),
            billing_commitment: Single::default(),
        }
    }

    /// A stream in whatever state.
    fn stream(&self, name: &str, scope: &Scope) -> Result<&Stream, ApiError> {
        self.streams.get(name).ok_or_else(|| stream::not_found(name, scope))
    }

    /// A stream that can be written and read. One that is being made or deleted
    /// is not found, as on AWS.
    fn usable(&self, name: &str, scope: &Scope) -> Result<&Stream, ApiError> {
        let usable = self.streams.get(name).filter(|stream| stream.status.is_usable());
        usable.ok_or_else(|| stream::not_found(name, scope))
    }

    fn usable_mut(&mut self, name: &str, scope: &Scope) -> Result<&mut Stream, ApiError> {
        let usable = self.streams.get_mut(name).filter(|stream| stream.status.is_usable());
        usable.ok_or_else(|| stream::not_found(name, scope))
    }

    /// A stream that can be changed.
    fn active_mut(&mut self, name: &str, scope: &Scope) -> Result<&mut Stream, ApiError> {
        match self.streams.get_mut(name) {
            Some(stream) if stream.status == Status::Active => Ok(stream),
            Some(stream) => Err(stream::not_active(name, scope, stream.status)),
            None => Err(stream::not_found(name, scope)),
        }
    }

    /// A stream that can be changed, and whose shards are its owner's to change.
    fn provisioned(&mut self, name: &str, scope: &Scope) -> Result<&mut Stream, ApiError> {
        if self.stream(name, scope)?.mode == Mode::OnDemand {
            // assumed: the code is documented, the wording is not.
            let account = &scope.account;
            let message = format!("Request is invalid. Stream {name} under account {account} is in On-Demand mode.");
            return Err(ApiError::validation(message));
        }
        self.active_mut(name, scope)
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
