//! Tells how many capacity units an account and a table may have.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html>

use serde::{Deserialize, Serialize};

use super::DynamoDb;
use super::account_limits::{ACCOUNT_UNITS_MAX, TABLE_UNITS_MAX};
use crate::kernel::{ApiError, Call, Operation};

pub struct DescribeLimits;

#[derive(Deserialize)]
pub struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    account_max_read_capacity_units: i64,
    account_max_write_capacity_units: i64,
    table_max_read_capacity_units: i64,
    table_max_write_capacity_units: i64,
}

impl Operation for DescribeLimits {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeLimits";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(_input: Input, _state: &mut DynamoDb, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        Ok(Output {
            account_max_read_capacity_units: ACCOUNT_UNITS_MAX,
            account_max_write_capacity_units: ACCOUNT_UNITS_MAX,
            table_max_read_capacity_units: TABLE_UNITS_MAX,
            table_max_write_capacity_units: TABLE_UNITS_MAX,
        })
    }
}
