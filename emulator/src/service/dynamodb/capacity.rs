//! Capacity units, by AWS's rules, and how an answer reports them.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>

use std::collections::BTreeMap;

use serde::Serialize;

use super::index::{IndexKind, Touched};
use super::table::Written;

const READ_UNIT_BYTES: usize = 4096;
const WRITE_UNIT_BYTES: usize = 1024;

/// What a request cost: the table, and each index it used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Units {
    pub table: f64,
    pub local: BTreeMap<String, f64>,
    pub global: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConsumedCapacity {
    pub table_name: String,
    #[serde(flatten)]
    pub total: Capacity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Capacity>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub local_secondary_indexes: BTreeMap<String, Capacity>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub global_secondary_indexes: BTreeMap<String, Capacity>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Capacity {
    pub capacity_units: f64,
    /// The same, by their kind: of transactions alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_capacity_units: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write_capacity_units: Option<f64>,
}

/// How units are told: as they are, or named for their kind besides, as transactions do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    Plain,
    Read,
    Write,
}

impl Units {
    /// Of the table alone.
    pub fn of_table(units: f64) -> Self {
        Self { table: units, ..Self::default() }
    }

    /// Adds what another request of the same table cost.
    pub fn add(&mut self, other: &Self) {
        self.table += other.table;
        for (mine, theirs) in [(&mut self.local, &other.local), (&mut self.global, &other.global)] {
            for (name, units) in theirs {
                *mine.entry(name.clone()).or_default() += units;
            }
        }
    }

    fn doubled(mut self) -> Self {
        self.table *= 2.0;
        for units in self.local.values_mut().chain(self.global.values_mut()) {
            *units *= 2.0;
        }
        self
    }

    /// Of the table and all indexes together.
    pub fn total(&self) -> f64 {
        self.table + self.local.values().sum::<f64>() + self.global.values().sum::<f64>()
    }

    fn index(&mut self, kind: IndexKind, name: &str, units: f64) {
        let indexes = match kind {
            IndexKind::Local => &mut self.local,
            IndexKind::Global => &mut self.global,
        };
        *indexes.entry(name.to_owned()).or_default() += units;
    }
}

/// What `ReturnConsumedCapacity` asked to be told, if anything. AWS answers with the table's name as it was given.
pub fn consumed(asked: Option<&str>, table: &str, units: Units) -> Option<ConsumedCapacity> {
    named(asked, table, units, Naming::Plain)
}

/// The same for the reads of a transaction: "DynamoDB performs two underlying reads or writes of every item".
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-capacity-handling>
pub fn consumed_by_transaction_reads(asked: Option<&str>, table: &str, units: Units) -> Option<ConsumedCapacity> {
    named(asked, table, units.doubled(), Naming::Read)
}

/// The same for its writes.
pub fn consumed_by_transaction_writes(asked: Option<&str>, table: &str, units: Units) -> Option<ConsumedCapacity> {
    named(asked, table, units.doubled(), Naming::Write)
}

fn named(asked: Option<&str>, table: &str, units: Units, naming: Naming) -> Option<ConsumedCapacity> {
    let capacity = |capacity_units: f64| Capacity {
        capacity_units,
        read_capacity_units: (naming == Naming::Read).then_some(capacity_units),
        write_capacity_units: (naming == Naming::Write).then_some(capacity_units),
    };
    let mut answer = ConsumedCapacity {
        table_name: table.to_owned(),
        total: capacity(units.total()),
        table: None,
        local_secondary_indexes: BTreeMap::new(),
        global_secondary_indexes: BTreeMap::new(),
    };
    match asked {
        Some("TOTAL") => {}
        Some("INDEXES") => {
            let each = |(name, units)| (name, capacity(units));
            answer.table = Some(capacity(units.table));
            answer.local_secondary_indexes = units.local.into_iter().map(each).collect();
            answer.global_secondary_indexes = units.global.into_iter().map(each).collect();
        }
        _ => return None,
    }
    Some(answer)
}

/// A strongly consistent read costs one unit for each 4 KB begun, an eventually
/// consistent one half of that; reading nothing costs as one.
pub fn read_units(bytes: usize, consistent: bool) -> f64 {
    let units = bytes.div_ceil(READ_UNIT_BYTES).max(1) as f64;
    if consistent { units } else { units / 2.0 }
}

/// A write costs one unit for each 1 KB begun of the larger image, and one if
/// there is none; and what it changed in each index besides.
pub fn of_write(written: &Written) -> Units {
    let bytes = |image: &Option<std::sync::Arc<super::stored_item::StoredItem>>| {
        image.as_ref().map_or(0, |stored| stored.bytes)
    };
    let mut units = Units::of_table(write_units(bytes(&written.before).max(bytes(&written.after))));
    for (kind, name, touched) in &written.touched {
        let cost = index_units(*touched);
        if cost > 0.0 {
            units.index(*kind, name, cost);
        }
    }
    units
}

fn write_units(bytes: usize) -> f64 {
    bytes.div_ceil(WRITE_UNIT_BYTES).max(1) as f64
}

/// "If an update to the table changes the value of an indexed key attribute (from A to B), two writes are required, one
/// to delete the previous item from the index and another write to put the new item"; else each costs one.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes>
fn index_units(touched: Touched) -> f64 {
    match (touched.removed, touched.put) {
        (Some(removed), Some(put)) if touched.in_place => write_units(removed.max(put)),
        (removed, put) => removed.into_iter().chain(put).map(write_units).sum(),
    }
}
