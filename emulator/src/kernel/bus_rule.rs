//! Faults of the bus: rules that duplicate, delay, reorder, lose or refuse what crosses from one ARN to another.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::fault::FaultError;
use super::{Delivery, duration, glob};

/// What happens to an attempt to deliver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BusVerdict {
    /// It arrives twice.
    Duplicate,
    /// It arrives later, and so after what was sent behind it.
    Delay(#[serde(with = "duration")] Duration),
    /// It arrives at some moment within this time, drawn from the seed: what is sent meanwhile may overtake it.
    Reorder(#[serde(with = "duration")] Duration),
    /// The first try is lost; the next, this much later, arrives.
    DropThenRetry(#[serde(with = "duration")] Duration),
    /// The receiver refuses it with this error: a failed attempt like any other.
    Fail(FaultError),
}

/// One fault rule of the bus. What is not given matches everything; texts are globs on ARNs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusRule {
    #[serde(default = "anything")]
    pub from: String,
    #[serde(default = "anything")]
    pub to: String,
    /// This many matching attempts pass first.
    #[serde(default)]
    pub skip: u32,
    /// The rule is spent after acting this often.
    #[serde(default)]
    pub times: Option<u32>,
    /// The chance, from 0 to 1, that a matching attempt is hit.
    #[serde(default = "always")]
    pub probability: f64,
    #[serde(rename = "fault")]
    pub verdict: BusVerdict,
}

/// A rule in force, with what it has done so far.
#[derive(Clone, Debug, Serialize)]
pub struct MountedBusRule {
    pub id: u64,
    pub acted: u32,
    /// How many matching attempts it let pass.
    pub passed: u32,
    #[serde(flatten)]
    pub rule: BusRule,
}

impl MountedBusRule {
    pub fn new(id: u64, rule: BusRule) -> Self {
        Self { id, acted: 0, passed: 0, rule }
    }

    /// Whether the rule acts on this attempt.
    pub fn acts(&mut self, delivery: &Delivery, random: &mut fastrand::Rng) -> bool {
        let BusRule { from, to, skip, times, probability, .. } = &self.rule;
        let fits = times.is_none_or(|times| self.acted < times)
            && glob::matches(from, &delivery.from.to_string())
            && glob::matches(to, &delivery.to.to_string());
        if !fits {
            return false;
        }
        if self.passed < *skip || (*probability < 1.0 && random.f64() >= *probability) {
            self.passed += 1;
            return false;
        }
        self.acted += 1;
        true
    }
}

/// Starts a rule for deliveries from one ARN to another; both may be globs.
pub fn between(from: &str, to: &str) -> BusRuleBuilder {
    let rule = BusRule {
        from: from.to_owned(),
        to: to.to_owned(),
        skip: 0,
        times: None,
        probability: 1.0,
        verdict: BusVerdict::Duplicate,
    };
    BusRuleBuilder { rule }
}

/// A rule of the bus in the making; its verdict completes it.
#[must_use = "a rule needs a verdict"]
#[derive(Clone, Debug)]
pub struct BusRuleBuilder {
    rule: BusRule,
}

impl BusRuleBuilder {
    pub fn skip(mut self, attempts: u32) -> Self {
        self.rule.skip = attempts;
        self
    }

    pub fn times(mut self, times: u32) -> Self {
        self.rule.times = Some(times);
        self
    }

    pub fn probability(mut self, probability: f64) -> Self {
        self.rule.probability = probability;
        self
    }

    pub fn duplicate(self) -> BusRule {
        self.verdict(BusVerdict::Duplicate)
    }

    pub fn delay(self, by: Duration) -> BusRule {
        self.verdict(BusVerdict::Delay(by))
    }

    pub fn reorder(self, within: Duration) -> BusRule {
        self.verdict(BusVerdict::Reorder(within))
    }

    pub fn drop_then_retry(self, after: Duration) -> BusRule {
        self.verdict(BusVerdict::DropThenRetry(after))
    }

    /// Lets the attempt fail as if the receiver had answered this. Throttling and errors from 500 on are tried again
    /// where the sender has a retry policy; others are not.
    pub fn fail(self, status: u16, code: &str, message: &str) -> BusRule {
        self.verdict(BusVerdict::Fail(FaultError { code: code.to_owned(), message: message.to_owned(), status }))
    }

    fn verdict(self, verdict: BusVerdict) -> BusRule {
        BusRule { verdict, ..self.rule }
    }
}

fn anything() -> String {
    "*".to_owned()
}

fn always() -> f64 {
    1.0
}
