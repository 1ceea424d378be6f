//! Changes attributes of an item, which is made if there is none.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html>

use super::expression::projection::Projection;
use super::expression::tree::Update;
use super::legacy::attribute_updates;
use super::stored_item::Image;
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

        let mut table = state.active(input.table_name.as_deref().unwrap_or_default(), call)?;
        let shown = table.schema.shown(&key);
        let write = Write::update(&table, key, update, condition)?;
        call.note(shown);
        let planned = input.examine(write, &table, call);
        let planned = if by_attribute { planned.map_err(attribute_updates::reworded)? } else { planned? };
        let touched_new = touched.as_ref().filter(|_| input.return_values.as_deref() == Some("UPDATED_NEW"));
        let new = touched_new.zip(planned.updated()).map(|(touched, item)| touched.of_item(item));
        let written = planned.apply(&mut table, call);
        let mut output = input.output(&written, &table);
        output.attributes = match input.return_values.as_deref() {
            Some("ALL_OLD") => written.before.map(Image::Whole),
            Some("ALL_NEW") => written.after.map(Image::Whole),
            Some("UPDATED_OLD") => touched.zip(written.before).and_then(|(touched, old)| part(old.projected(&touched))),
            Some("UPDATED_NEW") => new.and_then(part),
            _ => None,
        };
        Ok(output)
    }
}

/// The paths that `UPDATED_OLD` and `UPDATED_NEW` answer.
fn asked_for(return_values: Option<&str>, update: &Update) -> Option<Projection> {
    matches!(return_values, Some("UPDATED_OLD" | "UPDATED_NEW")).then(|| Projection::of(update.targets()))
}

/// Nothing is answered where there is nothing of it.
fn part(item: Item) -> Option<Image> {
    (!item.is_empty()).then_some(Image::Part(item))
}
