//! Changes attributes of an item, which is made if there is none.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html>

use super::expression::projection::Projection;
use super::expression::tree::Update;
use super::legacy::attribute_updates;
use super::stored_item::{Image, StoredItem};
use super::table::Written;
use super::value::Item;
use super::write::Write;
use super::write_request::{Input, Output, Writing};
use super::{DynamoDb, attribute_json, table_name};
use crate::kernel::{ApiError, Call, SharedOperation};

pub struct UpdateItem;

impl SharedOperation for UpdateItem {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateItem";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(mut input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        input.check(Writing::Update)?;
        let by_attribute = input.attribute_updates.is_some();
        let (update, condition) = input.expressions(Writing::Update)?;
        let touched = asked_for(input.return_values.as_deref(), &update);
        let key = attribute_json::item(input.key.take().unwrap_or_default())?;

        let mut table = state.active(input.table_name.as_deref().unwrap_or_default(), call.scope)?;
        let shown = table.schema.shown(&key);
        let write = Write::update(&table, key, update, condition)?;
        call.note(shown);
        let written = input.run(write, &mut table, call);
        let written = if by_attribute { written.map_err(attribute_updates::reworded)? } else { written? };
        let mut output = input.output(&written, &table);
        output.attributes = attributes(input.return_values.as_deref(), touched.as_ref(), &written);
        Ok(output)
    }
}

/// The paths that `UPDATED_OLD` and `UPDATED_NEW` answer.
fn asked_for(return_values: Option<&str>, update: &Update) -> Option<Projection> {
    matches!(return_values, Some("UPDATED_OLD" | "UPDATED_NEW")).then(|| Projection::of(update.targets()))
}

/// What `ReturnValues` asks for. Nothing is answered where there is nothing of it.
fn attributes(asked: Option<&str>, touched: Option<&Projection>, written: &Written) -> Option<Image> {
    let part = |stored: &StoredItem| -> Option<Image> {
        Some(stored.projected(touched?)).filter(|item: &Item| !item.is_empty()).map(Image::Part)
    };
    match asked {
        Some("ALL_OLD") => written.before.clone().map(Image::Whole),
        Some("ALL_NEW") => written.after.clone().map(Image::Whole),
        Some("UPDATED_OLD") => part(written.before.as_ref()?),
        Some("UPDATED_NEW") => part(written.after.as_ref()?),
        _ => None,
    }
}
