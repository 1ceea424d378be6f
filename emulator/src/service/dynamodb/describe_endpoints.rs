//! Tells the address of the region's endpoint.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html>
//!
//! # Differences
//!
//! The address is AWS's own: which address this emulator is reached by, a service does not know.

use serde::{Deserialize, Serialize};

use super::DynamoDb;
use crate::kernel::{ApiError, Call, Operation};

pub struct DescribeEndpoints;

/// AWS's value.
const CACHE_MINUTES: i64 = 1440;

#[derive(Deserialize)]
pub struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    endpoints: Vec<Endpoint>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    address: String,
    cache_period_in_minutes: i64,
}

impl Operation for DescribeEndpoints {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeEndpoints";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(_input: Input, _state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let address = format!("dynamodb.{}.amazonaws.com", call.scope.region);
        Ok(Output { endpoints: vec![Endpoint { address, cache_period_in_minutes: CACHE_MINUTES }] })
    }
}
