//! A rule: which events it wants, and where they go.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bus;
use super::rule_pattern::RulePattern;
use super::rule_schedule::RuleSchedule;
use super::tags::Tags;
use super::target::Target;
use crate::kernel::{Arn, Call, EventId, Violations};

/// How rules and targets may be named in AWS's model.
const NAME_PATTERN: &str = r"[\.\-_A-Za-z0-9]+";

#[derive(Clone, Serialize, Deserialize)]
pub struct Rule {
    pub name: String,
    pub bus_name: String,
    pub pattern: Option<RulePattern>,
    pub schedule: Option<RuleSchedule>,
    pub state: RuleState,
    pub description: Option<String>,
    pub role_arn: Option<String>,
    /// The AWS service that made the rule and looks after it.
    pub managed_by: Option<String>,
    pub tags: Tags,
    /// By id.
    pub targets: BTreeMap<String, Target>,
    /// What last changed the rule.
    pub written_by: EventId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleState {
    Enabled,
    Disabled,
    /// No service here makes CloudTrail's events, so it is as good as enabled.
    EnabledWithAllCloudtrailManagementEvents,
}

impl RuleState {
    pub fn is_enabled(self) -> bool {
        self != Self::Disabled
    }
}

impl Rule {
    pub fn arn(&self, call: &Call<'_>) -> Arn {
        arn(call, &self.bus_name, &self.name)
    }
}

/// Rules of the default bus leave its name out of their ARN.
pub fn arn(call: &Call<'_>, bus_name: &str, name: &str) -> Arn {
    let resource = if bus_name == bus::DEFAULT { format!("rule/{name}") } else { format!("rule/{bus_name}/{name}") };
    call.arn("events", resource)
}

/// The constraints of the name of a rule, of a prefix of one, or of a target's id.
pub fn check_name(violations: &mut Violations, member: &str, name: &str) {
    violations.length(member, name, 1, 64);
    if !name.is_empty() {
        let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
        violations.pattern(member, name, NAME_PATTERN, allowed);
    }
}

/// The same for a name that must be given.
pub fn check_required_name(violations: &mut Violations, member: &str, name: Option<&str>) {
    match name {
        Some(name) => check_name(violations, member, name),
        None => violations.missing(member),
    }
}
