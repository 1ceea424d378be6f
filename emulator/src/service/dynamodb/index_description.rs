//! The indexes of a table as a table's description shows them.

use serde::Serialize;

use super::description::KeySchemaElement;
use super::index::{Index, IndexKind, IndexStatus};
use super::index_definition::Projection;
use super::table::{Status, Table};
use super::throughput::ThroughputDescription;
use crate::kernel::Timestamp;

/// AWS describes a local index by fewer members: it has no life and no throughput of its own.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct IndexDescription {
    index_name: String,
    key_schema: Vec<KeySchemaElement>,
    projection: Projection,
    index_size_bytes: usize,
    item_count: usize,
    index_arn: String,
    #[serde(flatten)]
    global: Option<Global>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Global {
    index_status: &'static str,
    /// There only while an index is added to a table, as on AWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    backfilling: Option<bool>,
    provisioned_throughput: ThroughputDescription,
}

/// The indexes of one kind; `None` where there are none: AWS leaves the member out.
pub fn describe(table: &Table, kind: IndexKind, now: Timestamp) -> Option<Vec<IndexDescription>> {
    let of_kind = table.indexes.iter().filter(|index| index.kind == kind);
    let described: Vec<IndexDescription> = of_kind.map(|index| one(table, index, now)).collect();
    Some(described).filter(|described| !described.is_empty())
}

fn one(table: &Table, index: &Index, now: Timestamp) -> IndexDescription {
    IndexDescription {
        index_name: index.name.clone(),
        key_schema: KeySchemaElement::of(&index.schema),
        projection: Projection::from(&index.projected),
        index_size_bytes: index.bytes(),
        item_count: index.item_count(),
        index_arn: format!("{}/index/{}", table.arn, index.name),
        global: (index.kind == IndexKind::Global).then(|| global(table, index, now)),
    }
}

fn global(table: &Table, index: &Index, now: Timestamp) -> Global {
    // The indexes that a table is made with become active with it.
    let index_status = if matches!(*table.status, Status::Creating(..) | Status::Deleting(..)) {
        table.status.name()
    } else {
        index.status.name()
    };
    let backfilling = match index.status {
        IndexStatus::Allocating(..) => Some(false),
        IndexStatus::Backfilling(..) => Some(true),
        IndexStatus::Active | IndexStatus::Updating(..) | IndexStatus::Deleting(..) => None,
    };
    Global { index_status, backfilling, provisioned_throughput: index.throughput.describe(now) }
}
