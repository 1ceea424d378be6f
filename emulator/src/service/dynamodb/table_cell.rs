//! A table behind its lock, and what of it is written where it stands among the tables.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::control::Control;
use super::held;
use super::key::KeySchema;
use super::settings::Settings;
use super::table::{Blueprint, Status, Table};
use crate::kernel::{Arn, Timestamp};

/// A table behind its lock. Its value, as it is written, is its `Identity`: the rest is kept apart, inside it.
#[derive(Debug)]
pub struct TableCell(Mutex<Table>);

/// What of a table never changes.
#[derive(Serialize, Deserialize)]
struct Identity {
    name: String,
    id: String,
    arn: Arn,
    created: Timestamp,
    schema: KeySchema,
}

impl TableCell {
    pub fn lock(&self) -> MutexGuard<'_, Table> {
        held::lock(&self.0)
    }

    /// The table, where nobody else can have it.
    pub fn alone(&mut self) -> &mut Table {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn into_table(self) -> Table {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Table> for TableCell {
    fn from(table: Table) -> Self {
        Self(Mutex::new(table))
    }
}

impl Clone for TableCell {
    fn clone(&self) -> Self {
        Self::from(self.lock().clone())
    }
}

impl Serialize for TableCell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Identity::of(&self.lock()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TableCell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Identity::deserialize(deserializer).map(|identity| Self::from(identity.into_table()))
    }
}

impl Identity {
    fn of(table: &Table) -> Self {
        Self {
            name: table.name.clone(),
            id: table.id.clone(),
            arn: table.arn.clone(),
            created: table.created,
            schema: table.schema.clone(),
        }
    }

    /// The table to read the rest into.
    fn into_table(self) -> Table {
        let Self { name, id, arn, created, schema } = self;
        let (status, indexes, control) = (Status::Active, Vec::new(), Control::default());
        Table::new(Blueprint { name, id, arn, created, status, schema, indexes, control }, Settings::default())
    }
}
