//! Amazon EventBridge: buses, rules with event patterns, targets, and the way of an event to them.
//!
//! Every account has a `default` bus in every region. `put_events` wraps each
//! entry into an event, `delivery` asks the rules of its bus and sends to the
//! targets of those that match, over the kernel's bus.
//!
//! Where AWS's wording or behaviour could not be learnt, the code says "assumed".
//!
//! # Differences
//!
//! - Every kind of target is taken; a delivery to a service that is not here fails, on the timeline.
//! - Tags, partner sources, encryption and logging settings are refused.
//! - Roles are asked for where AWS asks for them, and not looked at.
//! - The rest is in [`DESCRIPTION`], in the docs of [`pattern`], and in those of the operations.

pub mod bus;
mod create_event_bus;
mod dead_letter;
mod delete_event_bus;
mod delete_rule;
mod delivery;
mod describe_event_bus;
mod describe_rule;
mod destination;
mod disable_rule;
mod enable_rule;
mod event;
mod given_target;
mod input;
mod json_path;
mod list_event_buses;
mod list_rules;
mod list_targets_by_rule;
mod page;
pub mod pattern;
mod put_events;
mod put_rule;
mod put_targets;
mod remove_targets;
mod retry_policy;
mod rule;
mod rule_schedule;
mod rule_switch;
mod rules;
mod target;
mod template;
mod test_event_pattern;
mod transformer;

use std::collections::BTreeMap;

use self::bus::{Bus, BusName};
use crate::kernel::{AnyOperation, ApiError, Call, Protocol, Scope, Service, ServiceDescription, Timestamp};

/// One account and region's state.
pub struct Events {
    /// By name. The default bus is always there.
    buses: BTreeMap<String, Bus>,
}

/// How many of something an account or rule may have: AWS's default quotas.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html>
const BUSES_MAX: usize = 100;
const RULES_PER_BUS_MAX: usize = 300;
const TARGETS_PER_RULE_MAX: usize = 5;

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: "events",
    title: "Amazon EventBridge",
    signing_name: "events",
    target_prefix: "AWSEvents",
    protocol: Protocol::AwsJson1_1,
    // Entries may add up to 1 MB, which quotes inside a text can double. Assumed: AWS does not publish its bound.
    body_bytes_max: 2 << 20,
    error_namespace: |_| "",
    crc32: false,
    cbor: false,
    throttled: |_| ApiError::with_status(400, "ThrottlingException", "Rate exceeded"),
    not_implemented: &[
        "ActivateEventSource",
        "CancelReplay",
        "CreateApiDestination",
        "CreateArchive",
        "CreateConnection",
        "CreateEndpoint",
        "CreatePartnerEventSource",
        "DeactivateEventSource",
        "DeauthorizeConnection",
        "DeleteApiDestination",
        "DeleteArchive",
        "DeleteConnection",
        "DeleteEndpoint",
        "DeletePartnerEventSource",
        "DescribeApiDestination",
        "DescribeArchive",
        "DescribeConnection",
        "DescribeEndpoint",
        "DescribeEventSource",
        "DescribePartnerEventSource",
        "DescribeReplay",
        "ListApiDestinations",
        "ListArchives",
        "ListConnections",
        "ListEndpoints",
        "ListEventSources",
        "ListPartnerEventSourceAccounts",
        "ListPartnerEventSources",
        "ListReplays",
        "ListRuleNamesByTarget",
        "ListTagsForResource",
        "PutPartnerEvents",
        "PutPermission",
        "RemovePermission",
        "StartReplay",
        "TagResource",
        "UntagResource",
        "UpdateApiDestination",
        "UpdateArchive",
        "UpdateConnection",
        "UpdateEndpoint",
        "UpdateEventBus",
    ],
    differences: &[
        "every kind of target is taken; a delivery to a service that is not here (Lambda, Step Functions, SNS, Firehose ...) fails on the timeline and goes to the dead-letter queue",
        "assumed: how far retries are apart (1 s, doubled up to 10 minutes, less up to a fifth by seed), and which error has which ERROR_CODE in a dead letter",
        "tags, partner event sources, encryption and logging settings are refused",
        "roles are asked for where AWS asks for them, and not looked at",
        "PutEvents to a bus of another account or region fails per entry (NotImplemented)",
        "TraceHeader is checked and has no effect: no target here would receive it",
        "rules take effect at once; AWS allows itself a short time",
        "assumed: how complex the wildcards of a pattern may be; AWS does not publish its bound",
        "assumed: what a template inserts for a variable whose path finds nothing (an empty text), and that \
         `detail-type` is `detailType` in <aws.events.event>",
        "assumed: the wording of messages that AWS does not publish, such as those for paths, inputs and page tokens",
        "assumed: InputPath without a match delivers `null`; PartitionKeyPath without one falls back to the event's id",
    ],
};

impl Service for Events {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &create_event_bus::CreateEventBus,
        &delete_event_bus::DeleteEventBus,
        &delete_rule::DeleteRule,
        &describe_event_bus::DescribeEventBus,
        &describe_rule::DescribeRule,
        &disable_rule::DisableRule,
        &enable_rule::EnableRule,
        &list_event_buses::ListEventBuses,
        &list_rules::ListRules,
        &list_targets_by_rule::ListTargetsByRule,
        &put_events::PutEvents,
        &put_rule::PutRule,
        &put_targets::PutTargets,
        &remove_targets::RemoveTargets,
        &test_event_pattern::TestEventPattern,
    ];

    fn next_due(&self) -> Option<Timestamp> {
        self.buses.get(bus::DEFAULT).and_then(Bus::next_firing)
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        self.fire_due(call);
    }
}

impl Default for Events {
    fn default() -> Self {
        let default = Bus::new(bus::DEFAULT, None);
        Self { buses: BTreeMap::from([(bus::DEFAULT.to_owned(), default)]) }
    }
}

impl Events {
    /// The bus of that name or ARN, which must be one of this account and region.
    fn bus(&self, name: &BusName, scope: &Scope) -> Result<&Bus, ApiError> {
        let bus = name.is_in(scope).then(|| self.buses.get(&name.name)).flatten();
        bus.ok_or_else(|| bus::does_not_exist(&name.name))
    }

    fn bus_mut(&mut self, name: &BusName, scope: &Scope) -> Result<&mut Bus, ApiError> {
        let bus = if name.is_in(scope) { self.buses.get_mut(&name.name) } else { None };
        bus.ok_or_else(|| bus::does_not_exist(&name.name))
    }
}

/// One more of something than the account may have.
fn limit_exceeded() -> ApiError {
    ApiError::new("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
}
