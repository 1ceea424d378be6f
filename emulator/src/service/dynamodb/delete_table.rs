//! Deletes a table and its items; the table is DELETING for a moment of the clock.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html>

use serde::{Deserialize, Serialize};

use super::description::{TableDescription, describe};
use super::table::Status;
use super::{DynamoDb, in_use, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteTable;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_description: TableDescription,
}

impl Operation for DeleteTable {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteTable";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        table_name::check(&mut violations, &input.table_name);
        violations.finish()?;
        let mut table = state.existing(&input.table_name.unwrap_or_default(), call.scope)?;
        if matches!(table.status, Status::Creating(..)) {
            return Err(in_use(&table));
        }
        if table.deletion_protection {
            return Err(ApiError::validation(
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection \
                 first.",
            ));
        }
        // "If table is already in the DELETING state, no error is returned."
        if table.status == Status::Active {
            table.status = Status::Deleting(call.now + state.settings.transition, call.event);
        }
        Ok(Output { table_description: describe(&table) })
    }
}
