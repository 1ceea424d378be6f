//! Amazon EventBridge Scheduler: schedules in groups, each of which invokes one target, on the clock.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html>
//!
//! When a schedule comes is said in a language of its own ([`crate::schedule`]). Its next occurrence is on the agenda;
//! each invocation is an event on the timeline and a delivery over the bus, with the retry policy and the dead-letter
//! queue of its target (`invocation.rs`).
//!
//! # Differences
//!
//! - Invocations come at the first moment of their minute, where AWS lets them come at any of its 60 seconds.
//! - A group is deleted at once, with its schedules; nobody sees it DELETING.
//! - A schedule that is to be deleted after its completion goes with its last invocation, while that may still be retried.
//! - Roles and keys are looked at for their form only.
//! - The service and the operation of a universal target are looked up when it is invoked, and not before. Targets whose
//!   services are not here are accepted, and every delivery to them fails at once.
//! - Entries that an event bus refuses do not count as a failed delivery.
//! - There is no limit on invocations and calls a second.
//! - An occurrence that a process was not there for is made up for within its flexible window, and without one within a
//!   minute; one of a one-time schedule, whenever a process is there again. Others are passed over (assumed).
//! - What AWS does not document is marked `assumed` in the code.

mod agenda;
mod client_token;
mod create_schedule;
mod create_schedule_group;
mod dead_letter;
mod definition;
mod delete_schedule;
mod delete_schedule_group;
mod ecs_parameters;
mod get_schedule;
mod get_schedule_group;
mod given_target;
mod group;
mod invocation;
mod list_schedule_groups;
mod list_schedules;
mod list_tags_for_resource;
mod member_names;
mod page;
mod pattern;
mod refusal;
mod schedule;
mod tag_resource;
mod tags;
mod target;
mod template;
mod untag_resource;
mod update_schedule;

use std::collections::BTreeMap;

use bytes::Bytes;

use self::agenda::Agenda;
use self::client_token::ClientTokens;
use self::group::Group;
use self::schedule::Schedule;
use crate::kernel::delivery::Failure;
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{AnyOperation, ApiError, Call, Protocol, Service, ServiceDescription, Timestamp};

/// The service's name on the timeline.
const SERVICE: &str = "scheduler";

/// How many of something an account may have: AWS's default quotas.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html>
const GROUPS_MAX: usize = 500;
const SCHEDULES_MAX: usize = 10_000_000;

/// One account and region's state.
#[derive(Clone, Debug, Default)]
pub struct Scheduler {
    /// By name. To be reached through `groups`, which knows that there is always one of the name `default`.
    groups: Kept<String, Group>,
    /// Follows from the schedules.
    agenda: Agenda,
    tokens: ClientTokens,
    schedules_so_far: Single<u64>,
}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: SERVICE,
    title: "Amazon EventBridge Scheduler",
    signing_name: "scheduler",
    target_prefix: "",
    protocol: Protocol::RestJson1,
    // An input has no bound in AWS's model; a request has, and AWS does not publish it. Assumed.
    body_bytes_max: 1 << 20,
    error_namespace: |_| "",
    crc32: false,
    cbor: false,
    throttled: |_| refusal::throttled(),
    not_implemented: &[],
    not_implemented_at: &[],
    differences: &[
        "invocations come at the first moment of their minute",
        "a group is deleted at once, with its schedules; nobody sees it DELETING",
        "a schedule that is to be deleted after its completion goes with its last invocation, while that may still be \
         retried",
        "roles and keys are looked at for their form only",
        "service and operation of a universal target are looked up when it is invoked; targets whose services are not \
         here are accepted, and every delivery to them fails at once",
        "entries that an event bus refuses do not count as a failed delivery",
        "there is no limit on invocations and calls a second",
        "assumed: a one-time schedule whose time has passed is invoked at once; AWS says that it may be",
        "assumed: an occurrence that no process was there for is invoked late within its flexible window or, without one, \
         within a minute, and that of a one-time schedule however late; others are passed over",
        "assumed: a rate that is updated counts on, unless its expression or start date changes",
        "assumed: inputs of universal targets whose APIs begin members in lower case take them in Pascal case at every depth, and as the API writes them",
        "assumed: a client token is valid for 10 minutes, and the wording of messages that AWS does not publish",
    ],
};

impl Service for Scheduler {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &create_schedule::CreateSchedule,
        &create_schedule_group::CreateScheduleGroup,
        &delete_schedule::DeleteSchedule,
        &delete_schedule_group::DeleteScheduleGroup,
        &get_schedule::GetSchedule,
        &get_schedule_group::GetScheduleGroup,
        &list_schedule_groups::ListScheduleGroups,
        &list_schedules::ListSchedules,
        &list_tags_for_resource::ListTagsForResource,
        &tag_resource::TagResource,
        &untag_resource::UntagResource,
        &update_schedule::UpdateSchedule,
    ];

    fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("group", &mut self.groups, Group::keep);
        self.tokens.keep(book);
        book.value("schedules_so_far", &mut self.schedules_so_far);
        if book.reads() {
            self.agenda =
                self.groups.values().flat_map(|group| group.schedules.values()).filter_map(Schedule::entry).collect();
        }
    }

    fn fork(&mut self) -> Option<Self> {
        Some(self.clone())
    }

    fn number(body: &Bytes, attempt: u32) -> Bytes {
        invocation::number(body, attempt)
    }

    fn explain(failure: &Failure) -> Vec<(&'static str, String)> {
        dead_letter::explain(failure)
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.agenda.next_due()
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        while let Some((id, key)) = self.agenda.take_due(call.now) {
            self.invoke(id, key, call);
        }
    }
}

impl Scheduler {
    /// All groups. The default one was always there: since someone first looked.
    fn groups(&mut self, now: Timestamp) -> &mut Kept<String, Group> {
        if self.groups.is_empty() {
            self.groups.insert(group::DEFAULT.to_owned(), Group::new(BTreeMap::new(), now));
        }
        &mut self.groups
    }

    fn group(&mut self, name: &str, now: Timestamp) -> Result<&Group, ApiError> {
        self.groups(now).get(name).ok_or_else(|| refusal::no_group(name))
    }

    /// A group that is to be changed.
    fn group_mut(&mut self, name: &str, now: Timestamp) -> Result<&mut Group, ApiError> {
        self.groups(now).get_mut(name).ok_or_else(|| refusal::no_group(name))
    }

    /// Whether there are as many schedules as there may be.
    fn is_full(&self) -> bool {
        self.groups.values().map(|group| group.schedules.len()).sum::<usize>() >= SCHEDULES_MAX
    }
}
