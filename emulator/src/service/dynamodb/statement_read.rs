//! SELECT: a Query of each partition that WHERE names, or a Scan where it names none.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html>

use std::ops::Bound;
use std::sync::Arc;

use super::capacity::{Units, read_units};
use super::expression::evaluation;
use super::expression::tree::{Condition, Path};
use super::index::IndexKind;
use super::key::{KeyRange, KeySchema};
use super::members::invalid;
use super::page::PAGE_BYTES_MAX;
use super::partiql::access::{Access, KeyNames, access, full_key, ordered};
use super::partiql::binding::Read;
use super::source::Source;
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

type Columns = Option<Vec<(String, Path)>>;

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
            let item = stored.attributes_where(&|name| columns.iter().any(|(_, path)| path.root() == name));
            let chosen = |(name, path): &(String, Path)| Some((name.clone(), evaluation::lookup(&item, path)?.clone()));
            Image::Part(columns.iter().filter_map(chosen).collect())
        }
    }
}

/// Reads a page, and tells the timeline of it.
pub fn read(read: Read, table: &Table, asked: Asked, call: &Call<'_>) -> Result<Rows, ApiError> {
    let source = source(table, read.source.index.as_deref(), asked.consistent)?;
    let names = key_names(source.schema());
    let has_condition = read.condition.is_some();
    let (mut found, filter) = access(read.condition, names)?;
    let forward = ordered(&mut found, &read.order, names, has_condition)?;
    let is_query = matches!(found, Access::Query { .. });
    check_filter(&source, filter.as_ref().filter(|_| is_query))?;
    let fetches = fetches(&source, &read.columns)?;
    let several = matches!(found, Access::Query { several: true, .. });
    let ranges = ranges(source.schema(), &found)?;
    let limit =
        if several { Some(asked.limit.unwrap_or(IN_PAGE_ITEMS_MAX).min(IN_PAGE_ITEMS_MAX)) } else { asked.limit };
    let page = Page {
        source,
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

/// The table, or its index of that name, if it can be read so; AWS words this otherwise than of a Query.
fn source<'t>(table: &'t Table, index: Option<&str>, consistent: bool) -> Result<Source<'t>, ApiError> {
    let Some(name) = index else { return Ok(Source::of_table(table)) };
    let index = table.index(name).map_err(|_| ApiError::validation("The table does not have the specified index"))?;
    if index.kind == IndexKind::Global && consistent {
        return Err(ApiError::validation("Strongly consistent read is not supported on Global Secondary Indexes"));
    }
    Source::of_index(table, index)
}

/// A Query of an index filters by what the index holds; a Scan of it finds nothing elsewhere.
fn check_filter(source: &Source<'_>, filter: Option<&Condition>) -> Result<(), ApiError> {
    let (Some(index), Some(filter)) = (source.index(), filter) else { return Ok(()) };
    let mut names: Vec<&str> = Vec::new();
    filter.paths(&mut |path| names.push(path.root()));
    let missing = source.not_held(names);
    if missing.is_empty() {
        return Ok(());
    }
    Err(invalid(format_args!(
        "Secondary index {} does not project one or more filter attributes: [{}]",
        index.name,
        missing.join(", ")
    )))
}

/// Whether columns must be fetched from the table, which a local index can and a global one cannot.
fn fetches(source: &Source<'_>, columns: &Columns) -> Result<bool, ApiError> {
    let (Some(index), Some(columns)) = (source.index(), columns) else { return Ok(false) };
    let missing = source.not_held(columns.iter().map(|(_, path)| path.root()));
    if missing.is_empty() || index.kind == IndexKind::Local {
        return Ok(!missing.is_empty());
    }
    Err(invalid(format_args!("Global secondary index {} does not project [{}]", index.name, missing.join(", "))))
}

/// One range for each partition that is asked for, or one over all.
fn ranges(schema: &KeySchema, access: &Access) -> Result<Vec<Option<KeyRange>>, ApiError> {
    match access {
        Access::Scan => Ok(vec![Some((Bound::Unbounded, Bound::Unbounded))]),
        Access::Query { partitions, sort, .. } => {
            partitions.iter().map(|partition| schema.range(partition, sort.as_ref())).collect()
        }
    }
}

/// A page on its way.
struct Page<'r, 't> {
    source: Source<'t>,
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
        // A token that does not fit the table was given out for another.
        let place = start.map(|start| self.source.place(&start.key).map_err(|_| mismatch())).transpose()?;
        for (partition, range) in ranges.into_iter().enumerate().skip(first) {
            let mut bytes_of_range = 0;
            let after = place.as_ref().filter(|_| partition == first);
            let in_table = range.is_some();
            for (key, entry) in self.source.items(range, after, self.forward) {
                scanned += 1;
                bytes += entry.bytes;
                bytes_of_range += entry.bytes;
                let stored = if self.fetches { self.source.fetch(key) } else { entry };
                if self.fetches {
                    // Fetching an item costs a read of its own, whether or not the filter keeps it.
                    rows.units.table += read_units(stored.bytes, self.consistent);
                }
                if self.filter.is_none_or(|filter| entry.satisfies(filter)) {
                    writer = writer.max(Some(stored.writer));
                    rows.items.push(image(stored, self.columns));
                }
                if self.limit == Some(scanned) || bytes > PAGE_BYTES_MAX {
                    rows.next = Some(Place { partition, key: self.source.key_attributes(entry) });
                    break;
                }
            }
            if in_table {
                rows.units.add(&self.source.units(bytes_of_range, self.consistent));
            }
            if rows.next.is_some() {
                break;
            }
        }
        Ok((rows, writer))
    }
}
