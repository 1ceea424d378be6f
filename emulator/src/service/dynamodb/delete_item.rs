//! Deletes the item with a key, if there is one.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attribute_json::{self, GivenItem};
use super::capacity::{self, ConsumedCapacity};
use super::expression::{Kind, condition};
use super::expression_attributes::symbols;
use super::members::{
    Unsupported, check_consumed_capacity, check_item_collection_metrics, check_return_on_failure, check_return_values,
    refuse,
};
use super::table::Image;
use super::{DynamoDb, condition_check, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteItem;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    key: Option<GivenItem>,
    condition_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<GivenItem>,
    return_values: Option<String>,
    return_consumed_capacity: Option<String>,
    return_item_collection_metrics: Option<String>,
    return_values_on_condition_check_failure: Option<String>,
    expected: Unsupported,
    conditional_operator: Unsupported,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<ConsumedCapacity>,
}

impl Operation for DeleteItem {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteItem";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        let text = input.condition_expression;
        let with_values = [("ConditionExpression", text.is_some())];
        let mut symbols =
            symbols(input.expression_attribute_names, input.expression_attribute_values, &with_values, &[])?;
        let condition = text.map(|text| condition::parse(Kind::Condition, &text, &mut symbols)).transpose()?;
        symbols.check_all_used()?;
        let key = attribute_json::item(input.key.unwrap_or_default())?;

        let given = input.table_name.unwrap_or_default();
        let table = state.active(&given, call.scope)?;
        let place = table.schema.key_of_request(&key)?;
        call.note(table.schema.shown(&key));
        let on_failure = input.return_values_on_condition_check_failure.as_deref();
        condition_check::check(condition.as_ref(), table.get(&place), on_failure)?;
        let name = table.name.clone();
        let before = state.change(&name, |table, _| table.remove(&place));
        if before.is_none() {
            call.note("no item");
        }
        let units = capacity::write_units(before.as_ref().map_or(0, |before| before.bytes), 0);
        let attributes = before.filter(|_| input.return_values.as_deref() == Some("ALL_OLD")).map(Image::Whole);
        let asked = input.return_consumed_capacity.as_deref();
        Ok(Output { attributes, consumed_capacity: capacity::consumed(asked, &given, units) })
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    table_name::check(&mut violations, &input.table_name);
    violations.required("key", &input.key);
    check_return_values(&mut violations, &input.return_values);
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    check_item_collection_metrics(&mut violations, &input.return_item_collection_metrics);
    check_return_on_failure(&mut violations, &input.return_values_on_condition_check_failure);
    violations.finish()?;
    refuse(
        "DeleteItem",
        &[("Expected", input.expected.is_some()), ("ConditionalOperator", input.conditional_operator.is_some())],
    )?;
    if !matches!(input.return_values.as_deref(), None | Some("NONE" | "ALL_OLD")) {
        return Err(ApiError::validation("ReturnValues can only be ALL_OLD or NONE"));
    }
    Ok(())
}
