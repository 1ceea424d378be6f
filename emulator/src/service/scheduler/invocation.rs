//! One invocation of a schedule's target: its input, with context attributes replaced, on its way.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html>

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;

use super::dead_letter;
use super::member_names;
use super::schedule::Schedule;
use super::target::{ATTRIBUTE, Kind, Target};
use crate::kernel::delivery::{Effort, RequestOf};
use crate::kernel::{Call, Delivery, Timestamp};

/// The one context attribute that differs from attempt to attempt.
const ATTEMPT_NUMBER: &str = "<aws.scheduler.attempt-number>";

/// Sends what the schedule has for its target. `scheduled` is the time that was meant, whatever it is now.
pub fn send(schedule: &Schedule, scheduled: Timestamp, call: &mut Call<'_>) {
    let target = &schedule.definition.target;
    let needs_id = target.has_attributes || target.dead_letter_queue.is_some();
    let execution_id = if needs_id { execution_id(call) } else { String::new() };
    let input = input(schedule, scheduled, &execution_id, call);
    let mut delivery = delivery(schedule, input, call);
    let effort = match &target.dead_letter_queue {
        None => Arc::clone(&target.effort),
        Some(queue) => {
            let request = request(target, &delivery);
            let scheduled = written(scheduled);
            let letter = dead_letter::write(target, queue, request, &schedule.arn, &scheduled, &execution_id);
            let Effort { max_age, max_retries, .. } = *target.effort;
            Arc::new(Effort { max_age, max_retries, dead_letter: Some(letter) })
        }
    };
    delivery.effort = Some(effort);
    if target.has_attributes {
        delivery.numbered = true;
    }
    call.send(delivery);
}

fn delivery(schedule: &Schedule, input: Bytes, call: &Call<'_>) -> Delivery {
    let Target { arn, kind, .. } = &schedule.definition.target;
    match kind {
        Kind::Templated { key, .. } => Delivery::new(schedule.arn.clone(), arn.clone(), input).with_key(key.clone()),
        Kind::EventBus { detail_type, source } => {
            let detail = String::from_utf8_lossy(&input);
            // assumed: that the event names the schedule.
            let entry = json!({
                "EventBusName": arn,
                "Source": source,
                "DetailType": detail_type,
                "Detail": detail,
                "Resources": [schedule.arn],
                "Time": call.now,
            });
            let request = json!({ "Entries": [entry] }).to_string();
            let mut delivery = Delivery::new(schedule.arn.clone(), arn.clone(), request);
            delivery.request = Some(RequestOf { service: "events".to_owned(), operation: "PutEvents".to_owned() });
            delivery
        }
        Kind::Universal(request) => {
            let input = member_names::as_of(&request.service, &input).map_or(input, Bytes::from);
            let mut delivery = Delivery::new(schedule.arn.clone(), arn.clone(), input);
            delivery.request = Some(request.clone());
            delivery
        }
    }
}

/// What is asked of the target, as a dead letter shows it.
fn request(target: &Target, delivery: &Delivery) -> Bytes {
    match &target.kind {
        Kind::Templated { template, key } => {
            let input = String::from_utf8_lossy(&delivery.body);
            template.request(&target.arn, key.as_deref(), &input).into()
        }
        Kind::EventBus { .. } | Kind::Universal(_) => delivery.body.clone(),
    }
}

fn input(schedule: &Schedule, scheduled: Timestamp, execution_id: &str, call: &Call<'_>) -> Bytes {
    let Target { input, has_attributes, kind, .. } = &schedule.definition.target;
    match (input, kind) {
        // assumed: an event's detail is that of the default notification.
        (None, Kind::EventBus { .. }) => Bytes::from_static(b"{}"),
        (None, _) => default_notification(schedule, scheduled, call).into(),
        (Some(input), _) if !has_attributes => input.clone().into(),
        (Some(input), _) => {
            let arn = schedule.arn.to_string();
            with_attributes(input, &arn, &written(scheduled), execution_id).into()
        }
    }
}

/// What AWS sends where a target has no input, as seen in the logs of functions.
fn default_notification(schedule: &Schedule, scheduled: Timestamp, call: &Call<'_>) -> String {
    json!({
        "version": "0",
        "id": call.ids().uuid(),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": &*call.scope.account,
        "time": written(scheduled),
        "region": &*call.scope.region,
        "resources": [schedule.arn],
        "detail": "{}",
    })
    .to_string()
}

/// Replaces every attribute that is known before the first attempt.
fn with_attributes(input: &str, arn: &str, scheduled: &str, execution_id: &str) -> String {
    let known = [("schedule-arn>", arn), ("scheduled-time>", scheduled), ("execution-id>", execution_id)];
    let mut parts = input.split(ATTRIBUTE);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match known.iter().find_map(|(name, value)| Some((value, part.strip_prefix(name)?))) {
            Some((value, rest)) => {
                text.push_str(value);
                text.push_str(rest);
            }
            None => {
                text.push_str(ATTRIBUTE);
                text.push_str(part);
            }
        }
    }
    text
}

/// Writes the number of an attempt where the input asks for it.
pub fn number(body: &Bytes, attempt: u32) -> Bytes {
    String::from_utf8_lossy(body).replace(ATTEMPT_NUMBER, &attempt.to_string()).into()
}

/// To the second, as AWS writes it: `2022-03-22T18:59:43Z`.
fn written(scheduled: Timestamp) -> String {
    Timestamp::from_secs(scheduled.as_secs()).to_rfc3339()
}

/// As AWS's look: `d32c5kddcf5bb8c3`.
fn execution_id(call: &Call<'_>) -> String {
    format!("{:016x}", call.ids().draw(|random| random.u64(..)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_attributes_are_replaced_and_nothing_else() {
        for (input, expected) in [
            ("no attributes", "no attributes"),
            ("<aws.scheduler.schedule-arn>", "ARN"),
            ("<aws.scheduler.scheduled-time>, <aws.scheduler.scheduled-time>", "TIME, TIME"),
            (r#"{"id":"<aws.scheduler.execution-id>"}"#, r#"{"id":"ID"}"#),
            ("<aws.scheduler.<aws.scheduler.execution-id>", "<aws.scheduler.ID"),
            ("<aws.scheduler.color> <aws.scheduler.", "<aws.scheduler.color> <aws.scheduler."),
            ("<aws.scheduler.attempt-number>", "<aws.scheduler.attempt-number>"),
        ] {
            assert_eq!(with_attributes(input, "ARN", "TIME", "ID"), expected);
        }
        let body = Bytes::from_static(b"{\"n\":<aws.scheduler.attempt-number>}");
        assert_eq!(number(&body, 3), Bytes::from_static(b"{\"n\":3}"));
    }
}
