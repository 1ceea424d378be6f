//! Changes attributes of an item, which is made if there is none.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attribute_json::{self, GivenItem};
use super::capacity::{self, ConsumedCapacity};
use super::expression::projection::Projection;
use super::expression::tree::{Condition, Path, Update};
use super::expression::{Kind, application, condition, update};
use super::expression_attributes::symbols;
use super::key::KeySchema;
use super::members::{
    Unsupported, check_consumed_capacity, check_item_collection_metrics, check_return_on_failure, check_return_values,
    refuse,
};
use super::table::{Image, StoredItem};
use super::value::{ITEM_BYTES_MAX, Item, check_nesting, item_size};
use super::{DynamoDb, condition_check, expiry, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UpdateItem;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    key: Option<GivenItem>,
    update_expression: Option<String>,
    condition_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<GivenItem>,
    return_values: Option<String>,
    return_consumed_capacity: Option<String>,
    return_item_collection_metrics: Option<String>,
    return_values_on_condition_check_failure: Option<String>,
    attribute_updates: Unsupported,
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

impl Operation for UpdateItem {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateItem";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(mut input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        let (update, condition) = expressions(&mut input)?;
        let key = attribute_json::item(input.key.take().unwrap_or_default())?;

        let given = input.table_name.unwrap_or_default();
        let table = state.active(&given, call.scope)?;
        check_targets(&update, &table.schema)?;
        let place = table.schema.key_of_request(&key)?;
        call.note(table.schema.shown(&key));
        let on_failure = input.return_values_on_condition_check_failure.as_deref();
        condition_check::check(condition.as_ref(), table.get(&place), on_failure)?;
        let item = updated(&update, table.get(&place).map_or(&key, |stored| &stored.attributes))?;
        let name = table.name.clone();
        let (before, after) = state.change(&name, |table, settings| {
            let ttl = table.ttl_attribute.as_deref();
            let sweep_at = expiry::sweep_at(&item, ttl, settings.sweep_lag, call.now, call.ids());
            table.put(place, item, call.event, sweep_at)
        });
        let units = capacity::write_units(before.as_ref().map_or(0, |before| before.bytes), after.bytes);
        let asked = input.return_consumed_capacity.as_deref();
        Ok(Output {
            attributes: attributes(input.return_values.as_deref(), &update, before, after),
            consumed_capacity: capacity::consumed(asked, &given, units),
        })
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
        "UpdateItem",
        &[
            ("AttributeUpdates", input.attribute_updates.is_some()),
            ("Expected", input.expected.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
        ],
    )
}

fn expressions(input: &mut Input) -> Result<(Update, Option<Condition>), ApiError> {
    let (on_update, on_condition) = (input.update_expression.take(), input.condition_expression.take());
    let with_values = [("UpdateExpression", on_update.is_some()), ("ConditionExpression", on_condition.is_some())];
    let (names, values) = (input.expression_attribute_names.take(), input.expression_attribute_values.take());
    let mut symbols = symbols(names, values, &with_values, &[])?;
    let update = on_update.map(|text| update::parse(&text, &mut symbols)).transpose()?;
    let condition = on_condition.map(|text| condition::parse(Kind::Condition, &text, &mut symbols)).transpose()?;
    symbols.check_all_used()?;
    Ok((update.unwrap_or_default(), condition))
}

fn check_targets(update: &Update, schema: &KeySchema) -> Result<(), ApiError> {
    match update.targets().map(Path::root).find(|name| schema.contains(name)) {
        Some(name) => Err(ApiError::validation(format!(
            "One or more parameter values were invalid: Cannot update attribute {name}. This attribute is part of the \
             key"
        ))),
        None => Ok(()),
    }
}

fn updated(update: &Update, before: &Item) -> Result<Item, ApiError> {
    let after = application::apply(update, before)?;
    if item_size(&after) > ITEM_BYTES_MAX {
        return Err(ApiError::validation("Item size to update has exceeded the maximum allowed size"));
    }
    check_nesting(&after).map_err(ApiError::validation)?;
    Ok(after)
}

/// What `ReturnValues` asks for. Nothing is answered where there is nothing of it.
fn attributes(
    asked: Option<&str>,
    update: &Update,
    before: Option<Arc<StoredItem>>,
    after: Arc<StoredItem>,
) -> Option<Image> {
    let touched = |stored: &StoredItem| Image::Part(Projection::of(update.targets()).of_item(&stored.attributes));
    let image = match asked {
        Some("ALL_OLD") => before.map(Image::Whole),
        Some("ALL_NEW") => Some(Image::Whole(after)),
        Some("UPDATED_OLD") => before.as_deref().map(touched),
        Some("UPDATED_NEW") => Some(touched(&after)),
        _ => None,
    };
    image.filter(|image| !image.attributes().is_empty())
}
