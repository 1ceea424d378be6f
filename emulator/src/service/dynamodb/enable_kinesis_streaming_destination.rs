//! Sends the changes of a table's items to a Kinesis data stream from now on.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html>

use serde::{Deserialize, Serialize};

use super::due::Due;
use super::kinesis_destination::{Configuration, check_stream_arn};
use super::{DynamoDb, check_not_in_use, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct EnableKinesisStreamingDestination;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    pub table_name: Option<String>,
    pub stream_arn: Option<String>,
    pub enable_kinesis_streaming_configuration: Option<Configuration>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_name: String,
    stream_arn: String,
    destination_status: &'static str,
    enable_kinesis_streaming_configuration: Configuration,
}

impl Operation for EnableKinesisStreamingDestination {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "EnableKinesisStreamingDestination";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let (given, stream, configuration) = check_model(input)?;
        let configuration = configuration.unwrap_or_default();
        let due = Due { at: call.now + state.settings.transition, cause: call.event, then: () };
        let mut table = state.created(&given, call)?;
        table.control.destinations.check_enable()?;
        check_not_in_use(&table)?;
        let status = table.control.destinations.enable(&stream, configuration.precision(), due);
        call.note(stream.as_str());
        Ok(Output {
            table_name: table.name.clone(),
            stream_arn: stream,
            destination_status: status.name(),
            enable_kinesis_streaming_configuration: configuration,
        })
    }
}

/// The members of one request: enabling and disabling have the same.
pub fn check_model(input: Input) -> Result<(String, String, Option<Configuration>), ApiError> {
    let mut violations = Violations::new();
    let given = table_name::check_named(&mut violations, input.table_name)?;
    check_stream_arn(&mut violations, &input.stream_arn);
    let configuration = input.enable_kinesis_streaming_configuration;
    if let Some(configuration) = &configuration {
        configuration.check(&mut violations, "enableKinesisStreamingConfiguration");
    }
    violations.finish()?;
    Ok((given, input.stream_arn.unwrap_or_default(), configuration))
}
