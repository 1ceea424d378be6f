//! Amazon CloudWatch Logs, small: groups, streams and events, to be a target and to hold what others print.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html>
//!
//! A group is known by name within its account and region. A stream keeps its events in the order of their own time
//! (`log_stream.rs`), each with an id that begins with that time (`event_id.rs`), which is also what reading tokens name.
//! Events come in by PutLogEvents or over the bus (`delivery.rs`), and go when their group's retention passes on the
//! clock (`retention.rs`). [`filter`] is the language that FilterLogEvents searches with.
//!
//! # Differences
//!
//! - Events can be read, and count towards `storedBytes`, as soon as they are put. Readers do not see them from the
//!   millisecond on in which retention passes; they are deleted at the end of that hour, on AWS within 72 hours.
//! - Keys, deletion protection, linked accounts, masking, metric filters, subscriptions, queries, transformers and the
//!   like are refused. The class of a group is kept without further effect.
//! - Resource policies of the account are kept and answered, not enforced: EventBridge writes without one.
//! - Every delivery from EventBridge gets a log stream of its own, named by a UUID (assumed).
//! - A log group of another account or region is not found by its ARN.
//! - Answers without members are `{}`, where AWS sends no body at all.
//! - Rates of calls are not limited.
//! - What AWS does not document is marked `assumed` in the code: the wording of some refusals, and when several checks
//!   fail, which one answers. The same goes for corners of the filter language (see [`filter`]).

mod create_log_group;
mod create_log_stream;
mod delete_log_group;
mod delete_log_stream;
mod delete_resource_policy;
mod delete_retention_policy;
mod delivery;
mod describe_log_groups;
mod describe_log_streams;
mod describe_resource_policies;
mod entity;
mod event_id;
pub mod filter;
mod filter_log_events;
mod get_log_events;
mod group_reference;
mod ingestion;
mod invalid;
mod list_tags_for_resource;
mod list_tags_log_group;
mod log_event;
mod log_group;
mod log_stream;
mod names;
mod put_log_events;
mod put_resource_policy;
mod put_retention_policy;
mod resource_policy;
mod retention;
mod tag_log_group;
mod tag_resource;
mod tags;
mod test_metric_filter;
mod time_range;
mod untag_log_group;
mod untag_resource;

use std::collections::BTreeSet;

use self::log_group::LogGroup;
use self::resource_policy::ResourcePolicy;
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{
    AnyOperation, ApiError, Call, Delivery, Protocol, Receipt, Service, ServiceDescription, Timestamp,
};

/// The service's name on the timeline.
const SERVICE: &str = "logs";

/// How many things a page of a list has at most, and where the caller does not say.
const PAGE_MAX: usize = 50;
/// "Each page returned can contain up to 1 MB of log events or up to 10,000 log events."
const PAGE_BYTES_MAX: usize = 1 << 20;
const EVENTS_PAGE_MAX: usize = 10_000;

