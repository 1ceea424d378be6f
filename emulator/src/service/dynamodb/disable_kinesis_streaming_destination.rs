//! Stops to send the changes of a table's items to a Kinesis data stream.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DisableKinesisStreamingDestination.html>

use serde::Serialize;

use super::due::Due;
use super::enable_kinesis_streaming_destination::{Input, check_model};
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, Operation};

pub struct DisableKinesisStreamingDestination;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_name: String,
    stream_arn: String,
    destination_status: &'static str,
}

impl Operation for DisableKinesisStreamingDestination {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DisableKinesisStreamingDestination";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let (given, stream, configuration) = check_model(input)?;
        if configuration.is_some() {
            return Err(ApiError::validation(
                "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters",
            ));
        }
        let due = Due { at: call.now + state.settings.transition, cause: call.event, then: () };
        let mut table = state.created(&given, call)?;
        let status = table.control.destinations.disable(&stream, due)?;
        call.note(stream.as_str());
        Ok(Output { table_name: table.name.clone(), stream_arn: stream, destination_status: status.name() })
    }
}
