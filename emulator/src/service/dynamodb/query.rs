//! Reads the items of one partition, in the order of the sort key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html>

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::Deserialize;

use super::attribute_json::{self, GivenItem};
use super::expression::key_condition::{self, KeyCondition, Unresolved};
use super::expression::projection::Projection;
use super::expression::tree::Condition;
use super::expression::{Kind, Symbols, condition, projection};
use super::expression_attributes::symbols;
use super::key::{KeyRange, KeySchema, narrowed};
use super::legacy::attributes_to_get::projected_by;
use super::legacy::filter::Filter;
use super::legacy::key_conditions::KeyConditions;
use super::legacy::{self, attributes_to_get, conditional_operator, filter, key_conditions};
use super::members::{check_consumed_capacity, check_select};
use super::page::{self, Page, Reading};
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
    attributes_to_get: Option<Vec<String>>,
    key_conditions: Option<KeyConditions>,
    query_filter: Option<Filter>,
    conditional_operator: Option<String>,
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
        check_mixing(&input)?;
        let projected_by = projected_by(input.attributes_to_get.is_some(), input.projection_expression.is_some());
        let selection = page::selection(input.select.as_deref(), projected_by, "Querying")?;
        let (on_key, filter, projection) = what_is_asked(&mut input)?;

        let given = input.table_name.unwrap_or_default();
        let table = state.active(&given, call.scope)?;
        let schema = &table.schema;
        if let Some(index) = &input.index_name {
            table.index(index)?;
            return Err(ApiError::not_implemented("IndexName"));
        }
        let sort = schema.sort.as_ref().map(|sort| sort.name.as_str());
        let on_key = on_key.resolve(&schema.partition.name, sort)?;
        let filter_member = if input.filter_expression.is_some() { "Filter Expression" } else { "QueryFilter" };
        check_filter(filter_member, filter.as_ref(), schema)?;
        let range = schema.range(&on_key.partition, on_key.sort.as_ref())?;
        let forward = input.scan_index_forward.unwrap_or(true);
        let range = match input.exclusive_start_key {
            Some(start) => beginning_after(schema, range, start, &on_key, forward)?,
            None => range,
        };
        let reading = Reading {
            limit: input.limit.and_then(|limit| usize::try_from(limit).ok()),
            filter: filter.as_ref(),
            projection: projection.as_ref(),
            selection,
            consistent: input.consistent_read.unwrap_or(false),
            capacity: input.return_consumed_capacity.as_deref(),
            table: &given,
        };
        let items = range.into_iter().flat_map(|range| table.range(range)).map(|(_, stored)| stored);
        Ok(if forward {
            page::read(schema, items, &reading, call)
        } else {
            page::read(schema, items.rev(), &reading, call)
        })
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    table_name::check(&mut violations, &input.table_name);
    check_select(&mut violations, &input.select);
    violations.range("limit", input.limit.unwrap_or(1), 1, i64::MAX);
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    attributes_to_get::check(&mut violations, "attributesToGet", &input.attributes_to_get);
    filter::check(&mut violations, "queryFilter", &input.query_filter);
    conditional_operator::check(&mut violations, &input.conditional_operator);
    filter::check(&mut violations, "keyConditions", &input.key_conditions);
    violations.finish()
}

fn check_mixing(input: &Input) -> Result<(), ApiError> {
    // KeyConditions go with the other expressions, as callers report.
    let key_conditions = input.key_conditions.is_some() && input.key_condition_expression.is_some();
    legacy::check_mixing(
        &[
            ("AttributesToGet", input.attributes_to_get.is_some()),
            ("QueryFilter", input.query_filter.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
            ("KeyConditions", key_conditions),
        ],
        &[
            ("ProjectionExpression", input.projection_expression.is_some()),
            ("FilterExpression", input.filter_expression.is_some()),
            ("KeyConditionExpression", input.key_condition_expression.is_some()),
        ],
    )
}

/// What the expressions ask for, or the parameters that came before them.
fn what_is_asked(input: &mut Input) -> Result<(Unresolved, Option<Condition>, Option<Projection>), ApiError> {
    let mut symbols = all_symbols(input)?;
    let text = input.filter_expression.as_deref();
    let mut filter = text.map(|text| condition::parse(Kind::Filter, text, &mut symbols)).transpose()?;
    let text = input.projection_expression.as_deref();
    let mut projection = text.map(|text| projection::parse(text, &mut symbols)).transpose()?;
    if filter.is_none() {
        filter = filter::read(input.query_filter.take(), input.conditional_operator.as_deref())?;
    }
    if projection.is_none() {
        projection = attributes_to_get::read(input.attributes_to_get.as_deref())?;
    }
    let on_key = match (&input.key_condition_expression, input.key_conditions.take()) {
        (Some(text), _) => key_condition::parse(text, &mut symbols)?,
        (None, Some(conditions)) => key_conditions::read(conditions)?,
        (None, None) => {
            return Err(ApiError::validation(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
            ));
        }
    };
    symbols.check_all_used()?;
    Ok((on_key, filter, projection))
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
fn check_filter(member: &str, filter: Option<&Condition>, schema: &KeySchema) -> Result<(), ApiError> {
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
            "{member} can only contain non-primary key attributes: Primary key attribute: {name}"
        ))),
        None => Ok(()),
    }
}

/// The part of the range that comes after the last key of the page before.
fn beginning_after(
    schema: &KeySchema,
    range: Option<KeyRange>,
    start: GivenItem,
    on_key: &KeyCondition,
    forward: bool,
) -> Result<Option<KeyRange>, ApiError> {
    let start = attribute_json::item(start)?;
    let key =
        schema.key_of_request(&start).map_err(|_| ApiError::validation("The provided starting key is invalid"))?;
    if start.get(&schema.partition.name) != Some(&on_key.partition) {
        return Err(ApiError::validation(
            "The provided starting key is outside query boundaries based on provided conditions",
        ));
    }
    let Some(range) = range else { return Ok(None) };
    if !std::ops::RangeBounds::contains(&range, &key) {
        return Err(ApiError::validation("The provided starting key does not match the range key predicate"));
    }
    let key = Bound::Excluded(key);
    Ok(narrowed(if forward { (key, range.1) } else { (range.0, key) }))
}
