//! What a Query, a Scan or a SELECT reads: a table, or one of its indexes.
//!
//! - Query: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.Reading>
//! - What a local index does not hold is fetched from the table:
//!   <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.Reading>

use std::ops::Bound;
use std::sync::Arc;

use super::capacity::{Units, read_units};
use super::expression::projection::Projection;
use super::expression::tree::Condition;
use super::index::{Among, Index, IndexKind, IndexStatus, Place};
use super::key::{Key, KeyRange, KeySchema, narrowed};
use super::members::invalid;
use super::page::Selection;
use super::store::Items;
use super::stored_item::StoredItem;
use super::table::Table;
use super::value::Item;
use crate::kernel::ApiError;

pub struct Source<'t> {
    table: &'t Table,
    index: Option<&'t Index>,
}

impl<'t> Source<'t> {
    /// The table, or its index of that name, if it can be read so.
    pub fn new(table: &'t Table, index: Option<&str>, consistent: bool) -> Result<Self, ApiError> {
        let Some(name) = index else { return Ok(Self::of_table(table)) };
        let index = table.index(name)?;
        let source = Self::of_index(table, index)?;
        if consistent && index.kind == IndexKind::Global {
            return Err(ApiError::validation("Consistent reads are not supported on global secondary indexes"));
        }
        Ok(source)
    }

    pub fn of_table(table: &'t Table) -> Self {
        Self { table, index: None }
    }

    /// An index of the table, once it is filled.
    pub fn of_index(table: &'t Table, index: &'t Index) -> Result<Self, ApiError> {
        match index.status {
            IndexStatus::Allocating(..) | IndexStatus::Backfilling(..) => Err(ApiError::validation(format!(
                "Cannot read from backfilling global secondary index: {}",
                index.name
            ))),
            IndexStatus::Active | IndexStatus::Updating(..) | IndexStatus::Deleting(..) => {
                Ok(Self { table, index: Some(index) })
            }
        }
    }

    pub fn index(&self) -> Option<&'t Index> {
        self.index
    }

    /// The key by which the items stand here.
    pub fn schema(&self) -> &'t KeySchema {
        self.index.map_or(&self.table.schema, |index| &index.schema)
    }

    /// The place that a request's `ExclusiveStartKey` names.
    pub fn place(&self, start: &Item) -> Result<Place, ApiError> {
        let Some(index) = self.index else {
            return Ok(Place { key: self.table.schema.key_of_request(start)?, among: Among::First });
        };
        let of_table = self.table.schema.attributes_of(start);
        let of_index = index.schema.attributes_of(start);
        let strangers = start.keys().any(|name| !of_table.contains_key(name) && !of_index.contains_key(name));
        if strangers {
            return Err(ApiError::validation("The provided key element does not match the schema"));
        }
        let key = self.table.schema.key_of_request(&of_table)?;
        Ok(Place { key: index.schema.key_of_request(&of_index)?, among: Among::Item(key) })
    }

    /// What `LastEvaluatedKey` answers: an index's key does not tell its entries apart, so the table's is with it.
    pub fn key_attributes(&self, stored: &StoredItem) -> Item {
        let of_index = |name: &str| self.index.is_some_and(|index| index.schema.contains(name));
        let item = stored.attributes_where(&|name| self.table.schema.contains(name) || of_index(name));
        let mut key = self.table.schema.attributes_of(&item);
        if let Some(index) = self.index {
            key.extend(index.schema.attributes_of(&item));
        }
        key
    }

    /// The items of a range, each with its key in the table, in the order of reading, beyond `after` if it is given.
    pub fn items(&self, range: Option<KeyRange>, after: Option<&Place>, forward: bool) -> Items<'t> {
        let Some(range) = range else { return Box::new(std::iter::empty()) };
        let items = match self.index {
            Some(index) => index.range(range, after, forward),
            None => match beyond(range, after, forward) {
                Some(range) => self.table.range(range),
                None => Box::new(std::iter::empty()),
            },
        };
        if forward { items } else { Box::new(items.rev()) }
    }

    /// Whether what is asked for must be fetched from the table. A global index refuses what it does not hold.
    pub fn fetches(
        &self,
        selection: Selection,
        filter: Option<&Condition>,
        projection: Option<&Projection>,
    ) -> Result<bool, ApiError> {
        let Some(index) = self.index else { return Ok(false) };
        let wants_all = selection == Selection::All && !index.holds_all();
        let mut names: Vec<&str> = projection.into_iter().flat_map(Projection::attributes).collect();
        if let Some(filter) = filter {
            filter.paths(&mut |path| names.push(path.root()));
        }
        let missing = self.not_held(names);
        match index.kind {
            IndexKind::Local => Ok(wants_all || !missing.is_empty()),
            IndexKind::Global if wants_all => Err(invalid(format_args!(
                "Select type ALL_ATTRIBUTES is not supported for global secondary index {} because its projection \
                 type is not ALL",
                index.name
            ))),
            IndexKind::Global if !missing.is_empty() => Err(invalid(format_args!(
                "Global secondary index {} does not project [{}]",
                index.name,
                missing.join(", ")
            ))),
            IndexKind::Global => Ok(false),
        }
    }

    /// The item of the table to which an entry belongs.
    pub fn fetch(&self, key: &Key) -> &'t Arc<StoredItem> {
        self.table.get(key).expect("an index holds the items of its table")
    }

    /// What reading `bytes` here costs.
    pub fn units(&self, bytes: usize, consistent: bool) -> Units {
        let units = read_units(bytes, consistent);
        match self.index {
            Some(index) => Units::of_index(index.kind, &index.name, units),
            None => Units::of_table(units),
        }
    }

    /// Those of these attributes that the index does not hold, each once.
    pub fn not_held<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
        let Some(index) = self.index else { return Vec::new() };
        let mut missing = Vec::new();
        for name in names {
            if !index.holds(name, &self.table.schema) && !missing.contains(&name) {
                missing.push(name);
            }
        }
        missing
    }
}

/// The part of a table's range that lies beyond a place.
fn beyond(range: KeyRange, after: Option<&Place>, forward: bool) -> Option<KeyRange> {
    let Some(place) = after else { return Some(range) };
    let key = Bound::Excluded(place.key.clone());
    narrowed(if forward { (key, range.1) } else { (range.0, key) })
}
