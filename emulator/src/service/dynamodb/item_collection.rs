//! What `ReturnItemCollectionMetrics` answers: how large the items of one partition key are together.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections>

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::index::IndexKind;
use super::table::{Table, Written};
use super::value::Item;

const GIGABYTE: usize = 1 << 30;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ItemCollectionMetrics {
    item_collection_key: Item,
    /// Between how many whole gigabytes.
    #[serde(rename = "SizeEstimateRangeGB")]
    size_estimate_range_gb: [f64; 2],
}

/// Those of several writes by the table as it was given, each collection once, as AWS's examples show.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Collections(BTreeMap<String, Vec<ItemCollectionMetrics>>);

impl Collections {
    /// Adds what a write's metrics tell, in place of what an earlier write told of the same collection.
    pub fn add(&mut self, table: &str, metrics: Option<ItemCollectionMetrics>) {
        let Some(metrics) = metrics else { return };
        let of_table = self.0.entry(table.to_owned()).or_default();
        match of_table.iter_mut().find(|told| told.item_collection_key == metrics.item_collection_key) {
            Some(told) => *told = metrics,
            None => of_table.push(metrics),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The metrics of the collection that a write changed. A table without local indexes has none, and a write that changed
/// nothing is in none (assumed).
pub fn metrics(asked: Option<&str>, table: &Table, written: &Written) -> Option<ItemCollectionMetrics> {
    if asked != Some("SIZE") || !table.indexes.iter().any(|index| index.kind == IndexKind::Local) {
        return None;
    }
    if let (Some(before), Some(after)) = (&written.before, &written.after)
        && Arc::ptr_eq(before, after)
    {
        // It was only checked.
        return None;
    }
    let item = written.after.as_ref().or(written.before.as_ref())?.attributes();
    let name = &table.schema.partition.name;
    let key: Item = [(name.clone(), item.get(name)?.clone())].into();
    let whole = (bytes(table, &key[name]) / GIGABYTE) as f64;
    Some(ItemCollectionMetrics { item_collection_key: key, size_estimate_range_gb: [whole, whole + 1.0] })
}

/// An item collection is the items of the table and of its local indexes.
fn bytes(table: &Table, partition: &super::value::AttributeValue) -> usize {
    let Ok(Some(range)) = table.schema.range(partition, None) else { return 0 };
    let in_table: usize = table.range(range.clone()).map(|(_, stored)| stored.bytes).sum();
    let local = table.indexes.iter().filter(|index| index.kind == IndexKind::Local);
    let entries = local.flat_map(|index| index.range(range.clone(), None, true));
    in_table + entries.map(|(_, stored)| stored.bytes).sum::<usize>()
}
