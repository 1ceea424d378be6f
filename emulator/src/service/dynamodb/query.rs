//! Reads the items of one partition, in the order of the sort key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html>

use std::collections::BTreeMap;
use std::ops::RangeBounds;

use serde::Deserialize;

use super::attribute_json::{self, GivenItem};
use super::expression::key_condition::{self, KeyCondition};
use super::expression::tree::Condition;
use super::expression::{Kind, Symbols, condition, projection};
use super::expression_attributes::symbols;
use super::index::Place;
use super::key::{KeyRange, KeySchema};
use super::members::{Unsupported, check_consumed_capacity, check_select, refuse};
use super::page::{self, Page, Reading};
use super::source::Source;
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, SharedOperation, Violations};

pub struct Query;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    index_name: Option<String>,
    key_condition_expression: Option<String>,
    filter_expression: Option<String>,
    projection_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<GivenItem>,
    select: Option<String>,
    limit: Option<i64>,
    consistent_read: Option<bool>,
    scan_index_forward: Option<bool>,
    exclusive_start_key: Option<GivenItem>,
    return_consumed_capacity: Option<String>,
    attributes_to_get: Unsupported,
    key_conditions: Unsupported,
    query_filter: Unsupported,
    conditional_operator: Unsupported,
}

impl SharedOperation for Query {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Page;
    const NAME: &'static str = "Query";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(mut input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Page, ApiError> {
        check_model(&input)?;
        let selection = page::selection(
            input.select.as_deref(),
            input.projection_expression.is_some(),
            input.index_name.is_some(),
            "Querying",
        )?;
        let mut symbols = all_symbols(&mut input)?;
        let text = input.filter_expression.as_deref();
        let filter = text.map(|text| condition::parse(Kind::Filter, text, &mut symbols)).transpose()?;
        let text = input.projection_expression.as_deref();
        let projection = text.map(|text| projection::parse(text, &mut symbols)).transpose()?;
        let Some(text) = &input.key_condition_expression else {
            return Err(ApiError::validation(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
            ));
        };
        let on_key = key_condition::parse(text, &mut symbols)?;
        symbols.check_all_used()?;

        let given = input.table_name.unwrap_or_default();
        let table = state.active(&given, call.scope)?;
        let consistent = input.consistent_read.unwrap_or(false);
        let source = Source::new(&table, input.index_name.as_deref(), consistent)?;
        let schema = source.schema();
        let sort = schema.sort.as_ref().map(|sort| sort.name.as_str());
        let on_key = on_key.resolve(&schema.partition.name, sort)?;
        check_filter(filter.as_ref(), schema)?;
        let fetches = source.fetches(selection, filter.as_ref(), projection.as_ref())?;
        let range = schema.range(&on_key.partition, on_key.sort.as_ref())?;
        let start = input.exclusive_start_key;
        let after = start.map(|start| place_of(&source, start, &on_key, range.as_ref())).transpose()?;
        let reading = Reading {
            limit: input.limit.and_then(|limit| usize::try_from(limit).ok()),
            filter: filter.as_ref(),
            projection: projection.as_ref(),
            selection,
            consistent,
            fetches,
            capacity: input.return_consumed_capacity.as_deref(),
            table: &given,
        };
        let items = source.items(range, after.as_ref(), input.scan_index_forward.unwrap_or(true));
        Ok(page::read(&source, items, &reading, call))
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    table_name::check(&mut violations, &input.table_name);
    check_select(&mut violations, &input.select);
    violations.range("limit", input.limit.unwrap_or(1), 1, i64::MAX);
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    violations.finish()?;
    refuse(
        "Query",
        &[
            ("AttributesToGet", input.attributes_to_get.is_some()),
            ("KeyConditions", input.key_conditions.is_some()),
            ("QueryFilter", input.query_filter.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
        ],
    )
}

fn all_symbols(input: &mut Input) -> Result<Symbols, ApiError> {
    let with_values = [
        ("FilterExpression", input.filter_expression.is_some()),
        ("KeyConditionExpression", input.key_condition_expression.is_some()),
    ];
    let others = [("ProjectionExpression", input.projection_expression.is_some())];
    let (names, values) = (input.expression_attribute_names.take(), input.expression_attribute_values.take());
    symbols(names, values, &with_values, &others)
}

/// What the key says belongs in the key condition, says AWS.
fn check_filter(filter: Option<&Condition>, schema: &KeySchema) -> Result<(), ApiError> {
    let mut of_key = None;
    if let Some(filter) = filter {
        filter.paths(&mut |path| {
            if of_key.is_none() && schema.contains(path.root()) {
                of_key = Some(path.root().to_owned());
            }
        });
    }
    match of_key {
        Some(name) => Err(ApiError::validation(format!(
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}"
        ))),
        None => Ok(()),
    }
}

/// Where the page before ended, which must lie where the conditions look.
fn place_of(
    source: &Source<'_>,
    start: GivenItem,
    on_key: &KeyCondition,
    range: Option<&KeyRange>,
) -> Result<Place, ApiError> {
    let start = attribute_json::item(start)?;
    let place = source.place(&start).map_err(|_| ApiError::validation("The provided starting key is invalid"))?;
    if start.get(&source.schema().partition.name) != Some(&on_key.partition) {
        return Err(ApiError::validation(
            "The provided starting key is outside query boundaries based on provided conditions",
        ));
    }
    if range.is_some_and(|range| !range.contains(&place.key)) {
        return Err(ApiError::validation("The provided starting key does not match the range key predicate"));
    }
    Ok(place)
}
