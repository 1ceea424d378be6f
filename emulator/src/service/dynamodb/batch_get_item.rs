//! Reads up to 100 items of one or more tables by their keys.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attribute_json::{self, GivenItem};
use super::capacity::{self, ConsumedCapacity, Units};
use super::expression::projection::{self, Projection};
use super::expression_attributes::symbols;
use super::held::{self, HeldTables};
use super::key::Key;
use super::legacy::{self, attributes_to_get};
use super::members::{check_consumed_capacity, check_count, check_names_of_tables};
use super::past;
use super::stored_item::Image;
use super::value::Item;
use super::{DynamoDb, table_name, throttled};
use crate::kernel::{ApiError, Call, EventId, SharedOperation, Violations};

/// "A single operation can retrieve up to 16 MB of data": of items as they count for their size.
const BYTES_MAX: usize = 16 << 20;
const KEYS_MAX: usize = 100;

pub struct BatchGetItem;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    request_items: Option<BTreeMap<String, KeysAndAttributes>>,
    return_consumed_capacity: Option<String>,
}

/// What is asked of one table, and what of it was not read: "in the same form as RequestItems".
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeysAndAttributes {
    keys: Option<Vec<GivenItem>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consistent_read: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    projection_expression: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expression_attribute_names: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes_to_get: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    responses: BTreeMap<String, Vec<Image>>,
    unprocessed_keys: BTreeMap<String, KeysAndAttributes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<Vec<ConsumedCapacity>>,
}

/// What is asked of one table, read.
struct Reading {
    /// The table's name, and as it was given.
    table: String,
    given: String,
    keys: Vec<Item>,
    projection: Option<Projection>,
    /// To be answered for what is not read.
    request: KeysAndAttributes,
}

impl SharedOperation for BatchGetItem {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "BatchGetItem";

