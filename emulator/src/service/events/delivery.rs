//! The way of an event: which rules of its bus want it, and what their targets get.

use serde_json::Value;

use super::bus::Bus;
use super::rule::{Rule, RuleState};
use super::target::Target;
use crate::kernel::{Call, Delivery};

/// Sends an event to the targets of every rule that matches it; says how many rules did.
pub fn deliver(bus: &Bus, id: &str, event: &Value, call: &mut Call<'_>) -> usize {
    let mut matched = 0;
    for rule in bus.rules.values() {
        if rule.state == RuleState::Enabled && rule.pattern.matches(event) {
            matched += 1;
            send(rule, id, event, call);
        }
    }
    matched
}

fn send(rule: &Rule, id: &str, event: &Value, call: &mut Call<'_>) {
    let from = rule.arn(call);
    for target in rule.targets.values() {
        call.send(Delivery {
            from: from.clone(),
            to: target.arn.clone(),
            body: target.input.of(event).into(),
            key: Some(partition_key(target, id, event)),
        });
    }
}

/// AWS: "If you do not include this parameter, the default is to use the eventId as the partition key."
fn partition_key(target: &Target, id: &str, event: &Value) -> String {
    let found = target.partition_key_path.as_ref().and_then(|path| path.find(event));
    match found {
        Some(Value::String(text)) => text,
        Some(Value::Null) | None => id.to_owned(),
        Some(other) => other.to_string(),
    }
}
