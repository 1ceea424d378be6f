//! Capacity units, by AWS's rules, and how an answer reports them.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>

use serde::Serialize;

const READ_UNIT_BYTES: usize = 4096;
const WRITE_UNIT_BYTES: usize = 1024;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConsumedCapacity {
    pub table_name: String,
    pub capacity_units: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Capacity>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Capacity {
    pub capacity_units: f64,
}

/// What `ReturnConsumedCapacity` asked to be told, if anything. AWS answers with the table's name as it was given.
pub fn consumed(asked: Option<&str>, table: &str, units: f64) -> Option<ConsumedCapacity> {
    let table_units = match asked {
        Some("INDEXES") => Some(Capacity { capacity_units: units }),
        Some("TOTAL") => None,
        _ => return None,
    };
    Some(ConsumedCapacity { table_name: table.to_owned(), capacity_units: units, table: table_units })
}

/// A strongly consistent read costs one unit for each 4 KB begun, an eventually
/// consistent one half of that; reading nothing costs as one.
pub fn read_units(bytes: usize, consistent: bool) -> f64 {
    let units = bytes.div_ceil(READ_UNIT_BYTES).max(1) as f64;
    if consistent { units } else { units / 2.0 }
}

/// A write costs one unit for each 1 KB begun of the larger image, and one if there is none.
pub fn write_units(before: usize, after: usize) -> f64 {
    before.max(after).div_ceil(WRITE_UNIT_BYTES).max(1) as f64
}
