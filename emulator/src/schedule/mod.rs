//! When something is to happen again: `rate(5 minutes)`, `cron(0 9 ? * MON-FRI *)`, `at(2026-03-01T09:00:00)`.
//!
//! The language of EventBridge's rules and of EventBridge Scheduler, which differ a little ([`Dialect`]). Pure: it
//! knows moments and time zones, and neither of the services.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html>

mod cron;
mod field;
#[cfg(test)]
mod tests;
mod zone;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use self::cron::Cron;
pub use self::zone::zone;
use crate::kernel::timestamp::Timestamp;

/// Whose expressions are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A rule's: no `at`, and a rate's unit agrees with its value in number.
    Rule,
    /// Scheduler's. Observed by others on AWS: it takes `1 days` and `5minutes`, `cron` without a year, `at` without
    /// seconds, and these names in capitals.
    Scheduler,
}

/// A schedule expression, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Every so many milliseconds.
    Rate(i64),
    Cron(Cron),
    /// Once, at this time of a zone's clocks.
    At(DateTime),
}

/// The text is no schedule. AWS does not say why either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid;

const MINUTE_MILLIS: i64 = 60_000;
/// assumed: AWS does not say how large a rate's value may be.
const RATE_VALUE_MAX: i64 = i32::MAX as i64;

impl Schedule {
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, Invalid> {
        let (name, content) = text.strip_suffix(')').and_then(|text| text.split_once('(')).ok_or(Invalid)?;
        let lower = name.to_ascii_lowercase();
        let name = if dialect == Dialect::Scheduler { &lower } else { name };
        let kind = match (name, dialect) {
            ("rate", Dialect::Rule) => Kind::Rate(rate_of_rule(content)?),
            ("rate", Dialect::Scheduler) => Kind::Rate(rate_of_scheduler(content)?),
            ("cron", _) => Kind::Cron(Cron::parse(content, dialect)?),
            ("at", Dialect::Scheduler) => Kind::At(time_of_clocks(content)?),
            _ => return Err(Invalid),
        };
        Ok(Self { kind })
    }

    /// Whether it comes at most once.
    pub fn is_one_time(&self) -> bool {
        matches!(self.kind, Kind::At(_))
    }

    /// Whether it counts from a beginning, and not by the clocks of a zone.
    pub fn is_rate(&self) -> bool {
        matches!(self.kind, Kind::Rate(_))
    }

    /// The first moment after `moment`, if there is one.
    ///
    /// A rate counts from `anchor`, which is its first moment; whoever means that one, too, asks for what comes after
    /// the millisecond before it. The others go by the clocks of `zone`. Where those are put forward, a cron's time
    /// that no clock shows is left out; where they are put back, a time that they show twice is meant the first time.
    pub fn next_after(&self, moment: Timestamp, anchor: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match &self.kind {
            Kind::Rate(period) => Some(next_of_rate(*period, moment, anchor)),
            Kind::Cron(cron) => {
                let after = jiff::Timestamp::from_millisecond(moment.as_millis()).ok()?;
                cron.next_after(after, zone).map(millis)
            }
            // assumed: what the clocks leave out is as much later as they are put forward. AWS says nothing of it.
            Kind::At(time) => {
                let at = zone.to_ambiguous_timestamp(*time).compatible().ok().map(millis)?;
                (at > moment).then_some(at)
            }
        }
    }
}

fn millis(moment: jiff::Timestamp) -> Timestamp {
    Timestamp::from_millis(moment.as_millisecond())
}

fn next_of_rate(period: i64, moment: Timestamp, anchor: Timestamp) -> Timestamp {
    let passed = moment.as_millis().saturating_sub(anchor.as_millis());
    if passed < 0 {
        return anchor;
    }
    let periods = passed / period + 1;
    Timestamp::from_millis(anchor.as_millis().saturating_add(periods.saturating_mul(period)))
}

/// `5 minutes`, in milliseconds.
///
/// AWS: "If the value is equal to 1, then the unit must be singular. If the value is greater than 1, the unit must be
/// plural."
fn rate_of_rule(content: &str) -> Result<i64, Invalid> {
    let mut words = content.split_whitespace();
    let (Some(value), Some(unit), None) = (words.next(), words.next(), words.next()) else { return Err(Invalid) };
    let value = rate_value(value)?;
    if unit.ends_with('s') != (value > 1) {
        return Err(Invalid);
    }
    Ok(value * unit_millis(unit)?)
}

/// The same, for Scheduler, which counts less closely.
fn rate_of_scheduler(content: &str) -> Result<i64, Invalid> {
    let content = content.trim().to_ascii_lowercase();
    let end = content.find(|letter: char| !letter.is_ascii_digit()).ok_or(Invalid)?;
    let (value, unit) = content.split_at(end);
    Ok(rate_value(value)? * unit_millis(unit.trim_start())?)
}

fn rate_value(text: &str) -> Result<i64, Invalid> {
    if !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Invalid);
    }
    text.parse().ok().filter(|value| (1..=RATE_VALUE_MAX).contains(value)).ok_or(Invalid)
}

fn unit_millis(unit: &str) -> Result<i64, Invalid> {
    match unit {
        "minute" | "minutes" => Ok(MINUTE_MILLIS),
        "hour" | "hours" => Ok(60 * MINUTE_MILLIS),
        "day" | "days" => Ok(24 * 60 * MINUTE_MILLIS),
        _ => Err(Invalid),
    }
}

/// `2026-03-01T09:00:00` or `2026-03-01T09:00`, and nothing like it.
fn time_of_clocks(content: &str) -> Result<DateTime, Invalid> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    const WITHOUT_SECONDS: usize = 16;
    let fits = |(given, wanted): (u8, &u8)| if *wanted == b'0' { given.is_ascii_digit() } else { given == *wanted };
    if ![SHAPE.len(), WITHOUT_SECONDS].contains(&content.len()) || !content.bytes().zip(SHAPE).all(fits) {
        return Err(Invalid);
    }
    content.parse().map_err(|_| Invalid)
}
