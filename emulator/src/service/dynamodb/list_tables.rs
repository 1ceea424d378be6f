//! Lists the names of the tables, in order, up to a hundred at a time.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html>

use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::DynamoDb;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListTables;

const LIMIT_MAX: i64 = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    exclusive_start_table_name: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_table_name: Option<String>,
}

impl Operation for ListTables {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTables";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        if let Some(name) = &input.exclusive_start_table_name {
            violations.pattern("exclusiveStartTableName", name, "[a-zA-Z0-9_.-]+", |c| {
                c.is_ascii_alphanumeric() || "_.-".contains(c)
            });
            violations.length("exclusiveStartTableName", name, 3, 255);
        }
        violations.range("limit", input.limit.unwrap_or(LIMIT_MAX), 1, LIMIT_MAX);
        violations.finish()?;
        let limit = usize::try_from(input.limit.unwrap_or(LIMIT_MAX)).expect("the range is checked");
        let start = input.exclusive_start_table_name.map_or(Bound::Unbounded, Bound::Excluded);
        let mut names = state.tables.range((start, Bound::Unbounded)).map(|(name, _)| name.clone());
        let table_names: Vec<String> = names.by_ref().take(limit).collect();
        let more = names.next().is_some();
        let plural = if table_names.len() == 1 { "" } else { "s" };
        call.note(format!("{} table{plural}", table_names.len()));
        let last_evaluated_table_name = table_names.last().filter(|_| more).cloned();
        Ok(Output { table_names, last_evaluated_table_name })
    }
}
