//! What becomes of a table by itself: CREATING ends in ACTIVE, DELETING in nothing.

use super::table::{Status, Table};
use crate::kernel::Call;

/// Ends the table's status if it is due; tells whether the table is still there.
pub fn end_status(table: &mut Table, call: &mut Call<'_>) -> bool {
    match table.status {
        Status::Creating(until, cause) if until <= call.now => {
            call.timer("dynamodb", "table active", &table.name, Some(cause));
            table.status = Status::Active;
            true
        }
        Status::Deleting(until, cause) if until <= call.now => {
            call.timer("dynamodb", "table deleted", &table.name, Some(cause));
            false
        }
        Status::Creating(..) | Status::Active | Status::Deleting(..) => true,
    }
}
