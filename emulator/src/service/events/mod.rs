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
//! - Endpoints are refused. Encryption, logging and dead-letter settings of buses are kept as states without further
//!   effect. There are no partners.
//! - Roles are asked for where AWS asks for them, and not looked at.
//! - The rest is in [`DESCRIPTION`], in the docs of [`pattern`], and in those of the operations.

mod api_destination;
mod archive;
pub mod bus;
mod bus_settings;
mod connection;
mod constraint;
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
mod list_rule_names_by_target;
mod list_rules;
mod list_tags_for_resource;
mod list_targets_by_rule;
mod managed;
mod page;
mod partner;
pub mod pattern;
mod policy;
mod put_events;
mod put_permission;
mod put_rule;
mod put_targets;
mod reception;
mod remove_permission;
mod remove_targets;
mod replay;
mod retry_policy;
mod rule;
mod rule_pattern;
mod rule_schedule;
mod rule_switch;
mod rules;
mod tag_resource;
mod tags;
mod target;
mod template;
mod test_event_pattern;
mod transformer;
mod untag_resource;
mod update_event_bus;

use std::collections::{BTreeMap, BTreeSet};

use self::api_destination::{ApiDestination, Pace};
use self::archive::Archive;
use self::bus::{Bus, BusName};
use self::connection::Connection;
use self::replay::Replay;
use crate::kernel::delivery::Failure;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{
    AnyOperation, ApiError, Call, Delivery, Protocol, Receipt, Scope, Service, ServiceDescription, Timestamp,
};

/// One account and region's state.
#[derive(Clone)]
pub struct Events {
    /// By name. The default bus is always there.
    buses: Kept<String, Bus>,
    archives: Kept<String, Archive>,
    replays: Kept<String, Replay>,
    /// When which replay goes on: follows from the replays.
    replays_due: BTreeSet<(Timestamp, String)>,
    connections: Kept<String, Connection>,
    api_destinations: Kept<String, ApiDestination>,
    /// How fast API destinations were called lately, by name. Not kept: another process counts from the beginning, and
    /// what waits for its turn comes at the moment that it was given.
    paces: BTreeMap<String, Pace>,
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
    not_implemented: &["CreateEndpoint", "DeleteEndpoint", "DescribeEndpoint", "ListEndpoints", "UpdateEndpoint"],
    not_implemented_at: &[],
    differences: &[
        "every kind of target is taken; a delivery to a service that is not here (Lambda, Step Functions, SNS, Firehose ...) fails on the timeline and goes to the dead-letter queue",
        "assumed: how far retries are apart (1 s, doubled up to 10 minutes, less up to a fifth by seed), and which error has which ERROR_CODE in a dead letter",
        "encryption, logging and dead-letter settings of event buses and archives are kept as states without further effect; any key will do",
        "there are no partners: their event sources are not found, lists are empty, and what only a partner may do is an OperationDisabledException (assumed)",
        "roles are asked for where AWS asks for them, and not looked at",
        "PutEvents to a bus of another account or region is accepted and sent there; what the bus's policy refuses is on the timeline, where AWS refuses the call",
        "of a policy's conditions those on the sender's account and ARN and on the event's source and detail-type are looked at; every account is in whatever organization a policy names (assumed)",
        "an event that came from another bus is refused by a third one, with THIRD_ACCOUNT_HOP_DETECTED or THIRD_REGION_HOP_DETECTED (assumed: which of them)",
        "an archive is ENABLED, and counts its events, at once; its managed rule delivers to the archive's own ARN",
        "a replay is STARTING for 100 ms of the clock, and then sends up to 1,000 events of one minute every 100 ms (assumed: AWS's pace)",
        "connections make no secret in Secrets Manager; those to private APIs are refused; DEAUTHORIZING lasts 100 ms of the clock, and a deleted connection is gone at once",
        "API destinations and authorization endpoints may be `http://`; `https://` needs the feature `https`, which the `rehearsal` command has",
        "assumed: how client credentials are sent for a token (HTTP Basic and parameters of the form), and that it is fetched anew 30 seconds before it expires",
        "assumed: GET, HEAD and OPTIONS calls of an API destination have no body; redirects are failures",
        "TraceHeader is checked and has no effect: no target here takes it",
        "rules take effect at once; AWS allows itself a short time",
        "assumed: a rule fires up to a minute late for a moment that no process was there for; older ones are passed over",
        "data directories and snapshots hold the secrets of connections as they were given; the pace of API destinations \
         begins anew with each process",
        "assumed: how complex the wildcards of a pattern may be; AWS does not publish its bound",
        "assumed: what a template inserts for a variable whose path finds nothing (an empty text), and that \
         `detail-type` is `detailType` in <aws.events.event>",
        "assumed: the wording of messages that AWS does not publish, such as those for paths, inputs, page tokens, tags, policies, managed rules and what connections lack",
        "assumed: InputPath without a match delivers `null`; PartitionKeyPath without one falls back to the event's id",
    ],
};

