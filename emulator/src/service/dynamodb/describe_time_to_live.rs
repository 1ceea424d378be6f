//! Tells whether a table's items expire, and by which attribute.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html>

use serde::{Deserialize, Serialize};

use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeTimeToLive;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    time_to_live_description: Description,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    time_to_live_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute_name: Option<String>,
}

impl Operation for DescribeTimeToLive {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeTimeToLive";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        let given = table_name::check_named(&mut violations, input.table_name)?;
        violations.finish()?;
        let table = state.existing(&given, call)?;
        if !table.status.serves_items() {
            let status = table.status.name();
            return Err(ApiError::validation(format!(
                "Cannot describe time to live while table is in {status} state: Current table state is {status}"
            )));
        }
        let attribute_name = (*table.ttl_attribute).clone();
        let time_to_live_status = if attribute_name.is_some() { "ENABLED" } else { "DISABLED" };
        Ok(Output { time_to_live_description: Description { time_to_live_status, attribute_name } })
    }
}
