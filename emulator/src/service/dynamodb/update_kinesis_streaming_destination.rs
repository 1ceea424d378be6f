//! Changes how exactly a Kinesis data stream is told the time of a change.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateKinesisStreamingDestination.html>

use serde::{Deserialize, Serialize};

use super::due::Due;
use super::kinesis_destination::{Configuration, check_stream_arn};
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UpdateKinesisStreamingDestination;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    stream_arn: Option<String>,
    update_kinesis_streaming_configuration: Option<Configuration>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_name: String,
    stream_arn: String,
    destination_status: &'static str,
    update_kinesis_streaming_configuration: Configuration,
}

impl Operation for UpdateKinesisStreamingDestination {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateKinesisStreamingDestination";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        let given = table_name::check_named(&mut violations, input.table_name)?;
        check_stream_arn(&mut violations, &input.stream_arn);
        let configuration = input.update_kinesis_streaming_configuration.unwrap_or_default();
        configuration.check(&mut violations, "updateKinesisStreamingConfiguration");
        violations.finish()?;
        let stream = input.stream_arn.unwrap_or_default();
        let precision = configuration.precision().ok_or_else(|| {
            ApiError::validation(
                "Streaming destination cannot be updated with given parameters: UpdateKinesisStreamingConfiguration \
                 cannot be null or contain only null values",
            )
        })?;
        let due = Due { at: call.now + state.settings.transition, cause: call.event, then: () };
        let mut table = state.created(&given, call)?;
        let (name, id) = (table.name.clone(), table.id.clone());
        let status = table.control.destinations.update(&stream, precision, due, &name, &id)?;
        call.note(stream.as_str());
        Ok(Output {
            table_name: name,
            stream_arn: stream,
            destination_status: status.name(),
            update_kinesis_streaming_configuration: configuration,
        })
    }
}
