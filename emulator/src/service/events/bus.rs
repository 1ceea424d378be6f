//! An event bus: its rules, and how callers name it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::bus_settings::BusSettings;
use super::policy::Policy;
use super::rule::Rule;
use super::rules::Rules;
use super::tags::Tags;
use crate::kernel::store::Book;
use crate::kernel::{ApiError, Arn, Call, EventId, Scope, Timestamp, Violations};

pub const DEFAULT: &str = "default";

/// Both of AWS's models for a name, by which callers may also mean an ARN.
const NAME_PATTERN: &str = r"[/\.\-_A-Za-z0-9]+";
const NAME_OR_ARN_PATTERN: &str =
    r"(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/\.\-_A-Za-z0-9]+";

#[derive(Clone, Serialize, Deserialize)]
pub struct Bus {
    pub name: String,
    pub settings: BusSettings,
    pub policy: Option<Policy>,
    pub tags: Tags,
    /// By name.
    #[serde(skip)]
    pub rules: Rules,
    /// When which rule fires by itself: follows from the rules.
    #[serde(skip)]
    pub firings: BTreeSet<(Timestamp, String)>,
    /// When and by what the bus was made; the default bus always was.
    pub created: Option<(Timestamp, EventId)>,
    pub modified: Option<Timestamp>,
}

impl Bus {
    pub fn new(name: &str, created: Option<(Timestamp, EventId)>) -> Self {
        Self {
            name: name.to_owned(),
            settings: BusSettings::default(),
            policy: None,
            tags: Tags::default(),
            rules: Rules::default(),
            firings: BTreeSet::new(),
            created,
            modified: created.map(|(at, _)| at),
        }
    }

    /// The bus that every account has in every region.
    pub fn default_one() -> Self {
        Self::new(DEFAULT, None)
    }

    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        self.rules.keep(book);
        if book.reads() {
            self.firings = self.rules.values().filter_map(Rule::firing).collect();
        }
    }

    pub fn arn(&self, call: &Call<'_>) -> Arn {
        call.arn("events", format!("event-bus/{}", self.name))
    }

    pub fn rule(&self, name: &str) -> Result<&Rule, ApiError> {
        self.rules.get(name).ok_or_else(|| self.has_no_rule(name))
    }

    pub fn rule_mut(&mut self, name: &str) -> Result<&mut Rule, ApiError> {
        if !self.rules.contains_key(name) {
            return Err(self.has_no_rule(name));
        }
        Ok(self.rules.get_mut(name).expect("it was there a line ago"))
    }

    fn has_no_rule(&self, name: &str) -> ApiError {
        let message = format!("Rule {name} does not exist on EventBus {}.", self.name);
        ApiError::new("ResourceNotFoundException", message)
    }
}

/// A bus as a request names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusName {
    pub name: String,
    /// Where an ARN says it is.
    pub scope: Option<Scope>,
}

impl BusName {
    /// Reads a name, an ARN, or nothing, which means the default bus. To be checked by [`check_name_or_arn`] first.
    pub fn parse(text: Option<&str>) -> Self {
        let text = text.unwrap_or(DEFAULT);
        let arn = Arn::parse(text).filter(|arn| arn.service == "events");
        match arn.as_ref().and_then(|arn| arn.resource_after("event-bus")) {
            Some(name) => Self { name: name.to_owned(), scope: arn.as_ref().map(|arn| arn.scope.clone()) },
            None => Self { name: text.to_owned(), scope: None },
        }
    }

    pub fn is_in(&self, scope: &Scope) -> bool {
        self.scope.as_ref().is_none_or(|named| named == scope)
    }
}

/// The constraints of a bus's bare name.
pub fn check_name(violations: &mut Violations, member: &str, name: &str) {
    violations.length(member, name, 1, 256);
    if !name.is_empty() {
        violations.pattern(member, name, NAME_PATTERN, is_name_character);
    }
}

/// The constraints of a bus's name or ARN.
pub fn check_name_or_arn(violations: &mut Violations, member: &str, name: Option<&str>) {
    let Some(name) = name else { return };
    violations.length(member, name, 1, 1600);
    let parsed = BusName::parse(Some(name));
    if !name.is_empty() && (parsed.name.is_empty() || !parsed.name.chars().all(is_name_character)) {
        violations.add(name, member, format_args!("satisfy regular expression pattern: {NAME_OR_ARN_PATTERN}"));
    }
}

fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '/' | '.' | '-' | '_')
}

pub fn does_not_exist(name: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("Event bus {name} does not exist."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bus_is_named_by_name_arn_or_not_at_all() {
        let scope = Scope::new("000000000000", "us-east-1");
        for (text, name, here) in [
            (None, "default", true),
            (Some("orders"), "orders", true),
            (Some("arn:aws:events:us-east-1:000000000000:event-bus/orders"), "orders", true),
            (Some("arn:aws:events:us-east-1:000000000000:event-bus/a/b"), "a/b", true),
            (Some("arn:aws:events:eu-west-1:000000000000:event-bus/orders"), "orders", false),
            (Some("arn:aws:events:us-east-1:111111111111:event-bus/orders"), "orders", false),
        ] {
            let parsed = BusName::parse(text);
            assert_eq!((parsed.name.as_str(), parsed.is_in(&scope)), (name, here), "{text:?}");
        }
    }
}
