//! Begins to move the messages of a dead-letter queue to where they came from, or to another queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::move_task::{RATE_MAX, Status};
use super::queue_url::name_of_arn;
use super::refusal::{invalid_parameter, invalid_value, missing, resource_not_found};
use crate::kernel::{ApiError, Arn, Call, Operation, Scope};

pub struct StartMessageMoveTask;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    source_arn: Option<String>,
    destination_arn: Option<String>,
    max_number_of_messages_per_second: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    task_handle: String,
}

impl Operation for StartMessageMoveTask {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "StartMessageMoveTask";

    fn resource(input: &Input) -> String {
        shown(input.source_arn.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let source = input.source_arn.as_deref().ok_or_else(|| missing("SourceArn"))?;
        let source = parse(source, "SourceArn")?;
        let destination = input.destination_arn.as_deref().map(|arn| parse(arn, "DestinationArn")).transpose()?;
        let rate = input.max_number_of_messages_per_second;
        if let Some(rate) = rate.filter(|rate| !(1..=RATE_MAX).contains(rate)) {
            // assumed: the wording.
            let reason = "Must be between 1 and 500, if provided.";
            return Err(invalid_value(rate, "MaxNumberOfMessagesPerSecond", reason));
        }
        let name = state.known(&source, "SourceArn", call.scope)?;
        if state.sources_of(&source).next().is_none() {
            return Err(invalid_parameter("Source queue must be configured as a Dead Letter Queue."));
        }
        if let Some(destination) = &destination {
            let target = state.known(destination, "DestinationArn", call.scope)?;
            if target == name {
                // assumed: the wording.
                return Err(invalid_parameter("Source queue arn and destination queue arn cannot be the same."));
            }
            if state.queue(&target)?.is_fifo() != state.queue(&name)?.is_fifo() {
                // assumed: the wording.
                return Err(invalid_parameter("Source and destination queue must be of the same type."));
            }
        }
        if state.queue(&name)?.tasks.iter().any(|task| task.status == Status::Running) {
            return Err(invalid_parameter(
                "There is already a task running. Only one active task is allowed for a source queue arn at a given \
                 time.",
            ));
        }
        Ok(Output { task_handle: state.start_moving(&name, destination, rate, call) })
    }
}

/// The name in an ARN, for the timeline.
pub fn shown(arn: Option<&str>) -> String {
    let text = arn.unwrap_or_default();
    Arn::parse(text).map_or_else(|| text.to_owned(), |arn| arn.resource)
}

/// assumed: the wording.
pub fn parse(text: &str, parameter: &str) -> Result<Arn, ApiError> {
    let arn = Arn::parse(text).filter(|arn| arn.service == "sqs");
    arn.ok_or_else(|| invalid_parameter(format!("You must use this format to specify the {parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>")))
}

impl Sqs {
    /// The name of the queue of that ARN, which must be here.
    pub fn known(&self, arn: &Arn, parameter: &str, scope: &Scope) -> Result<String, ApiError> {
        let name = name_of_arn(arn, scope).filter(|name| self.queues.contains_key(*name));
        name.map(str::to_owned).ok_or_else(|| {
            resource_not_found(format!("The resource that you specified for the {parameter} parameter doesn't exist."))
        })
    }
}
