//! Takes a permission away that PutPermission gave, or all of them.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemovePermission.html>

use serde::{Deserialize, Serialize};

use super::bus::BusName;
use super::put_permission::STATEMENT_ID_PATTERN;
use super::{Events, constraint};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct RemovePermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    statement_id: Option<String>,
    remove_all_permissions: Option<bool>,
    event_bus_name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for RemovePermission {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "RemovePermission";

    fn resource(input: &Input) -> String {
        BusName::parse(input.event_bus_name.as_deref()).name
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        if let Some(id) = &input.statement_id {
            violations.length("statementId", id, 1, 64);
            constraint::pattern(&mut violations, "statementId", id, STATEMENT_ID_PATTERN);
        }
        constraint::name(&mut violations, "eventBusName", input.event_bus_name.as_deref(), 256);
        violations.finish()?;
        let bus = state.bus_mut(&BusName::parse(input.event_bus_name.as_deref()), call.scope)?;
        if input.remove_all_permissions == Some(true) {
            bus.policy = None;
            bus.modified = Some(call.now);
            return Ok(Output {});
        }
        // assumed: this wording.
        let id = input.statement_id.ok_or_else(|| ApiError::validation("Parameter StatementId must be specified."))?;
        let not_found = |message: &str| ApiError::new("ResourceNotFoundException", message);
        let policy = bus.policy.as_mut().ok_or_else(|| not_found("EventBus does not have a policy."))?;
        if !policy.remove(&id) {
            return Err(not_found("Statement with the provided id does not exist."));
        }
        if policy.is_empty() {
            bus.policy = None;
        }
        bus.modified = Some(call.now);
        Ok(Output {})
    }
}
