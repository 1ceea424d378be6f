//! What arrives for EventBridge over the kernel's bus: events for buses, for archives and for API destinations.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html>

use serde_json::Value;

use super::Events;
use super::bus::{self, Bus};
use super::delivery::{self, Forwarded, Way};
use super::policy::Request;
use crate::kernel::{ApiError, Call, Delivery, Receipt};

impl Events {
    pub fn take_delivery(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Receipt, ApiError> {
        let to = &delivery.to;
        if let Some(name) = to.resource_after("event-bus") {
            let bus = self.buses.get(name).ok_or_else(|| bus::does_not_exist(name))?;
            return forward(bus, delivery, call);
        }
        if let Some(name) = to.resource_after("archive") {
            // What its rule had sent when it was deleted is dropped.
            let Some(archive) = self.archives.get_mut(name) else { return Ok(Receipt::Taken) };
            archive.store(delivery.body.clone(), call.now)?;
            call.quiet();
            return Ok(Receipt::Taken);
        }
        if to.resource_after("api-destination").is_some() {
            return self.invoke(delivery, call);
        }
        if to.resource_after("connection").is_some() {
            return self.receive_for_connection(delivery, call);
        }
        Err(ApiError::not_implemented(format_args!("delivery to `{to}`")))
    }
}

/// An event from another bus, or from a caller of another account, with the id, account and time that it has.
fn forward(bus: &Bus, delivery: &Delivery, call: &mut Call<'_>) -> Result<Receipt, ApiError> {
    if delivery.enclosed::<Forwarded>().is_some() {
        return Err(third_hop(delivery));
    }
    // assumed: what a target's input made of an event must still be one.
    let invalid =
        || ApiError::validation("An event for an event bus is a JSON object with a source and a detail-type.");
    let event: Value = serde_json::from_slice(&delivery.body).map_err(|_| invalid())?;
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    let (Some(source), Some(detail_type)) = (text("source"), text("detail-type")) else { return Err(invalid()) };
    if delivery.from.scope.account != call.scope.account {
        let request = Request { from: &delivery.from, bus: &delivery.to, source, detail_type };
        if !bus.policy.as_ref().is_some_and(|policy| policy.allows(&request)) {
            return Err(denied(delivery));
        }
    }
    let id = text("id").unwrap_or_default();
    // What a caller put here came over no other bus.
    let forwarded = delivery.from.service == "events";
    let matched = delivery::deliver_on(Way { forwarded, rules: None }, bus, id, &event, call);
    call.note(format!("{matched} matched"));
    Ok(Receipt::Taken)
}

/// AWS: "EventBridge can't route events received from a sender event bus to a third event bus." Its dead-letter queues
/// know these codes; assumed: which of them tells what, and the wording.
fn third_hop(delivery: &Delivery) -> ApiError {
    let same_region = delivery.from.scope.region == delivery.to.scope.region;
    let code = if same_region { "THIRD_ACCOUNT_HOP_DETECTED" } else { "THIRD_REGION_HOP_DETECTED" };
    ApiError::new(code, "Events received from another event bus cannot be sent to a third event bus.")
}

fn denied(delivery: &Delivery) -> ApiError {
    let (account, bus) = (&delivery.from.scope.account, &delivery.to);
    let message = format!(
        "User: arn:aws:iam::{account}:root is not authorized to perform: events:PutEvents on resource: {bus} because no \
         resource-based policy allows the events:PutEvents action"
    );
    ApiError::new("AccessDeniedException", message)
}
