//! SELECT: a Query of each partition that WHERE names, or a Scan where it names none.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html>

use std::ops::Bound;
use std::sync::Arc;

use super::capacity::{self, Units};
use super::expression::evaluation;
use super::expression::tree::{Condition, Path};
use super::index::{Among, Index, IndexKind, IndexStatus, Place as IndexPlace};
use super::key::{Key, KeyRange, KeySchema, narrowed};
use super::page::PAGE_BYTES_MAX;
use super::partiql::access::{Access, KeyNames, access, full_key, ordered};
use super::partiql::binding::Read;
use super::statement_token::{Place, mismatch};
use super::stored_item::{Image, StoredItem};
use super::table::Table;
use super::value::Item;
use crate::kernel::{ApiError, Call, EventId};

/// "Results are returned in pages of up to 10 items": those of IN on a partition key.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html>
const IN_PAGE_ITEMS_MAX: usize = 10;

/// How much of it, and how.
pub struct Asked {
    pub limit: Option<usize>,
    pub consistent: bool,
    /// Where the page before ended.
    pub start: Option<Place>,
}

/// One page of what a SELECT finds.
#[derive(Debug)]
pub struct Rows {
    pub items: Vec<Image>,
    pub next: Option<Place>,
    pub units: Units,
}

/// A table or one of its indexes, as a SELECT sees it.
struct View<'t> {
    table: &'t Table,
    index: Option<&'t Index>,
}

type Columns = Option<Vec<(String, Path)>>;
type Entries<'e> = Box<dyn Iterator<Item = &'e Arc<StoredItem>> + 'e>;

/// Where the page before ended, in the table or in the index.
enum After {
    Key(Key),
    Entry(IndexPlace),
}

pub fn key_names(schema: &KeySchema) -> KeyNames<'_> {
    KeyNames { partition: &schema.partition.name, sort: schema.sort.as_ref().map(|sort| sort.name.as_str()) }
}

/// The key of the one item that a SELECT in a batch or in a transaction asks for; nothing where it asks for more, or for
/// something else besides.
pub fn single_key(read: &Read, schema: &KeySchema) -> Option<Item> {
    if read.source.index.is_some() || !read.order.is_empty() {
        return None;
    }
    match full_key(read.condition.clone(), key_names(schema))? {
        (key, None) => Some(key),
        (_, Some(_)) => None,
    }
}

/// What of an item the columns ask for.
pub fn image(stored: &Arc<StoredItem>, columns: &Columns) -> Image {
    match columns {
        None => Image::Whole(Arc::clone(stored)),
        Some(columns) => {
            let item = stored.attributes();
            let chosen = |(name, path): &(String, Path)| Some((name.clone(), evaluation::lookup(&item, path)?.clone()));
            Image::Part(columns.iter().filter_map(chosen).collect())
        }
    }
}

/// Reads a page, and tells the timeline of it.
pub fn read(read: Read, table: &Table, asked: Asked, call: &Call<'_>) -> Result<Rows, ApiError> {
    let view = View::of(table, read.source.index.as_deref(), asked.consistent)?;
    let names = key_names(view.schema());
    let has_condition = read.condition.is_some();
    let (mut found, filter) = access(read.condition, names)?;
    let forward = ordered(&mut found, &read.order, names, has_condition)?;
    let is_query = matches!(found, Access::Query { .. });
    view.check_filter(filter.as_ref().filter(|_| is_query))?;
    let fetches = view.check_columns(&read.columns)?;
    let several = matches!(found, Access::Query { several: true, .. });
    let ranges = view.ranges(&found)?;
    let limit =
        if several { Some(asked.limit.unwrap_or(IN_PAGE_ITEMS_MAX).min(IN_PAGE_ITEMS_MAX)) } else { asked.limit };
    let page = Page {
        view,
        columns: &read.columns,
        filter: filter.as_ref(),
        fetches,
        forward,
        limit,
        consistent: asked.consistent,
    };
    let (rows, writer) = page.rows(ranges, asked.start)?;
    call.note(if rows.items.len() == 1 { "1 item".to_owned() } else { format!("{} items", rows.items.len()) });
    if let Some(writer) = writer {
        call.read_from(writer);
    }
    Ok(rows)
}

