//! One page of a Query or a Scan.
//!
//! A page ends at the limit or at 1 MB, whichever comes first; both count the
//! items as they lie in the table or the index, before the filter.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html>

use std::sync::Arc;

use serde::Serialize;

use super::capacity::{self, ConsumedCapacity, read_units};
use super::expression::projection::Projection;
use super::expression::tree::Condition;
use super::source::Source;
use super::store::Items;
use super::stored_item::{Image, StoredItem};
use super::value::Item;
use crate::kernel::{ApiError, Call, EventId};

pub const PAGE_BYTES_MAX: usize = 1 << 20;

/// What is asked of a page.
pub struct Reading<'a> {
    pub limit: Option<usize>,
    pub filter: Option<&'a Condition>,
    pub projection: Option<&'a Projection>,
    pub selection: Selection,
    pub consistent: bool,
    /// Whether the items come from the table though an index is read.
    pub fetches: bool,
    /// `ReturnConsumedCapacity`, and the table as the request named it.
    pub capacity: Option<&'a str>,
    pub table: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// What the projection says, or what is there.
    Items,
    /// Whole items, although an index may not hold them.
    All,
    Count,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page {
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<Image>>,
    count: usize,
    scanned_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_key: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<ConsumedCapacity>,
}

/// Reads a page off `items`, and tells the timeline of it.
pub fn read(source: &Source<'_>, items: Items<'_>, reading: &Reading<'_>, call: &Call<'_>) -> Page {
    let mut images = Vec::new();
    let (mut count, mut scanned, mut bytes, mut fetch_units) = (0, 0, 0, 0.0);
    let mut last_evaluated_key = None;
    let mut writer: Option<EventId> = None;
    for (key, entry) in items {
        scanned += 1;
        bytes += entry.bytes;
        let stored = if reading.fetches { source.fetch(key) } else { entry };
        if reading.fetches {
            // "For each item fetched, DynamoDB reads the entire item": each is rounded up by itself.
            fetch_units += read_units(stored.bytes, reading.consistent);
        }
        if reading.filter.is_none_or(|filter| stored.satisfies(filter)) {
            count += 1;
            writer = writer.max(Some(stored.writer));
            if reading.selection != Selection::Count {
                images.push(image(stored, reading.projection));
            }
        }
        if reading.limit == Some(scanned) || bytes > PAGE_BYTES_MAX {
            last_evaluated_key = Some(source.key_attributes(entry));
            break;
        }
    }
    call.note(if count == 1 { "1 item".to_owned() } else { format!("{count} items") });
    if let Some(writer) = writer {
        call.read_from(writer);
    }
    let mut units = source.units(bytes, reading.consistent);
    units.table += fetch_units;
    Page {
        items: (reading.selection != Selection::Count).then_some(images),
        count,
        scanned_count: scanned,
        last_evaluated_key,
        consumed_capacity: capacity::consumed(reading.capacity, reading.table, units),
    }
}

fn image(stored: &Arc<StoredItem>, projection: Option<&Projection>) -> Image {
    match projection {
        Some(projection) => Image::Part(stored.projected(projection)),
        None => Image::Whole(Arc::clone(stored)),
    }
}

/// What `Select` asks for, which must fit the projection, if there is one: `projection` is the member that
/// asks for it. `doing` is `Querying` or `Scanning`.
pub fn selection(
    select: Option<&str>,
    projection: Option<&str>,
    has_index: bool,
    doing: &str,
) -> Result<Selection, ApiError> {
    let invalid =
        |detail: String| Err(ApiError::validation(format!("One or more parameter values were invalid: {detail}")));
    match (select, projection) {
        (Some("ALL_PROJECTED_ATTRIBUTES"), _) if !has_index => {
            invalid(format!("ALL_PROJECTED_ATTRIBUTES can be used only when {doing} using an IndexName"))
        }
        (Some("SPECIFIC_ATTRIBUTES"), None) => invalid(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
                .to_owned(),
        ),
        (Some(select @ ("ALL_ATTRIBUTES" | "ALL_PROJECTED_ATTRIBUTES" | "COUNT")), Some(projection)) => {
            let what = if select == "COUNT" { "only the Count" } else { select };
            invalid(format!("Cannot specify the {projection} when choosing to get {what}"))
        }
        (Some("COUNT"), None) => Ok(Selection::Count),
        (Some("ALL_ATTRIBUTES"), None) => Ok(Selection::All),
        _ => Ok(Selection::Items),
    }
}