    fn resource(input: &Input) -> String {
        table_name::all_shown(input.request_items.iter().flat_map(BTreeMap::keys))
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        let mut readings = Vec::new();
        for (given, request) in input.request_items.unwrap_or_default() {
            readings.push(reading(given, request, call)?);
        }
        let tables = held::all_active(state, readings.iter().map(|reading| reading.table.clone()).collect(), call)?;
        let places = places(&tables, &readings)?;
        // "If none of the items can be processed", nothing is.
        let count: usize = places.iter().map(Vec::len).sum();
        if call.circumstances.unprocessed >= count {
            return Err(throttled(Self::NAME));
        }
        Ok(read(&tables, readings, places, input.return_consumed_capacity.as_deref(), call))
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("requestItems", &input.request_items);
    if let Some(items) = &input.request_items {
        check_count(&mut violations, "RequestItems", items.len(), KEYS_MAX);
        let shown = || serde_json::to_string(items).expect("a request is plain data with text keys");
        check_names_of_tables(&mut violations, items.keys(), shown);
        for (table, asked) in items {
            match &asked.keys {
                Some(keys) => {
                    check_count(&mut violations, &format!("RequestItems.{table}.member.Keys"), keys.len(), KEYS_MAX);
                }
                None => violations.missing(format!("requestItems.{table}.member.keys")),
            }
            let member = format!("requestItems.{table}.member.attributesToGet");
            attributes_to_get::check(&mut violations, &member, &asked.attributes_to_get);
        }
    }
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    violations.finish()?;
    let asked = || input.request_items.iter().flat_map(BTreeMap::values);
    // Not even those of different tables may mix.
    legacy::check_mixing(
        &[("AttributesToGet", asked().any(|asked| asked.attributes_to_get.is_some()))],
        &[("ProjectionExpression", asked().any(|asked| asked.projection_expression.is_some()))],
    )?;
    let keys = asked().flat_map(|asked| &asked.keys);
    if keys.map(Vec::len).sum::<usize>() > KEYS_MAX {
        return Err(ApiError::validation("Too many items requested for the BatchGetItem call"));
    }
    Ok(())
}

fn reading(given: String, mut request: KeysAndAttributes, call: &Call<'_>) -> Result<Reading, ApiError> {
    let table = table_name::resolve(&given, call.scope)?;
    let text = request.projection_expression.as_deref();
    let names = request.expression_attribute_names.clone();
    let mut symbols = symbols(names, None, &[], &[("ProjectionExpression", text.is_some())])?;
    let projection = text.map(|text| projection::parse(text, &mut symbols)).transpose()?;
    symbols.check_all_used()?;
    let projection = match attributes_to_get::read(request.attributes_to_get.as_deref())? {
        Some(named) => Some(named),
        None => projection,
    };
    let keys = request.keys.take().unwrap_or_default().into_iter().map(attribute_json::item);
    Ok(Reading { table, given, keys: keys.collect::<Result<_, _>>()?, projection, request })
}

/// Where the items stand, of each table in the order of the request.
fn places(tables: &HeldTables<'_>, readings: &[Reading]) -> Result<Vec<Vec<Key>>, ApiError> {
    let mut places = Vec::new();
    for reading in readings {
        let schema = &tables[&reading.table].schema;
        let keys: Result<Vec<Key>, ApiError> = reading.keys.iter().map(|key| schema.key_of_request(key)).collect();
        places.push(keys?);
    }
    let mut seen = BTreeSet::new();
    for (reading, keys) in readings.iter().zip(&places) {
        if keys.iter().any(|key| !seen.insert((&reading.table, key))) {
            return Err(ApiError::validation("Provided list of item keys contains duplicates"));
        }
    }
    Ok(places)
}

fn read(
    tables: &HeldTables<'_>,
    readings: Vec<Reading>,
    places: Vec<Vec<Key>>,
    asked: Option<&str>,
    call: &Call<'_>,
) -> Output {
    let mut output = Output { responses: BTreeMap::new(), unprocessed_keys: BTreeMap::new(), consumed_capacity: None };
    let (mut bytes, mut found, mut consumed) = (0, 0, Vec::new());
    let mut full = false;
    let mut left = places.iter().map(Vec::len).sum::<usize>() - call.circumstances.unprocessed;
    let mut writer: Option<EventId> = None;
    for (Reading { table, given, keys, projection, mut request }, places) in readings.into_iter().zip(places) {
        let consistent = request.consistent_read.unwrap_or(false);
        let then = past::lagging(&tables[&table], consistent, call);
        let table = then.as_deref().unwrap_or(&tables[&table]);
        let (mut images, mut unread, mut units) = (Vec::new(), Vec::new(), 0.0);
        for (key, place) in keys.into_iter().zip(&places) {
            let stored = table.get(place);
            let size = stored.map_or(0, |stored| stored.bytes);
            full |= bytes + size > BYTES_MAX || left == 0;
            if full {
                unread.push(attribute_json::given(key));
                continue;
            }
            left -= 1;
            bytes += size;
            units += capacity::read_units(size, consistent);
            let Some(stored) = stored else { continue };
            found += 1;
            writer = writer.max(Some(stored.writer));
            images.push(match &projection {
                Some(projection) => Image::Part(stored.projected(projection)),
                None => Image::Whole(Arc::clone(stored)),
            });
        }
        consumed.extend(capacity::consumed(asked, &given, Units::of_table(units)));
        output.responses.insert(given.clone(), images);
        if !unread.is_empty() {
            request.keys = Some(unread);
            output.unprocessed_keys.insert(given, request);
        }
    }
    call.note(if found == 1 { "1 item".to_owned() } else { format!("{found} items") });
    if let Some(writer) = writer {
        call.read_from(writer);
    }
    output.consumed_capacity = Some(consumed).filter(|consumed| !consumed.is_empty());
    output
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::clock::Clock;
    use crate::kernel::{Caller, Kernel, Operation, Scope, Service};
    use crate::service::dynamodb::{create_table, put_item};

    #[tokio::test(start_paused = true)]
    async fn what_exceeds_16_mb_is_left_to_the_next_request() {
        let kernel = Kernel::new(Clock::fitting_the_runtime(), 0);
        let (scope, caller) = (Scope::default(), Caller::default());
        let mut call = Call::new(&kernel, kernel.clock.now(), &scope, &caller, EventId(0));
        let mut state = DynamoDb::default();
        let table = json!({
            "TableName": "large", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        });
        create_table::CreateTable::run(serde_json::from_value(table).unwrap(), &mut state, &mut call).unwrap();
        call.now = state.next_due().expect("the table becomes active");
        state.run_due(&mut call);
        for number in 0..45 {
            let put = json!({"TableName": "large", "Item": {
                "id": {"S": format!("{number:02}")}, "t": {"S": "x".repeat(390_000)},
            }});
            put_item::PutItem::run(serde_json::from_value(put).unwrap(), &state, &mut call).unwrap();
        }
        let keys: Vec<_> = (0..45).map(|number| json!({"id": {"S": format!("{number:02}")}})).collect();
        let get = json!({"RequestItems": {"large": {"Keys": keys, "ConsistentRead": true}}});
        let answer = BatchGetItem::run(serde_json::from_value(get).unwrap(), &state, &mut call).unwrap();
        // 43 x 390,005 bytes are the last that fit.
        assert_eq!(answer.responses["large"].len(), 43);
        let rest = serde_json::to_value(&answer.unprocessed_keys).unwrap();
        let left = json!({"large": {"Keys": [{"id": {"S": "43"}}, {"id": {"S": "44"}}], "ConsistentRead": true}});
        assert_eq!(rest, left);
        let again = serde_json::from_value(json!({"RequestItems": rest})).unwrap();
        let answer = BatchGetItem::run(again, &state, &mut call).unwrap();
        assert_eq!((answer.responses["large"].len(), answer.unprocessed_keys.len()), (2, 0));
    }
}
