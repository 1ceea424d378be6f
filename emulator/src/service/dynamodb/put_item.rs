//! Puts an item, in place of the one with its key if there is one.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html>

use super::write::{Write, check_size};
use super::write_request::{Input, Output, Writing};
use super::{DynamoDb, attribute_json, table_name};
use crate::kernel::{ApiError, Call, SharedOperation};

pub struct PutItem;

impl SharedOperation for PutItem {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutItem";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(mut input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        input.check(Writing::Put)?;
        let (_, condition) = input.expressions(Writing::Put)?;
        let item = attribute_json::item(input.item.take().unwrap_or_default())?;
        check_size(&item)?;

        let mut table = state.active(input.table_name.as_deref().unwrap_or_default(), call)?;
        let shown = table.schema.shown(&item);
        let write = Write::put(&table, item, condition)?;
        call.note(shown);
        let written = input.run(write, &mut table, call)?;
        Ok(input.output(&written, &table))
    }
}
