//! Deletes the item with a key, if there is one.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html>

use super::write::Write;
use super::write_request::{Input, Output, Writing};
use super::{DynamoDb, attribute_json, table_name};
use crate::kernel::{ApiError, Call, SharedOperation};

pub struct DeleteItem;

impl SharedOperation for DeleteItem {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteItem";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(mut input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        input.check(Writing::Delete)?;
        let (_, condition) = input.expressions(Writing::Delete)?;
        let key = attribute_json::item(input.key.take().unwrap_or_default())?;

        let mut table = state.active(input.table_name.as_deref().unwrap_or_default(), call)?;
        let write = Write::delete(&table, &key, condition)?;
        call.note(table.schema.shown(&key));
        let written = input.run(write, &mut table, call)?;
        if written.before.is_none() {
            call.note("no item");
        }
        Ok(input.output(&written, &table))
    }
}
