//! Deletes a table and its items; the table is DELETING for a moment of the clock.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html>

use serde::{Deserialize, Serialize};

use super::description::{TableDescription, describe};
use super::stream::End;
use super::table::{Status, Table, Update};
use super::update_admission::being_updated;
use super::{DynamoDb, check_not_in_use, still_in_use, table_name};
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
        let given = table_name::check_named(&mut violations, input.table_name)?;
        violations.finish()?;
        let mut table = state.existing(&given, call)?;
        check_not_in_use(&table)?;
        check_not_updating(&table)?;
        if table.control.deletion_protection {
            return Err(ApiError::validation(
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection \
                 first.",
            ));
        }
        *table.status = Status::Deleting(call.now + state.settings.transition, call.event);
        // "the corresponding stream on that table goes into the DISABLED state"
        table.streams.disable(End { at: call.now, disabling_until: call.now, cause: call.event });
        Ok(Output { table_description: describe(&table, call.now) })
    }
}

/// A table cannot be deleted while anything of it changes, even if its status does not tell.
fn check_not_updating(table: &Table) -> Result<(), ApiError> {
    let control = &table.control;
    let quietly = control.encryption.changing.is_some() || control.warm_throughput.growing.is_some();
    match *table.status {
        Status::Updating(_, _, Update::Stream) => {
            Err(still_in_use("Cannot delete table while stream is being enabled/disabled."))
        }
        Status::Updating(..) => Err(being_updated(table)),
        _ if quietly => Err(being_updated(table)),
        _ => Ok(()),
    }
}
