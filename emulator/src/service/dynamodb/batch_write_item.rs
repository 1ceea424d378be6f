//! Puts and deletes up to 25 items of one or more tables, each for itself.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::attribute_json::{self, GivenItem};
use super::capacity::{self, ConsumedCapacity, Units};
use super::held::{self, HeldTables};
use super::item_collection::{self, Collections};
use super::key::{Key, no_match};
use super::members::{check_consumed_capacity, check_count, check_item_collection_metrics, check_names_of_tables};
use super::table::Table;
use super::value::Item;
use super::write::{Write, check_size};
use super::{DynamoDb, index_key, table_name, throttled};
use crate::kernel::{ApiError, Call, SharedOperation, Violations};

const REQUESTS_MAX: usize = 25;

pub struct BatchWriteItem;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    request_items: Option<BTreeMap<String, Vec<WriteRequest>>>,
    return_consumed_capacity: Option<String>,
    return_item_collection_metrics: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WriteRequest {
    put_request: Option<PutRequest>,
    delete_request: Option<DeleteRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutRequest {
    item: Option<GivenItem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteRequest {
    key: Option<GivenItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    unprocessed_items: BTreeMap<String, Vec<Requested>>,
    #[serde(skip_serializing_if = "Collections::is_empty")]
    item_collection_metrics: Collections,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<Vec<ConsumedCapacity>>,
}

/// One write, read. What is not done is answered "in the same form as RequestItems".
#[derive(Serialize)]
enum Requested {
    #[serde(rename = "PutRequest")]
    Put {
        #[serde(rename = "Item")]
        item: Item,
    },
    #[serde(rename = "DeleteRequest")]
    Delete {
        #[serde(rename = "Key")]
        key: Item,
    },
}

/// The writes of one table, with its name, and as that was given.
struct Writing {
    table: String,
    given: String,
    requests: Vec<Requested>,
}

/// What is to be told of the writes: `ReturnConsumedCapacity` and `ReturnItemCollectionMetrics`.
struct Asked<'a> {
    capacity: Option<&'a str>,
    metrics: Option<&'a str>,
}

impl SharedOperation for BatchWriteItem {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "BatchWriteItem";

    fn resource(input: &Input) -> String {
        table_name::all_shown(input.request_items.iter().flat_map(BTreeMap::keys))
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        let mut writings = Vec::new();
        for (given, requests) in input.request_items.unwrap_or_default() {
            let table = table_name::resolve(&given, call.scope)?;
            let requests: Result<Vec<Requested>, ApiError> = requests.into_iter().map(requested).collect();
            writings.push(Writing { table, given, requests: requests? });
        }
        let mut tables = held::all_active(state, writings.iter().map(|writing| writing.table.clone()).collect(), call)?;
        check_keys(&tables, &writings)?;
        // "If BatchWriteItem cannot process any items due to throttling", nothing is done.
        let count: usize = writings.iter().map(|writing| writing.requests.len()).sum();
        if call.circumstances.unprocessed >= count {
            return Err(throttled(Self::NAME));
        }
        let asked = Asked {
            capacity: input.return_consumed_capacity.as_deref(),
            metrics: input.return_item_collection_metrics.as_deref(),
        };
        write(&mut tables, writings, asked, call)
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    check_item_collection_metrics(&mut violations, &input.return_item_collection_metrics);
    // AWS tells these alone.
    violations.finish()?;
    let mut violations = Violations::new();
    violations.required("requestItems", &input.request_items);
    let items = input.request_items.iter().flatten();
    for (table, requests) in items.clone() {
        if requests.is_empty() {
            violations.sentence(format_args!(
                "Value '{{{table}=[]}}' at 'requestItems' failed to satisfy constraint: Map value must satisfy \
                 constraint: [Member must have length less than or equal to {REQUESTS_MAX}, Member must have length \
                 greater than or equal to 1]"
            ));
        } else {
            check_count(&mut violations, &format!("RequestItems.{table}.member"), requests.len(), REQUESTS_MAX);
        }
        for (index, request) in requests.iter().enumerate() {
            let member = |name: &str| format!("requestItems.{table}.member.{}.member.{name}", index + 1);
            if request.put_request.as_ref().is_some_and(|put| put.item.is_none()) {
                violations.missing(member("putRequest.item"));
            }
            if request.delete_request.as_ref().is_some_and(|delete| delete.key.is_none()) {
                violations.missing(member("deleteRequest.key"));
            }
        }
    }
    let names = || items.clone().map(|(table, _)| format!("{table}=[...]")).collect::<Vec<_>>().join(", ");
    check_names_of_tables(&mut violations, items.clone().map(|(table, _)| table), || format!("{{{}}}", names()));
    violations.finish()?;
    let count: usize = items.map(|(_, requests)| requests.len()).sum();
    if count == 0 {
        return Err(ApiError::validation("The requestItems parameter is required for BatchWriteItem"));
    }
    if count > REQUESTS_MAX {
        return Err(ApiError::validation("Too many items requested for the BatchWriteItem call"));
    }
    Ok(())
}

fn requested(request: WriteRequest) -> Result<Requested, ApiError> {
    match (request.put_request, request.delete_request) {
        (Some(put), None) => {
            let item = attribute_json::item(put.item.unwrap_or_default())?;
            check_size(&item)?;
            Ok(Requested::Put { item })
        }
        (None, Some(delete)) => Ok(Requested::Delete { key: attribute_json::item(delete.key.unwrap_or_default())? }),
        // Both texts are assumed, by the likeness of those about attribute values.
        (None, None) => Err(ApiError::validation(
            "Supplied WriteRequest is empty, must contain exactly one of PutRequest or DeleteRequest",
        )),
        (Some(_), Some(_)) => Err(ApiError::validation(
            "Supplied WriteRequest has more than one request set, must contain exactly one of PutRequest or \
             DeleteRequest",
        )),
    }
}

/// "If one or more of the following is true, DynamoDB rejects the entire batch write operation."
fn check_keys(tables: &HeldTables<'_>, writings: &[Writing]) -> Result<(), ApiError> {
    let mut seen = BTreeSet::new();
    for Writing { table, requests, .. } in writings {
        for request in requests {
            if !seen.insert((table, key(&tables[table], request)?)) {
                return Err(ApiError::validation("Provided list of item keys contains duplicates"));
            }
        }
    }
    Ok(())
}

/// A put whose item does not fit the key is told in the words of a key, as callers report of AWS.
fn key(table: &Table, request: &Requested) -> Result<Key, ApiError> {
    match request {
        Requested::Put { item } if !table.schema.fits(item) => Err(no_match()),
        Requested::Put { item } => {
            index_key::check_item(table.living_indexes(), item)?;
            table.schema.key_of_item(item)
        }
        Requested::Delete { key } => table.schema.key_of_request(key),
    }
}

fn write(
    tables: &mut HeldTables<'_>,
    writings: Vec<Writing>,
    asked: Asked<'_>,
    call: &mut Call<'_>,
) -> Result<Output, ApiError> {
    let (mut done, mut consumed, mut unprocessed_items) = (0, Vec::new(), BTreeMap::new());
    let mut item_collection_metrics = Collections::default();
    let count: usize = writings.iter().map(|writing| writing.requests.len()).sum();
    let mut left = count - call.circumstances.unprocessed;
    for Writing { table, given, requests } in writings {
        let table = tables.get_mut(&table).expect("all tables of the batch are held");
        let mut units = Units::default();
        let mut requests = requests.into_iter();
        for request in requests.by_ref().take(left) {
            let write = match request {
                Requested::Put { item } => Write::put(table, item, None)?,
                Requested::Delete { key } => Write::delete(table, &key, None)?,
            };
            let written = write.examine(table, None)?.apply(table, call);
            units.add(&capacity::of_write(&written));
            item_collection_metrics.add(&given, item_collection::metrics(asked.metrics, table, &written));
            done += 1;
            left -= 1;
        }
        consumed.extend(capacity::consumed(asked.capacity, &given, units));
        let undone: Vec<Requested> = requests.collect();
        if !undone.is_empty() {
            unprocessed_items.insert(given, undone);
        }
    }
    call.note(if done == 1 { "1 write".to_owned() } else { format!("{done} writes") });
    let consumed_capacity = Some(consumed).filter(|consumed| !consumed.is_empty());
    Ok(Output { unprocessed_items, item_collection_metrics, consumed_capacity })
}
