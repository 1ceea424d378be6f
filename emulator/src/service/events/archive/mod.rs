//! An archive: the events of a bus that fit a pattern, kept until their days are over, to be replayed.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html>
//!
//! An archive gets its events as AWS's do: by a managed rule on the bus, which replayed events do not match, whose
//! target is the archive.
//!
//! # Differences
//!
//! - An archive is ENABLED at once, and counts its events at once; AWS reconciles counts within 24 hours.

pub mod create_archive;
pub mod delete_archive;
pub mod describe_archive;
pub mod list_archives;
pub mod update_archive;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::bus::Bus;
use super::given_target::GivenTarget;
use super::rule::{Rule, RuleState};
use super::tags::Tags;
use super::target::Target;
use super::{Events, put_rule};
use crate::kernel::{ApiError, Arn, Call, EventId, Timestamp};

/// Who looks after the rules of archives on AWS.
const MANAGED_BY: &str = "prod.vhs.events.aws.internal";
const SECONDS_A_DAY: u64 = 86_400;
pub const STATES: [&str; 6] = ["ENABLED", "DISABLED", "CREATING", "UPDATING", "CREATE_FAILED", "UPDATE_FAILED"];

pub struct Archive {
    pub name: String,
    /// The ARN of the bus, as the caller gave it.
    pub source_arn: String,
    pub bus_name: String,
    pub description: Option<String>,
    pub event_pattern: Option<String>,
    /// 0 keeps events for ever.
    pub retention_days: u32,
    pub kms_key_identifier: Option<String>,
    pub created: Timestamp,
    pub written_by: EventId,
    events: Stored,
}

/// The one state that an archive has here.
pub const STATE: &str = "ENABLED";

#[derive(Default)]
struct Stored {
    /// By the time in the event, and then as they came.
    by_time: BTreeMap<Place, Bytes>,
    /// When each came, and its place: the oldest first.
    by_age: VecDeque<(Timestamp, Place)>,
    so_far: u64,
    bytes: u64,
}

/// Where an event is in an archive.
pub type Place = (Timestamp, u64);

impl Archive {
    /// Keeps an event.
    pub fn keep(&mut self, event: Bytes, now: Timestamp) -> Result<(), ApiError> {
        self.forget(now);
        let place = (time_of(&event)?, self.events.so_far);
        self.events.so_far += 1;
        self.events.bytes += event.len() as u64;
        self.events.by_time.insert(place, event);
        self.events.by_age.push_back((now, place));
        Ok(())
    }

    /// Drops what is older than the archive keeps. Whoever looks at the events does this first, so that no timer is
    /// needed.
    fn forget(&mut self, now: Timestamp) {
        if self.retention_days == 0 {
            return;
        }
        let kept = Duration::from_secs(u64::from(self.retention_days).saturating_mul(SECONDS_A_DAY));
        while self.events.by_age.front().is_some_and(|(came, _)| *came + kept <= now) {
            let Some((_, place)) = self.events.by_age.pop_front() else { return };
            let event = self.events.by_time.remove(&place).unwrap_or_default();
            self.events.bytes -= event.len() as u64;
        }
    }

    pub fn count(&mut self, now: Timestamp) -> (usize, u64) {
        self.forget(now);
        (self.events.by_time.len(), self.events.bytes)
    }

    /// The next events from `from` on, of one minute, up to `max` of them, none later than `until`; and the place
    /// behind them.
    pub fn batch(&mut self, from: Place, until: Timestamp, max: usize, now: Timestamp) -> Vec<(Place, Bytes)> {
        self.forget(now);
        let mut range = self.events.by_time.range(from..=(until, u64::MAX)).peekable();
        let Some(((first, _), _)) = range.peek() else { return Vec::new() };
        let minute = |time: Timestamp| time.as_secs().div_euclid(60);
        let first = minute(*first);
        range
            .take_while(|((time, _), _)| minute(*time) == first)
            .take(max)
            .map(|(at, event)| (*at, event.clone()))
            .collect()
    }

    fn arn(&self, call: &Call<'_>) -> Arn {
        arn(&self.name, call)
    }

    fn rule_name(&self) -> String {
        format!("Events-Archive-{}", self.name)
    }

    /// Puts the rule that feeds the archive on its bus.
    fn put_rule(&self, bus: &mut Bus, call: &Call<'_>) -> Result<(), ApiError> {
        let event_pattern = pattern(self.event_pattern.as_deref())?;
        let mut given = GivenTarget::default();
        given.id = Some(self.name.clone());
        given.arn = Some(format!("arn:aws:events:{}:::", call.scope.region));
        let target = Target::to(self.arn(call), given)?;
        let rule = Rule {
            name: self.rule_name(),
            bus_name: bus.name.clone(),
            pattern: Some(put_rule::compile(&event_pattern)?),
            event_pattern: Some(event_pattern),
            schedule: None,
            state: RuleState::Enabled,
            description: None,
            role_arn: None,
            managed_by: Some(MANAGED_BY.to_owned()),
            tags: Tags::default(),
            targets: BTreeMap::from([(self.name.clone(), target)]),
            written_by: call.event,
        };
        bus.rules.insert(rule.name.clone(), rule);
        Ok(())
    }
}

