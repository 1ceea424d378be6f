//! Lists the Kinesis data streams that a table's changes go to, or went to.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html>

use serde::{Deserialize, Serialize};

use super::kinesis_destination::DestinationDescription;
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeKinesisStreamingDestination;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_name: String,
    kinesis_data_stream_destinations: Vec<DestinationDescription>,
}

impl Operation for DescribeKinesisStreamingDestination {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeKinesisStreamingDestination";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        let given = table_name::check_named(&mut violations, input.table_name)?;
        violations.finish()?;
        let table = state.created(&given, call)?;
        Ok(Output {
            table_name: table.name.clone(),
            kinesis_data_stream_destinations: table.control.destinations.describe(),
        })
    }
}
