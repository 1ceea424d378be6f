//! Shows a table: its key, status, billing and size.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html>

use serde::{Deserialize, Serialize};

use super::description::{TableDescription, describe};
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeTable;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table: TableDescription,
}

impl Operation for DescribeTable {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeTable";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        let given = table_name::check_named(&mut violations, input.table_name)?;
        violations.finish()?;
        let table = state.existing(&given, call)?;
        Ok(Output { table: describe(&table, call.now) })
    }
}
