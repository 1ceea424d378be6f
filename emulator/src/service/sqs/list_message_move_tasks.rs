//! Lists the last tasks that moved messages of a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html>

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::move_task::{MoveTask, Status, TASKS_KEPT};
use super::refusal::{invalid_value, missing};
use super::start_message_move_task::{parse, shown};
use crate::kernel::{ApiError, Arn, Call, Operation};

pub struct ListMessageMoveTasks;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    source_arn: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    results: Vec<Entry>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    approximate_number_of_messages_moved: u64,
    approximate_number_of_messages_to_move: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_arn: Option<Arn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_number_of_messages_per_second: Option<i64>,
    source_arn: Arn,
    started_timestamp: i64,
    status: &'static str,
    /// "This field is only included if the task status is RUNNING."
    #[serde(skip_serializing_if = "Option::is_none")]
    task_handle: Option<String>,
}

impl Entry {
    fn of(task: &MoveTask, source: &Arn) -> Self {
        Self {
            approximate_number_of_messages_moved: task.moved,
            approximate_number_of_messages_to_move: task.to_move,
            destination_arn: task.destination.clone(),
            failure_reason: task.failure.clone(),
            max_number_of_messages_per_second: task.rate,
            source_arn: source.clone(),
            started_timestamp: task.started.as_millis(),
            status: task.status.as_str(),
            task_handle: (task.status == Status::Running).then(|| task.handle.clone()),
        }
    }
}

impl Operation for ListMessageMoveTasks {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListMessageMoveTasks";

    fn resource(input: &Input) -> String {
        shown(input.source_arn.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let source = parse(input.source_arn.as_deref().ok_or_else(|| missing("SourceArn"))?, "SourceArn")?;
        let max = input.max_results.unwrap_or(1);
        if !(1..=TASKS_KEPT as i64).contains(&max) {
            // assumed: the wording.
            return Err(invalid_value(max, "MaxResults", "Must be between 1 and 10, if provided."));
        }
        let name = state.known(&source, "SourceArn", call.scope)?;
        let tasks = state.queue(&name)?.tasks.iter().rev().take(usize::try_from(max).unwrap_or(1));
        Ok(Output { results: tasks.map(|task| Entry::of(task, &source)).collect() })
    }
}
