//! A schedule group: schedules that are made, listed and deleted together, with tags.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pattern::NAME;
use super::schedule::Schedule;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{Arn, Call, Timestamp, Violations};

pub const DEFAULT: &str = "default";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Group {
    /// By name.
    #[serde(skip)]
    pub schedules: Kept<String, Schedule>,
    pub tags: BTreeMap<String, String>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

/// A group as answers describe it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Described {
    arn: Arn,
    creation_date: Timestamp,
    last_modification_date: Timestamp,
    name: String,
    state: &'static str,
}

impl Group {
    pub fn new(tags: BTreeMap<String, String>, now: Timestamp) -> Self {
        Self { schedules: Kept::default(), tags, created: now, modified: now }
    }

    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("schedule", &mut self.schedules);
    }

    pub fn described(&self, name: &str, call: &Call<'_>) -> Described {
        Described {
            arn: arn(name, call),
            creation_date: self.created,
            last_modification_date: self.modified,
            name: name.to_owned(),
            state: "ACTIVE",
        }
    }
}

pub fn arn(name: &str, call: &Call<'_>) -> Arn {
    call.arn("scheduler", format!("schedule-group/{name}"))
}

/// The constraints of a name of a group or schedule.
pub fn check_name(violations: &mut Violations, member: &str, name: Option<&str>) {
    NAME.check(violations, member, name, 1, 64);
}
