//! One step: an AWS call, a move of the clock, a fault, or a question about the outcome.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use rehearsal_emulator::kernel::bus_rule::BusRule;
use rehearsal_emulator::kernel::duration;
use rehearsal_emulator::kernel::fault::Rule as FaultRule;
use rehearsal_emulator::service::bedrock::script::mistake::{did_you_mean, unknown};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use super::model_question::{ModelQuestion, SPENT};
use crate::runner::dialect;

/// What a step does. In YAML: a map with one key that names it.
#[derive(Clone, Debug)]
pub enum Step {
    /// `kinesis.PutRecord: {...}`, with `matches`, `fails` and `save` beside it.
    Call(AwsCall),
    /// `advance: 20s`
    Advance(Duration),
    /// `http.GET: /recommendations/u_8821`, asked of the pipeline's own API, with `matches` beside it.
    Get { path: String, matches: Option<Value> },
    /// `fault: {...}`: a rule from here on.
    Fault(FaultRule),
    /// `bus_fault: {...}`: a rule of the bus from here on.
    BusFault(BusRule),
    /// `model.calls: 2`, `model.cost: {at_most: 0.01}`: how the model was used so far.
    Model(ModelQuestion),
    /// `timeline.contains: "bedrock Converse"`: words that some line has, in this order.
    TimelineContains(String),
}

/// A signed call as any SDK would make it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AwsCall {
    pub service: String,
    pub operation: String,
    pub input: Value,
    /// What the answer must have, at least.
    pub matches: Option<Value>,
    /// The code of the error that must be answered.
    pub fails: Option<String>,
    /// Names for parts of the answer, by JSON pointer; later steps write `${name}`.
    pub save: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StepVisitor)
    }
}

struct StepVisitor;

impl<'de> Visitor<'de> for StepVisitor {
    type Value = Step;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a step such as `kinesis.PutRecord: {...}`, `advance: 20s` or `model.calls: 2`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Step, A::Error> {
        let mut step: Option<Step> = None;
        let (mut matches, mut fails, mut save) = (None, None, BTreeMap::new());
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "matches" => matches = Some(map.next_value()?),
                "fails" => fails = Some(map.next_value()?),
                "save" => save = map.next_value()?,
                _ if step.is_some() => {
                    let meant = did_you_mean(&key, &["matches", "fails", "save"]);
                    let advice = if meant.is_empty() { "; move it to a step of its own" } else { &meant };
                    return Err(A::Error::custom(format!("a step does one thing, and `{key}` is another{advice}")));
                }
                _ => step = Some(act(&key, &mut map)?),
            }
        }
        match step.ok_or_else(|| A::Error::custom("this step does nothing"))? {
            Step::Call(call) => Ok(Step::Call(AwsCall { matches, fails, save, ..call })),
            Step::Get { path, .. } if fails.is_none() && save.is_empty() => Ok(Step::Get { path, matches }),
            _ if matches.is_some() || fails.is_some() || !save.is_empty() => {
                Err(A::Error::custom("`matches`, `fails` and `save` belong to a call"))
            }
            step => Ok(step),
        }
    }
}

fn act<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<Step, A::Error> {
    Ok(match key {
        "advance" => Step::Advance(duration::parse(&map.next_value::<String>()?).map_err(A::Error::custom)?),
        "fault" => Step::Fault(map.next_value()?),
        "bus_fault" => Step::BusFault(map.next_value()?),
        "http.GET" => Step::Get { path: map.next_value()?, matches: None },
        "model.prompts" => Step::Model(ModelQuestion::Prompts(map.next_value()?)),
        "timeline.contains" => Step::TimelineContains(map.next_value()?),
        _ if key.starts_with("model.") => {
            let asked = SPENT.iter().find(|(known, _)| *known == key);
            let known: Vec<&str> = SPENT.iter().map(|(known, _)| *known).chain(["model.prompts"]).collect();
            let (_, name) = asked.ok_or_else(|| A::Error::custom(unknown("step", key, &known)))?;
            Step::Model(ModelQuestion::Spent(name, map.next_value()?))
        }
        _ => {
            let (service, operation) = dialect::split(key).map_err(A::Error::custom)?;
            Step::Call(AwsCall { service, operation, input: map.next_value()?, ..AwsCall::default() })
        }
    })
}