impl<'t> View<'t> {
    fn of(table: &'t Table, index: Option<&str>, consistent: bool) -> Result<Self, ApiError> {
        let Some(name) = index else { return Ok(Self { table, index: None }) };
        // AWS adds the name to this in Query, not here.
        let Some(index) = table.indexes.iter().find(|index| index.name == name) else {
            return Err(ApiError::validation("The table does not have the specified index"));
        };
        if index.kind == IndexKind::Global && consistent {
            return Err(ApiError::validation("Strongly consistent read is not supported on Global Secondary Indexes"));
        }
        if matches!(index.status, IndexStatus::Allocating(..) | IndexStatus::Backfilling(..)) {
            let message = format!("Cannot read from backfilling global secondary index: {name}");
            return Err(ApiError::validation(message));
        }
        Ok(Self { table, index: Some(index) })
    }

    fn schema(&self) -> &'t KeySchema {
        self.index.map_or(&self.table.schema, |index| &index.schema)
    }

    fn holds(&self, name: &str) -> bool {
        self.index.is_none_or(|index| index.holds(name, &self.table.schema))
    }

    /// A Query of an index filters by what the index holds; a Scan of it finds nothing elsewhere.
    fn check_filter(&self, filter: Option<&Condition>) -> Result<(), ApiError> {
        let (Some(index), Some(filter)) = (self.index, filter) else { return Ok(()) };
        let mut missing: Vec<&str> = Vec::new();
        filter.paths(&mut |path| {
            if !self.holds(path.root()) && !missing.contains(&path.root()) {
                missing.push(path.root());
            }
        });
        if missing.is_empty() {
            return Ok(());
        }
        Err(ApiError::validation(format!(
            "One or more parameter values were invalid: Secondary index {} does not project one or more filter \
             attributes: [{}]",
            index.name,
            missing.join(", ")
        )))
    }

    /// Whether columns must be fetched from the table, which a local index can and a global one cannot.
    fn check_columns(&self, columns: &Columns) -> Result<bool, ApiError> {
        let (Some(index), Some(columns)) = (self.index, columns) else { return Ok(false) };
        let roots = columns.iter().map(|(_, path)| path.root());
        let missing: Vec<&str> = roots.filter(|name| !self.holds(name)).collect();
        if missing.is_empty() || index.kind == IndexKind::Local {
            return Ok(!missing.is_empty());
        }
        Err(ApiError::validation(format!(
            "One or more parameter values were invalid: Global secondary index {} does not project [{}]",
            index.name,
            missing.join(", ")
        )))
    }

    /// One range for each partition that is asked for, or one over all.
    fn ranges(&self, access: &Access) -> Result<Vec<Option<KeyRange>>, ApiError> {
        match access {
            Access::Scan => Ok(vec![Some((Bound::Unbounded, Bound::Unbounded))]),
            Access::Query { partitions, sort, .. } => {
                partitions.iter().map(|partition| self.schema().range(partition, sort.as_ref())).collect()
            }
        }
    }

    /// The place that a token names. One that does not fit the table was given out for another.
    fn after(&self, keys: &Item) -> Result<After, ApiError> {
        let key = self.table.schema.key_if_any(keys).ok_or_else(mismatch)?;
        let Some(index) = self.index else { return Ok(After::Key(key)) };
        let index_key = index.schema.key_if_any(keys).ok_or_else(mismatch)?;
        Ok(After::Entry(IndexPlace { key: index_key, among: Among::Item(key) }))
    }

    /// The items of a range in the order of reading, beyond the last of the page before.
    fn entries<'e>(&'e self, range: KeyRange, after: Option<&'e After>, forward: bool) -> Entries<'e> {
        if let Some(index) = self.index {
            let after = after.and_then(|after| if let After::Entry(place) = after { Some(place) } else { None });
            let entries = index.range(range, after, forward).map(|(_, stored)| stored);
            return if forward { Box::new(entries) } else { Box::new(entries.rev()) };
        }
        let range = match after {
            Some(After::Key(key)) if forward => narrowed((Bound::Excluded(key.clone()), range.1)),
            Some(After::Key(key)) => narrowed((range.0, Bound::Excluded(key.clone()))),
            Some(After::Entry(_)) | None => Some(range),
        };
        let entries = range.into_iter().flat_map(|range| self.table.range(range)).map(|(_, stored)| stored);
        if forward { Box::new(entries) } else { Box::new(entries.rev()) }
    }

    /// The keys of an item: those of the table and those of the index.
    fn keys_of(&self, item: &Item) -> Item {
        let mut keys = self.table.schema.attributes_of(item);
        keys.extend(self.schema().attributes_of(item));
        keys
    }
}

