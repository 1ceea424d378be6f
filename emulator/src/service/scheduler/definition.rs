//! What CreateSchedule and UpdateSchedule say of a schedule: the same members, checked and understood in the same way.

use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize, Serializer};

use super::given_target::GivenTarget;
use super::group::{self, DEFAULT};
use super::pattern::KMS_KEY_ARN;
use super::target::Target;
use super::{client_token, refusal};
use crate::kernel::{ApiError, Call, Timestamp, Violations};
use crate::schedule::{self, Dialect, Schedule as Expression};

/// As a request carries it.
#[derive(Clone, Debug, Hash, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Given {
    pub name: Option<String>,
    pub group_name: Option<String>,
    pub client_token: Option<String>,
    action_after_completion: Option<String>,
    description: Option<String>,
    end_date: Option<Timestamp>,
    flexible_time_window: Option<FlexibleTimeWindow>,
    kms_key_arn: Option<String>,
    schedule_expression: Option<String>,
    schedule_expression_timezone: Option<String>,
    start_date: Option<Timestamp>,
    state: Option<String>,
    target: Option<GivenTarget>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FlexibleTimeWindow {
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_window_in_minutes: Option<i64>,
    mode: Option<String>,
}

/// All of a schedule that its owner decides.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Text")]
pub struct Definition {
    /// As it was written, to be given back, and kept: the rest follows from it.
    pub text: Text,
    pub expression: Expression,
    pub zone: TimeZone,
    /// Zero without a flexible window.
    pub window: Duration,
    pub is_enabled: bool,
    pub deletes_itself: bool,
    pub target: Target,
}

/// The members of an answer that describes a schedule.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Text {
    action_after_completion: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Timestamp>,
    flexible_time_window: FlexibleTimeWindow,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_arn: Option<String>,
    pub schedule_expression: String,
    pub schedule_expression_timezone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Timestamp>,
    pub state: String,
    target: GivenTarget,
}

const STATES: [&str; 2] = ["ENABLED", "DISABLED"];
const ACTIONS: [&str; 2] = ["NONE", "DELETE"];
const MODES: [&str; 2] = ["OFF", "FLEXIBLE"];
const WINDOW_MINUTES_MAX: i64 = 1440;
/// How far a start may lie in the past.
const START_GRACE: Duration = Duration::from_mins(5);

impl Given {
    pub fn group(&self) -> &str {
        self.group_name.as_deref().unwrap_or(DEFAULT)
    }

    /// The constraints of AWS's model.
    pub fn check(&self) -> Result<(), ApiError> {
        let mut violations = Violations::new();
        violations.required("name", &self.name);
        group::check_name(&mut violations, "name", self.name.as_deref());
        group::check_name(&mut violations, "groupName", self.group_name.as_deref());
        client_token::check(&mut violations, self.client_token.as_deref());
        if let Some(action) = &self.action_after_completion {
            violations.one_of("actionAfterCompletion", action, &ACTIONS);
        }
        if let Some(description) = &self.description {
            violations.length("description", description, 0, 512);
        }
        violations.required("flexibleTimeWindow", &self.flexible_time_window);
        if let Some(window) = &self.flexible_time_window {
            window.check(&mut violations);
        }
        KMS_KEY_ARN.check(&mut violations, "kmsKeyArn", self.kms_key_arn.as_deref(), 1, 2048);
        match &self.schedule_expression {
            Some(expression) => violations.length("scheduleExpression", expression, 1, 256),
            None => violations.missing("scheduleExpression"),
        }
        if let Some(zone) = &self.schedule_expression_timezone {
            violations.length("scheduleExpressionTimezone", zone, 1, 50);
        }
        if let Some(state) = &self.state {
            violations.one_of("state", state, &STATES);
        }
        match &self.target {
            Some(target) => target.check(&mut violations),
            None => violations.missing("target"),
        }
        refusal::finish(violations)
    }

