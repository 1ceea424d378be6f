//! The class of a table: what its storage costs, nothing else.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.TableClasses.html>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::account_limits::limit_exceeded;
use crate::kernel::{ApiError, Timestamp};

/// "You cannot make more than two table class updates in a 30-day trailing period".
const CHANGES_MAX: usize = 2;
const CHANGES_WINDOW: Duration = Duration::from_hours(30 * 24);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableClass {
    #[default]
    Standard,
    StandardInfrequentAccess,
}

impl TableClass {
    /// AWS checks this member by itself, not with those of its model.
    pub fn parse(name: &str) -> Result<Self, ApiError> {
        let all = [Self::Standard, Self::StandardInfrequentAccess];
        all.into_iter().find(|class| class.name() == name).ok_or_else(|| {
            ApiError::validation(
                "Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, \
                 STANDARD_INFREQUENT_ACCESS].",
            )
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::StandardInfrequentAccess => "STANDARD_INFREQUENT_ACCESS",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassHistory {
    pub class: TableClass,
    /// Whether CreateTable or a change has set it: until then AWS does not tell the class.
    told: bool,
    changes: Vec<Timestamp>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TableClassSummary {
    table_class: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_update_date_time: Option<Timestamp>,
}

impl ClassHistory {
    pub fn new(given: Option<TableClass>) -> Self {
        Self { class: given.unwrap_or_default(), told: given.is_some(), changes: Vec::new() }
    }

    /// Spent changes refuse even the class that the table has.
    pub fn check_change(&self, now: Timestamp) -> Result<(), ApiError> {
        let recent = self.changes.iter().filter(|at| **at + CHANGES_WINDOW > now).count();
        if recent < CHANGES_MAX {
            return Ok(());
        }
        Err(limit_exceeded(format!("Updates to TableClass are limited to {CHANGES_MAX} times in 30 day(s).")))
    }

    pub fn change(&mut self, class: TableClass, now: Timestamp) {
        self.class = class;
        self.told = true;
        self.changes.push(now);
    }

    pub fn summary(&self) -> Option<TableClassSummary> {
        let last_update_date_time = self.changes.last().copied();
        self.told.then(|| TableClassSummary { table_class: self.class.name(), last_update_date_time })
    }
}
