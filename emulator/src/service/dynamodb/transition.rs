//! What becomes of a table by itself: CREATING and UPDATING end in ACTIVE, DELETING in nothing.

use super::due;
use super::table::{Status, Table, Update};
use crate::kernel::Call;

/// Ends the table's status if it is due; tells whether the table is still there.
pub fn end_status(table: &mut Table, call: &mut Call<'_>) -> bool {
    match *table.status {
        Status::Creating(until, cause) if until <= call.now => {
            call.timer("dynamodb", "table active", &table.name, Some(cause));
            *table.status = Status::Active;
            true
        }
        Status::Updating(until, cause, update) if until <= call.now => {
            call.timer("dynamodb", "table updated", &table.name, Some(cause));
            take_effect(table, update, call);
            *table.status = Status::Active;
            true
        }
        Status::Deleting(until, cause) if until <= call.now => {
            call.timer("dynamodb", "table deleted", &table.name, Some(cause));
            false
        }
        Status::Creating(..) | Status::Active | Status::Updating(..) | Status::Deleting(..) => true,
    }
}

fn take_effect(table: &mut Table, update: Update, call: &Call<'_>) {
    let control = &mut *table.control;
    match update {
        Update::Throughput(units) => control.billing.throughput.change(units, call.now),
        Update::Class(class) => control.class.change(class, call.now),
        Update::Billing | Update::Stream | Update::Indexes => {}
    }
    control.warm_throughput.keep_up_with(&control.billing);
}

/// Ends what changes while the table stays active: its key, its warm throughput, its Kinesis destinations.
pub fn end_changes(table: &mut Table, call: &mut Call<'_>) {
    if table.control.next_due().is_none_or(|due| due > call.now) {
        return;
    }
    let name = table.name.clone();
    let control = &mut *table.control;
    if let Some(changed) = due::take(&mut control.encryption.changing, call.now) {
        call.timer("dynamodb", "encryption changed", &name, Some(changed.cause));
        control.encryption.end_change(changed.then);
    }
    if let Some(grown) = due::take(&mut control.warm_throughput.growing, call.now) {
        call.timer("dynamodb", "warm throughput changed", &name, Some(grown.cause));
        control.warm_throughput.units = grown.then;
    }
    for destination in control.destinations.iter_mut() {
        let Some(settled) = due::take(&mut destination.due, call.now) else { continue };
        destination.settle(call.scope);
        call.timer("dynamodb", "streaming destination", &name, Some(settled.cause));
        call.note(format!("{} {}", destination.state.name(), destination.stream));
    }
}