/// One account and region's state.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    /// By name.
    groups: Kept<String, LogGroup>,
    /// By name.
    policies: Kept<String, ResourcePolicy>,
    /// When which group is to be swept.
    agenda: BTreeSet<(Timestamp, String)>,
    /// Gives events their numbers.
    events_so_far: Single<u64>,
}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Amazon CloudWatch Logs",
    signing_name: "logs",
    target_prefix: "Logs_20140328",
    protocol: Protocol::AwsJson1_1,
    // A batch of 1 MiB, each byte of which JSON may write as six. Assumed: AWS does not publish its bound.
    body_bytes_max: 8 << 20,
    error_namespace: |_| "",
    crc32: false,
    cbor: false,
    throttled: |_| ApiError::new("ThrottlingException", "Rate exceeded"),
    not_implemented: &[
        "AssociateKmsKey",
        "AssociateSourceToS3TableIntegration",
        "CancelExportTask",
        "CancelImportTask",
        "CreateDelivery",
        "CreateExportTask",
        "CreateImportTask",
        "CreateLogAnomalyDetector",
        "CreateLookupTable",
        "CreateScheduledQuery",
        "DeleteAccountPolicy",
        "DeleteDataProtectionPolicy",
        "DeleteDelivery",
        "DeleteDeliveryDestination",
        "DeleteDeliveryDestinationPolicy",
        "DeleteDeliverySource",
        "DeleteDestination",
        "DeleteIndexPolicy",
        "DeleteIntegration",
        "DeleteLogAnomalyDetector",
        "DeleteLookupTable",
        "DeleteMetricFilter",
        "DeleteQueryDefinition",
        "DeleteScheduledQuery",
        "DeleteSubscriptionFilter",
        "DeleteTransformer",
        "DescribeAccountPolicies",
        "DescribeConfigurationTemplates",
        "DescribeDeliveries",
        "DescribeDeliveryDestinations",
        "DescribeDeliverySources",
        "DescribeDestinations",
        "DescribeExportTasks",
        "DescribeFieldIndexes",
        "DescribeImportTaskBatches",
        "DescribeImportTasks",
        "DescribeIndexPolicies",
        "DescribeLookupTables",
        "DescribeMetricFilters",
        "DescribeQueries",
        "DescribeQueryDefinitions",
        "DescribeSubscriptionFilters",
        "DisassociateKmsKey",
        "DisassociateSourceFromS3TableIntegration",
        "GetDataProtectionPolicy",
        "GetDelivery",
        "GetDeliveryDestination",
        "GetDeliveryDestinationPolicy",
        "GetDeliverySource",
        "GetIntegration",
        "GetLogAnomalyDetector",
        "GetLogFields",
        "GetLogGroupFields",
        "GetLogObject",
        "GetLogRecord",
        "GetLookupTable",
        "GetQueryResults",
        "GetScheduledQuery",
        "GetScheduledQueryHistory",
        "GetTransformer",
        "ListAggregateLogGroupSummaries",
        "ListAnomalies",
        "ListIntegrations",
        "ListLogAnomalyDetectors",
        "ListLogGroups",
        "ListLogGroupsForQuery",
        "ListScheduledQueries",
        "ListSourcesForS3TableIntegration",
        "PutAccountPolicy",
        "PutBearerTokenAuthentication",
        "PutDataProtectionPolicy",
        "PutDeliveryDestination",
        "PutDeliveryDestinationPolicy",
        "PutDeliverySource",
        "PutDestination",
        "PutDestinationPolicy",
        "PutIndexPolicy",
        "PutIntegration",
        "PutLogGroupDeletionProtection",
        "PutMetricFilter",
        "PutQueryDefinition",
        "PutSubscriptionFilter",
        "PutTransformer",
        "StartLiveTail",
        "StartQuery",
        "StopQuery",
        "TestTransformer",
        "UpdateAnomaly",
        "UpdateDeliveryConfiguration",
        "UpdateLogAnomalyDetector",
        "UpdateLookupTable",
        "UpdateScheduledQuery",
    ],
    not_implemented_at: &[],
    differences: &[
        "Events can be read, and count towards storedBytes, as soon as they are put; they are deleted at the end of the \
         hour in which retention passes, and not read from that millisecond on.",
        "Keys, deletion protection, linked accounts, masking, metric filters, subscriptions, queries and the like are \
         refused; the class of a group is kept without further effect.",
        "Resource policies of the account are kept and answered, not enforced; those of single resources are refused.",
        "Every delivery from EventBridge gets a log stream of its own, named by a UUID (assumed).",
        "The entity of PutLogEvents is looked at and not kept.",
        "A log group of another account or region is not found by its ARN.",
        "Answers without members are `{}`, where AWS sends no body at all.",
        "Rates of calls are not limited; pages are as full as they may be, and tokens do not expire.",
        "assumed: in filter patterns, a property that is not there satisfies NOT EXISTS and nothing else, and fields beyond \
         the last one of a space-delimited pattern belong to the last one.",
        "Where AWS documents no wording for a refusal, it is ours.",
    ],
};

impl Service for Logs {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &create_log_group::CreateLogGroup,
        &create_log_stream::CreateLogStream,
        &delete_log_group::DeleteLogGroup,
        &delete_log_stream::DeleteLogStream,
        &delete_resource_policy::DeleteResourcePolicy,
        &delete_retention_policy::DeleteRetentionPolicy,
        &describe_log_groups::DescribeLogGroups,
        &describe_log_streams::DescribeLogStreams,
        &describe_resource_policies::DescribeResourcePolicies,
        &filter_log_events::FilterLogEvents,
        &get_log_events::GetLogEvents,
        &list_tags_for_resource::ListTagsForResource,
        &list_tags_log_group::ListTagsLogGroup,
        &put_log_events::PutLogEvents,
        &put_resource_policy::PutResourcePolicy,
        &put_retention_policy::PutRetentionPolicy,
        &tag_log_group::TagLogGroup,
        &tag_resource::TagResource,
        &test_metric_filter::TestMetricFilter,
        &untag_log_group::UntagLogGroup,
        &untag_resource::UntagResource,
    ];

    fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("group", &mut self.groups, LogGroup::keep);
        book.map("policy", &mut self.policies);
        book.value("events_so_far", &mut self.events_so_far);
        if book.reads() {
            self.plan_all();
        }
    }

    fn fork(&mut self) -> Option<Self> {
        Some(self.clone())
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.agenda.first().map(|(due, _)| *due)
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        self.do_due_work(call);
    }

    fn receive(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Receipt, ApiError> {
        self.take_in(delivery, call)?;
        Ok(Receipt::Taken)
    }
}

/// `1 event`, `2 events`: for the timeline.
fn events(count: usize) -> String {
    format!("{count} event{}", if count == 1 { "" } else { "s" })
}

/// A stream of a group, for the timeline. Neither's name has a colon.
fn place(group: Option<&str>, stream: Option<&str>) -> String {
    format!("{}:{}", group.unwrap_or_default(), stream.unwrap_or_default())
}
