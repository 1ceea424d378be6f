//! A replay: archived events of some time, sent to their bus again.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html>
//!
//! AWS: "A replay processes events to replay based on the time in the event, and replays them using 1 minute
//! intervals." Here a replay is STARTING for a moment; then it sends the events of a minute, up to a thousand of them
//! at once, and after another moment the next, until there are none.
//!
//! # Differences
//!
//! - How fast AWS goes is not documented; a moment is 100 ms of the clock (assumed).
//! - Replays are kept for ever; AWS forgets them after 90 days.

pub mod cancel_replay;
pub mod describe_replay;
pub mod list_replays;
pub mod start_replay;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Events;
use super::archive::{self, Place};
use super::delivery::{self, Way};
use crate::kernel::{ApiError, Arn, Call, EventId, Timestamp};

const MOMENT: Duration = Duration::from_millis(100);
/// assumed.
const BATCH_MAX: usize = 1000;
pub const STATES: [&str; 6] = ["STARTING", "RUNNING", "CANCELLING", "COMPLETED", "CANCELLED", "FAILED"];

#[derive(Clone, Serialize, Deserialize)]
pub struct Replay {
    pub name: String,
    pub description: Option<String>,
    /// As the caller gave it.
    pub archive_arn: String,
    pub archive_name: String,
    pub destination: Destination,
    /// The times in events between which they are replayed.
    pub from: Timestamp,
    pub until: Timestamp,
    pub state: State,
    pub state_reason: Option<String>,
    pub last_replayed: Option<Timestamp>,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    pub started_by: EventId,
    /// Where in the archive it goes on, and when.
    next: Place,
    goes_on: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    Starting,
    Running,
    Cancelling,
    Completed,
    Cancelled,
    Failed,
}

/// The bus, and the only rules that may have the events.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Destination {
    pub arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_arns: Option<Vec<String>>,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Cancelling => "CANCELLING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Failed => "FAILED",
        }
    }
}

impl Replay {
    /// When it goes on, and its name.
    pub fn due(&self) -> Option<(Timestamp, String)> {
        self.goes_on.map(|due| (due, self.name.clone()))
    }

    fn end(&mut self, state: State, now: Timestamp) {
        self.state = state;
        self.ended = Some(now);
    }
}

pub fn arn(name: &str, call: &Call<'_>) -> Arn {
    call.arn("events", format!("replay/{name}"))
}

pub fn does_not_exist(name: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("Replay {name} does not exist."))
}

impl Events {
    /// When the next replay goes on.
    pub fn next_replay(&self) -> Option<Timestamp> {
        self.replays_due.first().map(|(due, _)| *due)
    }

    /// Takes every replay that is due a step further.
    pub fn run_replays(&mut self, call: &mut Call<'_>) {
        while self.next_replay().is_some_and(|due| due <= call.now) {
            let Some((_, name)) = self.replays_due.pop_first() else { return };
            let goes_on = self.step(&name, call).then_some(call.now + MOMENT);
            let Some(replay) = self.replays.get_mut(&name) else { continue };
            replay.goes_on = goes_on;
            self.replays_due.extend(replay.due());
        }
    }

    /// Says whether there is a next step.
    fn step(&mut self, name: &str, call: &mut Call<'_>) -> bool {
        let Self { replays, archives, buses, .. } = self;
        let Some(replay) = replays.get_mut(name) else { return false };
        call.timer("events", "replay", name, Some(replay.started_by));
        if replay.state == State::Cancelling {
            replay.end(State::Cancelled, call.now);
            call.note("cancelled");
            return false;
        }
        let archive = archive::look_at(archives, &replay.archive_name, call.now);
        let found = archive.and_then(|archive| buses.get(&archive.bus_name).map(|bus| (archive, bus)));
        let Some((archive, bus)) = found else {
            replay.end(State::Failed, call.now);
            // assumed: the wording.
            replay.state_reason = Some(format!("Archive {} does not exist.", replay.archive_name));
            call.note("failed, the archive is gone");
            return false;
        };
        let batch = archive.batch(replay.next, replay.until, BATCH_MAX);
        let Some(((last, number), _)) = batch.last() else {
            replay.end(State::Completed, call.now);
            call.note("completed");
            return false;
        };
        replay.state = State::Running;
        replay.next = (*last, number + 1);
        replay.last_replayed = Some(*last);
        let way = Way { rules: replay.destination.filter_arns.as_deref(), ..Way::default() };
        let mut matched = 0;
        for (_, event) in &batch {
            // What was archived was an event.
            let Ok(mut event) = serde_json::from_slice::<Value>(event) else { continue };
            event["replay-name"] = name.into();
            let id = event["id"].as_str().unwrap_or_default().to_owned();
            matched += delivery::deliver_on(way, bus, &id, &event, call);
        }
        call.note(format!("{} replayed", batch.len()));
        call.note(format!("{matched} matched"));
        true
    }
}
