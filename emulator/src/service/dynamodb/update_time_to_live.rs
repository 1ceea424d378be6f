//! Enables or disables the expiry of a table's items.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html>

use serde::{Deserialize, Serialize};

use super::{DynamoDb, check_not_in_use, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UpdateTimeToLive;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    time_to_live_specification: Option<Specification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Specification {
    enabled: Option<bool>,
    attribute_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    time_to_live_specification: Answered,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answered {
    enabled: bool,
    attribute_name: String,
}

impl Operation for UpdateTimeToLive {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateTimeToLive";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let (given, specification) = check_model(input)?;
        let (enabled, attribute) =
            (specification.enabled.unwrap_or(false), specification.attribute_name.unwrap_or_default());
        let mut table = state.existing(&given, call)?;
        check_not_in_use(&table)?;
        check_change(table.ttl_attribute.as_deref(), enabled, &attribute)?;
        *table.ttl_attribute = enabled.then(|| attribute.clone());
        table.reschedule(call);
        call.note(if enabled { format!("on {attribute}") } else { "off".to_owned() });
        Ok(Output { time_to_live_specification: Answered { enabled, attribute_name: attribute } })
    }
}

fn check_model(input: Input) -> Result<(String, Specification), ApiError> {
    let mut violations = Violations::new();
    let given = table_name::check_named(&mut violations, input.table_name)?;
    violations.required("timeToLiveSpecification", &input.time_to_live_specification);
    if let Some(specification) = &input.time_to_live_specification {
        violations.required("timeToLiveSpecification.attributeName", &specification.attribute_name);
        if let Some(name) = &specification.attribute_name {
            violations.length("timeToLiveSpecification.attributeName", name, 1, 255);
        }
        violations.required("timeToLiveSpecification.enabled", &specification.enabled);
    }
    violations.finish()?;
    Ok((given, input.time_to_live_specification.expect("it was checked to be there")))
}

/// The change must be one: AWS refuses what is so already.
fn check_change(current: Option<&str>, enabled: bool, attribute: &str) -> Result<(), ApiError> {
    match (current, enabled) {
        (Some(current), _) if current != attribute => Err(ApiError::validation(format!(
            "TimeToLive is active on a different AttributeName: current AttributeName is {current}"
        ))),
        (Some(_), true) => Err(ApiError::validation("TimeToLive is already enabled")),
        (None, false) => Err(ApiError::validation("TimeToLive is already disabled")),
        (Some(_), false) | (None, true) => Ok(()),
    }
}