    /// Understands what passed [`Self::check`]. assumed: in this order.
    pub fn parse(self, call: &Call<'_>) -> Result<Definition, ApiError> {
        let written = self.schedule_expression.unwrap_or_default();
        let expression = expression(&written)?;
        let zone_name = self.schedule_expression_timezone.unwrap_or_else(|| "UTC".to_owned());
        let zone = zone(&zone_name)?;
        let (Some(flexible_time_window), Some(given_target)) = (self.flexible_time_window, self.target) else {
            return Err(ApiError::internal());
        };
        let window = flexible_time_window.parse()?;
        if !expression.is_one_time() {
            check_dates(self.start_date, self.end_date, call.now)?;
        }
        let given_target = given_target.with_defaults();
        let target = Target::parse(&given_target, call.scope)?;
        let text = Text {
            action_after_completion: self.action_after_completion.unwrap_or_else(|| "NONE".to_owned()),
            description: self.description,
            end_date: self.end_date,
            flexible_time_window,
            kms_key_arn: self.kms_key_arn,
            schedule_expression: written,
            schedule_expression_timezone: zone_name,
            start_date: self.start_date,
            state: self.state.unwrap_or_else(|| "ENABLED".to_owned()),
            target: given_target,
        };
        Ok(Definition::new(text, expression, zone, window, target))
    }
}

fn expression(written: &str) -> Result<Expression, ApiError> {
    Expression::parse(written, Dialect::Scheduler)
        .map_err(|_| refusal::invalid(format!("Invalid Schedule Expression {written}.")))
}

/// assumed: the wording.
fn zone(name: &str) -> Result<TimeZone, ApiError> {
    schedule::zone(name).ok_or_else(|| refusal::invalid(format!("Invalid ScheduleExpressionTimezone {name}.")))
}

impl TryFrom<Text> for Definition {
    type Error = ApiError;

    fn try_from(text: Text) -> Result<Self, ApiError> {
        let (expression, zone) = (expression(&text.schedule_expression)?, zone(&text.schedule_expression_timezone)?);
        let window = text.flexible_time_window.parse()?;
        let target = Target::kept(&text.target)?;
        Ok(Self::new(text, expression, zone, window, target))
    }
}

impl Serialize for Definition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl FlexibleTimeWindow {
    fn check(&self, violations: &mut Violations) {
        let Self { maximum_window_in_minutes, mode } = self;
        match mode {
            Some(mode) => violations.one_of("flexibleTimeWindow.mode", mode, &MODES),
            None => violations.missing("flexibleTimeWindow.mode"),
        }
        if let Some(minutes) = maximum_window_in_minutes {
            violations.range("flexibleTimeWindow.maximumWindowInMinutes", *minutes, 1, WINDOW_MINUTES_MAX);
        }
    }

    fn parse(&self) -> Result<Duration, ApiError> {
        let is_flexible = self.mode.as_deref() == Some("FLEXIBLE");
        match (is_flexible, self.maximum_window_in_minutes) {
            (true, None) => Err(refusal::invalid(
                "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.",
            )),
            (false, Some(_)) => Err(refusal::invalid(
                "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.",
            )),
            (_, minutes) => Ok(Duration::from_mins(minutes.unwrap_or(0).unsigned_abs())),
        }
    }
}

/// Of a recurring schedule: of others, "EventBridge Scheduler ignores" both.
fn check_dates(start: Option<Timestamp>, end: Option<Timestamp>, now: Timestamp) -> Result<(), ApiError> {
    if start.is_some_and(|start| start + START_GRACE < now) {
        return Err(refusal::invalid("The StartDate you specify cannot be earlier than 5 minutes ago."));
    }
    match (start, end) {
        (Some(start), Some(end)) if start >= end => {
            Err(refusal::invalid("The StartDate you specify must come before the EndDate."))
        }
        _ => Ok(()),
    }
}

impl Definition {
    fn new(text: Text, expression: Expression, zone: TimeZone, window: Duration, target: Target) -> Self {
        let (is_enabled, deletes_itself) = (text.state == "ENABLED", text.action_after_completion == "DELETE");
        Self { text, expression, zone, window, is_enabled, deletes_itself, target }
    }

    /// Whether it comes at the same times as another, whatever it does then.
    pub fn comes_as(&self, other: &Self) -> bool {
        let times = |definition: &Self| (definition.text.start_date, definition.expression.clone());
        times(self) == times(other) && self.text.schedule_expression_timezone == other.text.schedule_expression_timezone
    }
}
