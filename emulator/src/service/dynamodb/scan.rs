//! Reads the items of a whole table, or of one segment of it.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html>

use std::collections::BTreeMap;
use std::ops::{Bound, RangeBounds};

use serde::Deserialize;

use super::attribute_json::{self, GivenItem};
use super::expression::projection::Projection;
use super::expression::tree::Condition;
use super::expression::{Kind, condition, projection};
use super::expression_attributes::symbols;
use super::key::{Key, KeyRange, KeySchema, narrowed};
use super::legacy::attributes_to_get::projected_by;
use super::legacy::filter::Filter;
use super::legacy::{self, attributes_to_get, conditional_operator, filter};
use super::members::{check_consumed_capacity, check_select};
use super::page::{self, Page, Reading};
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, SharedOperation, Violations};

pub struct Scan;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    index_name: Option<String>,
    filter_expression: Option<String>,
    projection_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<GivenItem>,
    select: Option<String>,
    limit: Option<i64>,
    segment: Option<i64>,
    total_segments: Option<i64>,
    consistent_read: Option<bool>,
    exclusive_start_key: Option<GivenItem>,
    return_consumed_capacity: Option<String>,
    attributes_to_get: Option<Vec<String>>,
    scan_filter: Option<Filter>,
    conditional_operator: Option<String>,
}

impl SharedOperation for Scan {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Page;
    const NAME: &'static str = "Scan";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(mut input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Page, ApiError> {
        check_model(&input)?;
        let segment = segment(input.segment, input.total_segments)?;
        let projected_by = projected_by(input.attributes_to_get.is_some(), input.projection_expression.is_some());
        let selection = page::selection(input.select.as_deref(), projected_by, "Scanning")?;
        let (filter, projection) = what_is_asked(&mut input)?;

        let given = input.table_name.unwrap_or_default();
        let table = state.active(&given, call.scope)?;
        if let Some(index) = &input.index_name {
            table.index(index)?;
            return Err(ApiError::not_implemented("IndexName"));
        }
        let range = match input.exclusive_start_key {
            Some(start) => beginning_after(&table.schema, &segment, start)?,
            None => Some(segment.range()),
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
        Ok(page::read(&table.schema, items, &reading, call))
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    table_name::check(&mut violations, &input.table_name);
    violations.range("limit", input.limit.unwrap_or(1), 1, i64::MAX);
    check_select(&mut violations, &input.select);
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    violations.range("totalSegments", input.total_segments.unwrap_or(1), 1, 1_000_000);
    violations.range("segment", input.segment.unwrap_or(0), 0, 999_999);
    attributes_to_get::check(&mut violations, "attributesToGet", &input.attributes_to_get);
    filter::check(&mut violations, "scanFilter", &input.scan_filter);
    conditional_operator::check(&mut violations, &input.conditional_operator);
    violations.finish()
}

/// What the expressions ask for, or the parameters that came before them.
fn what_is_asked(input: &mut Input) -> Result<(Option<Condition>, Option<Projection>), ApiError> {
    let with_values = [("FilterExpression", input.filter_expression.is_some())];
    let others = [("ProjectionExpression", input.projection_expression.is_some())];
    legacy::check_mixing(
        &[
            ("AttributesToGet", input.attributes_to_get.is_some()),
            ("ScanFilter", input.scan_filter.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
        ],
        &[others, with_values].concat(),
    )?;
    let (names, values) = (input.expression_attribute_names.take(), input.expression_attribute_values.take());
    let mut symbols = symbols(names, values, &with_values, &others)?;
    let text = input.filter_expression.as_deref();
    let mut filter = text.map(|text| condition::parse(Kind::Filter, text, &mut symbols)).transpose()?;
    let text = input.projection_expression.as_deref();
    let mut projection = text.map(|text| projection::parse(text, &mut symbols)).transpose()?;
    symbols.check_all_used()?;
    if filter.is_none() {
        filter = filter::read(input.scan_filter.take(), input.conditional_operator.as_deref())?;
    }
    if projection.is_none() {
        projection = attributes_to_get::read(input.attributes_to_get.as_deref())?;
    }
    Ok((filter, projection))
}

/// One of several parts of equal size that a parallel scan reads.
struct Segment {
    number: u64,
    total: u64,
}

impl Segment {
    fn range(&self) -> KeyRange {
        // Partitions stand in the order of a 64-bit token: segments share that range out.
        let first = |number: u64| (u128::from(number) << 64).div_ceil(u128::from(self.total));
        let start = u64::try_from(first(self.number))
            .map_or(Bound::Unbounded, |token| Bound::Included(Key::first_with_token(token)));
        let end = u64::try_from(first(self.number + 1))
            .map_or(Bound::Unbounded, |token| Bound::Excluded(Key::first_with_token(token)));
        (start, end)
    }
}

fn segment(number: Option<i64>, total: Option<i64>) -> Result<Segment, ApiError> {
    let message = match (number, total) {
        (Some(number), Some(total)) if number < total => {
            let whole = |number| u64::try_from(number).expect("the range is checked");
            return Ok(Segment { number: whole(number), total: whole(total) });
        }
        (None, None) => return Ok(Segment { number: 0, total: 1 }),
        (Some(number), Some(total)) => format!(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {number} is \
             not less than TotalSegments: {total}"
        ),
        (Some(_), None) => "The TotalSegments parameter is required but was not present in the request when Segment \
                            parameter is present"
            .to_owned(),
        (None, Some(_)) => "The Segment parameter is required but was not present in the request when parameter \
                            TotalSegments is present"
            .to_owned(),
    };
    Err(ApiError::validation(message))
}

/// The part of the segment that comes after the last key of the page before.
fn beginning_after(schema: &KeySchema, segment: &Segment, start: GivenItem) -> Result<Option<KeyRange>, ApiError> {
    let start = attribute_json::item(start)?;
    let key = schema
        .key_of_request(&start)
        .map_err(|error| ApiError::validation(format!("The provided starting key is invalid: {}", error.message)))?;
    let range = segment.range();
    if !range.contains(&key) {
        return Err(ApiError::validation(format!(
            "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct \
             Segment. TotalSegments: {} Segment: {}",
            segment.total, segment.number
        )));
    }
    Ok(narrowed((Bound::Excluded(key), range.1)))
}
