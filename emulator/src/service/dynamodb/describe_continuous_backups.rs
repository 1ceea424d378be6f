//! Tells whether a table's points in time are kept, and which.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html>

use serde::{Deserialize, Serialize};

use super::continuous_backups::{ContinuousBackupsDescription, describe, not_found};
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeContinuousBackups;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    continuous_backups_description: ContinuousBackupsDescription,
}

impl Operation for DescribeContinuousBackups {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeContinuousBackups";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        let given = table_name::check_named(&mut violations, input.table_name)?;
        violations.finish()?;
        let name = table_name::resolve(&given, call.scope)?;
        let table = state.table(&name, call).ok_or_else(|| not_found(&name))?;
        Ok(Output { continuous_backups_description: describe(&table, call.now) })
    }
}