impl Service for Events {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &partner::activate_event_source::ActivateEventSource,
        &replay::cancel_replay::CancelReplay,
        &api_destination::create_api_destination::CreateApiDestination,
        &archive::create_archive::CreateArchive,
        &connection::create_connection::CreateConnection,
        &create_event_bus::CreateEventBus,
        &partner::create_partner_event_source::CreatePartnerEventSource,
        &partner::deactivate_event_source::DeactivateEventSource,
        &connection::deauthorize_connection::DeauthorizeConnection,
        &api_destination::delete_api_destination::DeleteApiDestination,
        &archive::delete_archive::DeleteArchive,
        &connection::delete_connection::DeleteConnection,
        &delete_event_bus::DeleteEventBus,
        &partner::delete_partner_event_source::DeletePartnerEventSource,
        &delete_rule::DeleteRule,
        &api_destination::describe_api_destination::DescribeApiDestination,
        &archive::describe_archive::DescribeArchive,
        &connection::describe_connection::DescribeConnection,
        &describe_event_bus::DescribeEventBus,
        &partner::describe_event_source::DescribeEventSource,
        &partner::describe_partner_event_source::DescribePartnerEventSource,
        &replay::describe_replay::DescribeReplay,
        &describe_rule::DescribeRule,
        &disable_rule::DisableRule,
        &enable_rule::EnableRule,
        &api_destination::list_api_destinations::ListApiDestinations,
        &archive::list_archives::ListArchives,
        &connection::list_connections::ListConnections,
        &list_event_buses::ListEventBuses,
        &partner::list_event_sources::ListEventSources,
        &partner::list_partner_event_source_accounts::ListPartnerEventSourceAccounts,
        &partner::list_partner_event_sources::ListPartnerEventSources,
        &replay::list_replays::ListReplays,
        &list_rule_names_by_target::ListRuleNamesByTarget,
        &list_rules::ListRules,
        &list_tags_for_resource::ListTagsForResource,
        &list_targets_by_rule::ListTargetsByRule,
        &put_events::PutEvents,
        &partner::put_partner_events::PutPartnerEvents,
        &put_permission::PutPermission,
        &put_rule::PutRule,
        &put_targets::PutTargets,
        &remove_permission::RemovePermission,
        &remove_targets::RemoveTargets,
        &replay::start_replay::StartReplay,
        &tag_resource::TagResource,
        &test_event_pattern::TestEventPattern,
        &untag_resource::UntagResource,
        &api_destination::update_api_destination::UpdateApiDestination,
        &archive::update_archive::UpdateArchive,
        &connection::update_connection::UpdateConnection,
        &update_event_bus::UpdateEventBus,
    ];

    fn keep(&mut self, book: &mut Book<'_>) {
        if book.reads() {
            self.buses = Kept::default();
        }
        book.map_of("bus", &mut self.buses, Bus::keep);
        book.map_of("archive", &mut self.archives, Archive::keep);
        book.map("replay", &mut self.replays);
        book.map_of("connection", &mut self.connections, Connection::keep);
        book.map("api_destination", &mut self.api_destinations);
        if book.reads() {
            self.buses.get_or_insert_with(bus::DEFAULT.to_owned(), Bus::default_one);
            self.replays_due = self.replays.values().filter_map(Replay::due).collect();
        }
    }

    /// What calls outside find out about a connection in one world is no news in the other.
    fn fork(&mut self) -> Option<Self> {
        let apart = self.connections.iter().map(|(name, connection)| (name.clone(), connection.apart()));
        Some(Self { connections: apart.collect(), ..self.clone() })
    }

    fn explain(failure: &Failure) -> Vec<(&'static str, String)> {
        dead_letter::explain(failure)
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.next_firing().into_iter().chain(self.next_replay()).min()
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        self.fire_due(call);
        self.run_replays(call);
    }

    fn receive(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Receipt, ApiError> {
        self.take_delivery(delivery, call)
    }
}

impl Default for Events {
    fn default() -> Self {
        Self {
            buses: Kept::from_iter([(bus::DEFAULT.to_owned(), Bus::default_one())]),
            archives: Kept::default(),
            replays: Kept::default(),
            replays_due: BTreeSet::new(),
            connections: Kept::default(),
            api_destinations: Kept::default(),
            paces: BTreeMap::new(),
        }
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
