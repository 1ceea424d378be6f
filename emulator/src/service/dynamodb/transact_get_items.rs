//! Reads up to 100 items of one or more tables as they stand together at one moment.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attribute_json::{self, GivenItem};
use super::capacity::{self, ConsumedCapacity, Units};
use super::conflict;
use super::expression::projection::{self, Projection};
use super::expression_attributes::symbols;
use super::held::{self, HeldTables};
use super::key::Key;
use super::members::check_consumed_capacity;
use super::stored_item::{Image, StoredItem};
use super::transaction::{self, Reason};
use super::value::Item;
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, SharedOperation, Violations};

pub struct TransactGetItems;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    transact_items: Option<Vec<TransactGetItem>>,
    return_consumed_capacity: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TransactGetItem {
    get: Option<Get>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Get {
    table_name: Option<String>,
    key: Option<GivenItem>,
    projection_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    responses: Vec<ItemResponse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<Vec<ConsumedCapacity>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ItemResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Image>,
}

/// One get, read: the table's name, and as it was given.
struct Reading {
    table: String,
    given: String,
    key: Item,
    projection: Option<Projection>,
}

impl SharedOperation for TransactGetItems {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TransactGetItems";

    fn resource(input: &Input) -> String {
        let gets = input.transact_items.iter().flatten().flat_map(|item| &item.get);
        table_name::all_shown(gets.flat_map(|get| &get.table_name))
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        let gets = input.transact_items.unwrap_or_default().into_iter().filter_map(|item| item.get);
        let readings = gets.map(|get| reading(get, call)).collect::<Result<Vec<Reading>, ApiError>>()?;
        let tables = held::all_active(state, readings.iter().map(|reading| reading.table.clone()).collect(), call)?;
        let places = places(&tables, &readings, call)?;
        let stored: Vec<_> =
            readings.iter().zip(&places).map(|(reading, place)| tables[&reading.table].get(place)).collect();
        transaction::check_bytes(stored.iter().flatten().map(|stored| stored.bytes).sum())?;
        Ok(answer(&readings, &stored, input.return_consumed_capacity.as_deref(), call))
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("transactItems", &input.transact_items);
    if let Some(items) = &input.transact_items {
        transaction::check_actions(&mut violations, items.len());
    }
    for (index, item) in input.transact_items.iter().flatten().enumerate() {
        let member = |name: &str| format!("transactItems.{}.member.get{name}", index + 1);
        match &item.get {
            Some(get) => {
                violations.required(member(".tableName"), &get.table_name);
                violations.required(member(".key"), &get.key);
            }
            None => violations.missing(member("")),
        }
    }
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    violations.finish()
}

fn reading(get: Get, call: &Call<'_>) -> Result<Reading, ApiError> {
    let given = get.table_name.unwrap_or_default();
    let table = table_name::resolve(&given, call.scope)?;
    let text = get.projection_expression;
    let mut symbols = symbols(get.expression_attribute_names, None, &[], &[("ProjectionExpression", text.is_some())])?;
    let projection = text.map(|text| projection::parse(&text, &mut symbols)).transpose()?;
    symbols.check_all_used()?;
    Ok(Reading { table, given, key: attribute_json::item(get.key.unwrap_or_default())?, projection })
}

fn places(tables: &HeldTables<'_>, readings: &[Reading], call: &Call<'_>) -> Result<Vec<Key>, ApiError> {
    let mut places = Vec::with_capacity(readings.len());
    for reading in readings {
        let schema = &tables[&reading.table].schema;
        schema.check_values(&reading.key)?;
        places.push(schema.key_of_request(&reading.key).map_err(Reason::of));
    }
    let found =
        readings.iter().zip(&places).filter_map(|(reading, place)| Some((&reading.table, place.as_ref().ok()?)));
    transaction::refuse_doubles(found)?;
    conflict::strike(places.first_mut(), call);
    transaction::all_or_cancelled(places)
}

fn answer(readings: &[Reading], stored: &[Option<&Arc<StoredItem>>], asked: Option<&str>, call: &Call<'_>) -> Output {
    let image = |(reading, stored): (&Reading, &Option<&Arc<StoredItem>>)| {
        let item = stored.map(|stored| match &reading.projection {
            Some(projection) => Image::Part(stored.projected(projection)),
            None => Image::Whole(Arc::clone(stored)),
        });
        ItemResponse { item }
    };
    let responses: Vec<ItemResponse> = readings.iter().zip(stored).map(image).collect();
    let found = stored.iter().flatten().count();
    call.note(if found == 1 { "1 item".to_owned() } else { format!("{found} items") });
    if let Some(writer) = stored.iter().flatten().map(|stored| stored.writer).max() {
        call.read_from(writer);
    }
    let bytes = stored.iter().map(|stored| stored.map_or(0, |stored| stored.bytes));
    let given = readings.iter().map(|reading| reading.given.as_str());
    Output { responses, consumed_capacity: consumed_by_reads(asked, given.zip(bytes)) }
}

/// What it cost to read items of so many bytes, by table.
pub fn consumed_by_reads<'a>(
    asked: Option<&str>,
    read: impl Iterator<Item = (&'a str, usize)>,
) -> Option<Vec<ConsumedCapacity>> {
    asked.filter(|asked| *asked != "NONE")?;
    let units = read.map(|(table, bytes)| (table, Units::of_table(capacity::read_units(bytes, true))));
    let by_table = transaction::by_table(units, |sum, units| sum.add(&units));
    by_table.into_iter().map(|(table, units)| capacity::consumed_by_transaction_reads(asked, table, units)).collect()
}