pub fn arn(name: &str, call: &Call<'_>) -> Arn {
    call.arn("events", format!("archive/{name}"))
}

pub fn does_not_exist(name: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("Archive {name} does not exist."))
}

/// What a managed rule asks for: the archive's own pattern, and that the event is none of a replay.
fn pattern(given: Option<&str>) -> Result<String, ApiError> {
    let mut fields = Map::new();
    if let Some(given) = given {
        // Its errors are those of the caller's own text.
        put_rule::compile(given)?;
        if let Ok(Value::Object(own)) = serde_json::from_str(given) {
            fields = own;
        }
    }
    fields.entry("replay-name").or_insert_with(|| json!([{"exists": false}]));
    Ok(Value::Object(fields).to_string())
}

/// The time in an event.
fn time_of(event: &[u8]) -> Result<Timestamp, ApiError> {
    #[derive(serde::Deserialize)]
    struct Time {
        time: String,
    }
    let time = serde_json::from_slice::<Time>(event).ok().and_then(|event| event.time.parse::<jiff::Timestamp>().ok());
    let time = time.ok_or_else(|| ApiError::validation("An event that is archived has a time."))?;
    Ok(Timestamp::from_millis(time.as_millisecond()))
}

/// What the answers of CreateArchive and UpdateArchive have.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Written {
    archive_arn: Arn,
    state: &'static str,
    creation_time: Timestamp,
}

impl Written {
    fn of(archive: &Archive, call: &Call<'_>) -> Self {
        Self { archive_arn: archive.arn(call), state: STATE, creation_time: archive.created }
    }
}

/// What DescribeArchive and ListArchives have in common.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ArchiveEntry {
    archive_name: String,
    event_source_arn: String,
    state: &'static str,
    retention_days: u32,
    size_bytes: u64,
    event_count: usize,
    creation_time: Timestamp,
}

impl ArchiveEntry {
    fn of(archive: &mut Archive, now: Timestamp) -> Self {
        let (event_count, size_bytes) = archive.count(now);
        Self {
            archive_name: archive.name.clone(),
            event_source_arn: archive.source_arn.clone(),
            state: STATE,
            retention_days: archive.retention_days,
            size_bytes,
            event_count,
            creation_time: archive.created,
        }
    }
}

impl Events {
    fn archive_mut(&mut self, name: &str) -> Result<&mut Archive, ApiError> {
        self.archives.get_mut(name).ok_or_else(|| does_not_exist(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(retention_days: u32) -> Archive {
        Archive {
            name: "all".to_owned(),
            source_arn: String::new(),
            bus_name: "default".to_owned(),
            description: None,
            event_pattern: None,
            retention_days,
            kms_key_identifier: None,
            created: Timestamp::from_secs(0),
            written_by: EventId(0),
            events: Stored::default(),
        }
    }

    fn event(time: &str) -> Bytes {
        format!(r#"{{"time":"{time}"}}"#).into()
    }

    #[test]
    fn events_are_kept_for_their_days() {
        let mut archive = archive(1);
        let day = Duration::from_secs(SECONDS_A_DAY);
        let start = Timestamp::from_secs(1_000);
        archive.keep(event("2026-01-01T00:00:00Z"), start).unwrap();
        archive.keep(event("2026-01-01T00:00:00Z"), start + day / 2).unwrap();
        assert_eq!(archive.count(start + day - Duration::from_secs(1)), (2, 62));
        assert_eq!(archive.count(start + day), (1, 31));
        assert_eq!(archive.count(start + day * 2), (0, 0));
    }

    #[test]
    fn a_batch_is_of_one_minute_in_the_order_of_time() {
        let mut archive = archive(0);
        let now = Timestamp::from_secs(0);
        for time in ["00:01:05", "00:00:59", "00:01:00", "00:00:01", "00:02:00"] {
            archive.keep(event(&format!("1970-01-01T{time}Z")), now).unwrap();
        }
        let (mut from, until) = ((Timestamp::from_secs(1), 0), Timestamp::from_secs(119));
        let mut batches = Vec::new();
        loop {
            let batch = archive.batch(from, until, 10, now);
            let Some(((time, number), _)) = batch.last() else { break };
            from = (*time, number + 1);
            batches.push(batch.iter().map(|((time, _), _)| time.as_secs()).collect::<Vec<_>>());
        }
        assert_eq!(batches, [vec![1, 59], vec![60, 65]]);
        assert_eq!(archive.batch((now, 0), until, 1, now).len(), 1);
    }

    #[test]
    fn replayed_events_are_not_archived_again() {
        for (given, expected) in [
            (None, r#"{"replay-name":[{"exists":false}]}"#),
            (Some(r#"{"source":["shop"]}"#), r#"{"source":["shop"],"replay-name":[{"exists":false}]}"#),
        ] {
            assert_eq!(pattern(given).unwrap(), expected);
        }
        assert_eq!(pattern(Some("{")).unwrap_err().code, "InvalidEventPatternException");
    }
}
