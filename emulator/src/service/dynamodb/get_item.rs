//! Reads one item by its key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attribute_json::{self, GivenItem};
use super::capacity::{self, ConsumedCapacity, Units};
use super::expression::projection;
use super::expression_attributes::symbols;
use super::legacy::{self, attributes_to_get};
use super::members::check_consumed_capacity;
use super::past::Readable;
use super::stored_item::Image;
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, SharedOperation, Violations};

pub struct GetItem;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    key: Option<GivenItem>,
    consistent_read: Option<bool>,
    projection_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    return_consumed_capacity: Option<String>,
    attributes_to_get: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<ConsumedCapacity>,
}

impl SharedOperation for GetItem {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetItem";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        table_name::check(&mut violations, &input.table_name);
        violations.required("key", &input.key);
        check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
        attributes_to_get::check(&mut violations, "attributesToGet", &input.attributes_to_get);
        violations.finish()?;
        let given = input.table_name.unwrap_or_default();
        let projection = input.projection_expression;
        let others = [("ProjectionExpression", projection.is_some())];
        legacy::check_mixing(&[("AttributesToGet", input.attributes_to_get.is_some())], &others)?;
        let mut symbols = symbols(input.expression_attribute_names, None, &[], &others)?;
        let projection = projection.map(|text| projection::parse(&text, &mut symbols)).transpose()?;
        symbols.check_all_used()?;
        let projection = match attributes_to_get::read(input.attributes_to_get.as_deref())? {
            Some(named) => Some(named),
            None => projection,
        };
        let key = attribute_json::item(input.key.unwrap_or_default())?;

        let consistent = input.consistent_read.unwrap_or(false);
        let table = Readable::active(state, &given, consistent, call)?;
        let place = table.schema.key_of_request(&key)?;
        call.note(table.schema.shown(&key));
        let stored = table.get(&place);
        match stored {
            Some(stored) => call.read_from(stored.writer),
            None => call.note("no item"),
        }
        let units = capacity::read_units(stored.map_or(0, |stored| stored.bytes), consistent);
        let item = stored.map(|stored| match &projection {
            Some(projection) => Image::Part(stored.projected(projection)),
            None => Image::Whole(Arc::clone(stored)),
        });
        let asked = input.return_consumed_capacity.as_deref();
        Ok(Output { item, consumed_capacity: capacity::consumed(asked, &given, Units::of_table(units)) })
    }
}
