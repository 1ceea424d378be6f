//! A table for one call alone. Calls on other tables go on meanwhile.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::agenda::Agenda;
use super::table::Table;
use super::table_cell::TableCell;
use super::{DESCRIPTION, DynamoDb};
use crate::kernel::{ApiError, Call, Kernel, Scope};

/// A locked table. When it is given back after a change, what falls due in it is planned, and what has changed is noted.
pub struct Held<'s> {
    table: MutexGuard<'s, Table>,
    agenda: &'s Mutex<Agenda>,
    kernel: &'s Kernel,
    scope: &'s Scope,
    /// Whether it was borrowed to change it.
    changed: bool,
}

impl<'s> Held<'s> {
    pub fn new(table: &'s TableCell, agenda: &'s Mutex<Agenda>, call: &Call<'s>) -> Self {
        Self { table: table.lock(), agenda, kernel: call.kernel, scope: call.scope, changed: false }
    }
}

/// Several tables for one call alone, by name.
pub type HeldTables<'s> = BTreeMap<String, Held<'s>>;

/// Holds all tables of these names, if each can be used. They are locked in
/// the order of their names: two calls never wait for each other.
pub fn all_active<'s>(
    state: &'s DynamoDb,
    mut names: Vec<String>,
    call: &Call<'s>,
) -> Result<HeldTables<'s>, ApiError> {
    names.sort_unstable();
    names.dedup();
    let mut held = BTreeMap::new();
    for name in names {
        let table = state.active(&name, call)?;
        held.insert(name, table);
    }
    Ok(held)
}

/// A call that panicked was answered and reported; what it left is used on.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Deref for Held<'_> {
    type Target = Table;

    fn deref(&self) -> &Table {
        &self.table
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Table {
        self.changed = true;
        &mut self.table
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.changed {
            return;
        }
        let due = self.table.next_due();
        if due != self.table.planned {
            lock(self.agenda).plan(&self.table.name, due);
            self.table.planned = due;
        }
        let name = self.table.name.clone();
        let table = &mut self.table;
        // Still held: what other calls change in it is noted after this.
        self.kernel.note(DESCRIPTION.name, self.scope, |book| book.within("table", &name, |book| table.keep(book)));
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::clock::Clock;
    use crate::kernel::{Call, Caller, EventId, Kernel, Operation, Scope, Service, SharedOperation};
    use crate::service::dynamodb::{DynamoDb, create_table, get_item};

    fn create(state: &mut DynamoDb, name: &str, call: &mut Call<'_>) {
        let input = format!(
            r#"{{"TableName": "{name}", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{{"AttributeName": "id",
            "KeyType": "HASH"}}], "AttributeDefinitions": [{{"AttributeName": "id", "AttributeType": "S"}}]}}"#
        );
        create_table::CreateTable::run(serde_json::from_str(&input).unwrap(), state, call).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_on_one_table_does_not_wait_for_a_call_on_another() {
        let kernel = Kernel::new(Clock::fitting_the_runtime(), 0);
        let (scope, caller) = (Scope::default(), Caller::default());
        let mut call = Call::new(&kernel, kernel.clock.now(), &scope, &caller, EventId(0));
        let mut state = DynamoDb::default();
        create(&mut state, "held", &mut call);
        create(&mut state, "free", &mut call);
        call.now = state.next_due().expect("the tables become active");
        state.run_due(&mut call);

        // On one thread: waiting for the table held here would never end.
        let held = state.active("held", &call).unwrap();
        let input = serde_json::from_str(r#"{"TableName": "free", "Key": {"id": {"S": "a"}}}"#).unwrap();
        get_item::GetItem::run(input, &state, &mut call).unwrap();
        assert_eq!(held.name, "held");
    }
}
