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
mod stored;
pub mod update_archive;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use self::stored::Place;
use self::stored::Stored;
use super::bus::Bus;
use super::given_target::GivenTarget;
use super::rule::{Rule, RuleState};
use super::rule_pattern::RulePattern;
use super::tags::Tags;
use super::target::Target;
use super::{Events, put_rule};
use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Arn, Call, EventId, Timestamp};

/// Who looks after the rules of archives on AWS.
const MANAGED_BY: &str = "prod.vhs.events.aws.internal";
const SECONDS_A_DAY: u64 = 86_400;
pub const STATES: [&str; 6] = ["ENABLED", "DISABLED", "CREATING", "UPDATING", "CREATE_FAILED", "UPDATE_FAILED"];

#[derive(Clone, Serialize, Deserialize)]
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
    #[serde(skip)]
    events: Stored,
}

/// The one state that an archive has here.
pub const STATE: &str = "ENABLED";

impl Archive {
    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        self.events.keep(book);
    }

    /// Takes an event in.
    pub fn store(&mut self, event: Bytes, now: Timestamp) -> Result<(), ApiError> {
        self.forget(now);
        self.events.add(time_of(&event)?, event, now);
        Ok(())
    }

    /// What came by this moment is older than the archive keeps.
    fn horizon(&self, now: Timestamp) -> Option<Timestamp> {
        let kept = Duration::from_secs(u64::from(self.retention_days).saturating_mul(SECONDS_A_DAY));
        (self.retention_days > 0).then(|| now - kept)
    }

    fn has_expired(&self, now: Timestamp) -> bool {
        self.horizon(now).is_some_and(|horizon| self.events.oldest().is_some_and(|came| came <= horizon))
    }

    fn forget(&mut self, now: Timestamp) {
        if let Some(horizon) = self.horizon(now) {
            self.events.forget(horizon);
        }
    }

    /// The next events to be replayed, as [`Stored::batch`] has them.
    pub fn batch(&self, from: Place, until: Timestamp, max: usize) -> Vec<(Place, Bytes)> {
        self.events.batch(from, until, max)
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
            pattern: Some(RulePattern::try_from(event_pattern)?),
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
    fn of(archive: &Archive) -> Self {
        let (event_count, size_bytes) = archive.events.size();
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

/// The archive of that name, without the events that are too old for it. Whoever looks at an archive does so through
/// this: no timer is needed, and where nothing is too old nothing changes.
pub fn look_at<'a>(archives: &'a mut Kept<String, Archive>, name: &str, now: Timestamp) -> Option<&'a Archive> {
    if archives.get(name)?.has_expired(now) {
        archives.get_mut(name)?.forget(now);
    }
    archives.get(name)
}

impl Events {
    fn archive(&mut self, name: &str, now: Timestamp) -> Result<&Archive, ApiError> {
        look_at(&mut self.archives, name, now).ok_or_else(|| does_not_exist(name))
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
        let mut archives = Kept::from_iter([("all".to_owned(), archive(1))]);
        let day = Duration::from_secs(SECONDS_A_DAY);
        let start = Timestamp::from_secs(1_000);
        for came in [start, start + day / 2] {
            archives.get_mut("all").unwrap().store(event("2026-01-01T00:00:00Z"), came).unwrap();
        }
        let mut size = |now| look_at(&mut archives, "all", now).unwrap().events.size();
        assert_eq!(size(start + day - Duration::from_secs(1)), (2, 62));
        assert_eq!(size(start + day), (1, 31));
        assert_eq!(size(start + day * 2), (0, 0));
    }

    #[test]
    fn a_batch_is_of_one_minute_in_the_order_of_time() {
        let mut archive = archive(0);
        let now = Timestamp::from_secs(0);
        for time in ["00:01:05", "00:00:59", "00:01:00", "00:00:01", "00:02:00"] {
            archive.store(event(&format!("1970-01-01T{time}Z")), now).unwrap();
        }
        let (mut from, until) = ((Timestamp::from_secs(1), 0), Timestamp::from_secs(119));
        let mut batches = Vec::new();
        loop {
            let batch = archive.batch(from, until, 10);
            let Some(((time, number), _)) = batch.last() else { break };
            from = (*time, number + 1);
            batches.push(batch.iter().map(|((time, _), _)| time.as_secs()).collect::<Vec<_>>());
        }
        assert_eq!(batches, [vec![1, 59], vec![60, 65]]);
        assert_eq!(archive.batch((now, 0), until, 1).len(), 1);
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
