//! The way of an event: which rules of its bus want it, and what their targets get.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bus::Bus;
use super::input::Match;
use super::rule::Rule;
use super::target::Target;
use crate::kernel::delivery::Enclosed;
use crate::kernel::{Call, Delivery};

/// How an event came to its bus, and where it may go.
#[derive(Clone, Copy, Default)]
pub struct Way<'a> {
    /// It came from another bus, and goes on to no third one.
    pub forwarded: bool,
    /// The ARNs of the only rules that may have it.
    pub rules: Option<&'a [String]>,
}

/// Travels with an event that has come from a bus to another before.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Forwarded;

impl Enclosed for Forwarded {
    const KIND: &'static str = "events.Forwarded";
}

/// Sends an event to the targets of every rule that matches it; says how many rules did.
pub fn deliver(bus: &Bus, id: &str, event: &Value, call: &mut Call<'_>) -> usize {
    deliver_on(Way::default(), bus, id, event, call)
}

/// The same for an event that did not come straight from who put it.
pub fn deliver_on(way: Way<'_>, bus: &Bus, id: &str, event: &Value, call: &mut Call<'_>) -> usize {
    let mut matching = bus.rules.matching(event);
    if let Some(rules) = way.rules {
        matching.retain(|rule| rules.contains(&rule.arn(call).to_string()));
    }
    matching.iter().for_each(|rule| send_on(way, rule, id, event, call));
    matching.len()
}

/// Sends an event to the targets of one rule.
pub fn send(rule: &Rule, id: &str, event: &Value, call: &mut Call<'_>) {
    send_on(Way::default(), rule, id, event, call);
}

fn send_on(way: Way<'_>, rule: &Rule, id: &str, event: &Value, call: &mut Call<'_>) {
    let from = rule.arn(call);
    let matched = Match { event, rule_arn: &from, rule_name: &rule.name, ingested: call.now };
    for target in rule.targets.values() {
        let mut delivery = Delivery::new(from.clone(), target.arn.clone(), target.input.of(&matched))
            .with_key(key(target, id, event))
            .with_effort(Some(target.patience.effort(&from, &target.arn, event)));
        if let Some(parameters) = &target.given.http_parameters {
            delivery = delivery.enclosing(&parameters.of(event));
        }
        if way.forwarded && target.arn.service == "events" && target.arn.resource_after("event-bus").is_some() {
            delivery = delivery.enclosing(&Forwarded);
        }
        call.send(delivery);
    }
}

/// The partition key in a stream, the message group in a queue.
fn key(target: &Target, id: &str, event: &Value) -> Option<String> {
    match target.arn.service.as_str() {
        "kinesis" => Some(partition_key(target, id, event)),
        "sqs" => target.given.sqs_parameters.as_ref()?.message_group_id.clone(),
        _ => None,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::given_target::GivenTarget;
    use super::*;
    use crate::kernel::{Arn, Timestamp};

    #[test]
    fn a_target_gets_the_event_a_part_of_it_or_a_constant_under_its_key() {
        let event = json!({"id": "e-1", "detail": {"user": "u_1", "total": 30, "note": null}});
        let whole = event.to_string();
        let rule_arn = Arn::parse("arn:aws:events:r:0:rule/all").unwrap();
        let ingested = Timestamp::from_secs(0);
        let matched = Match { event: &event, rule_arn: &rule_arn, rule_name: "all", ingested };
        for (settings, body, key) in [
            (json!({}), whole.as_str(), "e-1"),
            (json!({"InputPath": "$.detail"}), r#"{"user":"u_1","total":30,"note":null}"#, "e-1"),
            (json!({"InputPath": "$.detail.user"}), r#""u_1""#, "e-1"),
            (json!({"InputPath": "$.missing"}), "null", "e-1"),
            (json!({"Input": " {\"a\": 1}"}), " {\"a\": 1}", "e-1"),
            (
                json!({"InputTransformer": {
                    "InputPathsMap": {"user": "$.detail.user"},
                    "InputTemplate": "\"<user> by <aws.events.rule-name>\"",
                }}),
                r#""u_1 by all""#,
                "e-1",
            ),
            (json!({"KinesisParameters": {"PartitionKeyPath": "$.detail.user"}}), whole.as_str(), "u_1"),
            (json!({"KinesisParameters": {"PartitionKeyPath": "$.detail.total"}}), whole.as_str(), "30"),
            (json!({"KinesisParameters": {"PartitionKeyPath": "$.detail.note"}}), whole.as_str(), "e-1"),
            (json!({"KinesisParameters": {"PartitionKeyPath": "$.missing"}}), whole.as_str(), "e-1"),
        ] {
            let mut given =
                json!({"Id": "t", "Arn": "arn:aws:kinesis:r:0:stream/s", "RoleArn": "arn:aws:iam::0:role/r"});
            given.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
            let given: GivenTarget = serde_json::from_value(given).unwrap();
            let target = Target::read(given).unwrap();
            assert_eq!(target.input.of(&matched), body, "{settings}");
            assert_eq!(partition_key(&target, "e-1", &event), key, "{settings}");
        }
    }
}