/// A page on its way.
struct Page<'r, 't> {
    view: View<'t>,
    columns: &'r Columns,
    filter: Option<&'r Condition>,
    fetches: bool,
    forward: bool,
    limit: Option<usize>,
    consistent: bool,
}

impl Page<'_, '_> {
    fn rows(&self, ranges: Vec<Option<KeyRange>>, start: Option<Place>) -> Result<(Rows, Option<EventId>), ApiError> {
        let mut rows = Rows { items: Vec::new(), next: None, units: Units::default() };
        let (mut scanned, mut bytes) = (0, 0);
        let mut writer: Option<EventId> = None;
        let first = start.as_ref().map_or(0, |start| start.partition);
        let place = start.map(|start| self.view.after(&start.key)).transpose()?;
        for (partition, range) in ranges.into_iter().enumerate().skip(first) {
            let mut bytes_of_range = 0;
            let after = place.as_ref().filter(|_| partition == first);
            let Some(range) = range else { continue };
            for stored in self.view.entries(range, after, self.forward) {
                scanned += 1;
                bytes += stored.bytes;
                bytes_of_range += stored.bytes;
                let whole = self.whole(stored, &mut rows.units);
                if self.filter.is_none_or(|filter| evaluation::holds(filter, &stored.attributes())) {
                    writer = writer.max(Some(stored.writer));
                    rows.items.push(image(whole, self.columns));
                }
                if self.limit == Some(scanned) || bytes > PAGE_BYTES_MAX {
                    let key = self.view.keys_of(&stored.attributes());
                    rows.next = Some(Place { partition, key });
                    break;
                }
            }
            self.charge(bytes_of_range, &mut rows.units);
            if rows.next.is_some() {
                break;
            }
        }
        Ok((rows, writer))
    }

    /// The item that the columns are taken from. Fetching it costs a read of its own, whether or not the filter keeps it.
    fn whole<'s>(&self, stored: &'s Arc<StoredItem>, units: &mut Units) -> &'s Arc<StoredItem>
    where
        Self: 's,
    {
        if !self.fetches {
            return stored;
        }
        let key = self.view.table.schema.key_if_any(&stored.attributes());
        let Some(whole) = key.and_then(|key| self.view.table.get(&key)) else { return stored };
        units.table += capacity::read_units(whole.bytes, self.consistent);
        whole
    }

    fn charge(&self, bytes: usize, units: &mut Units) {
        let cost = capacity::read_units(bytes, self.consistent);
        let Some(index) = self.view.index else {
            units.table += cost;
            return;
        };
        let indexes = match index.kind {
            IndexKind::Local => &mut units.local,
            IndexKind::Global => &mut units.global,
        };
        *indexes.entry(index.name.clone()).or_default() += cost;
    }
}
