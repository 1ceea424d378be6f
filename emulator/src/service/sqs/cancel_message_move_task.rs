//! Ends a task that moves messages; what it has moved stays moved.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CancelMessageMoveTask.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::move_task::{MoveTask, Status};
use super::refusal::{invalid_parameter, missing, resource_not_found};
use crate::kernel::{ApiError, Call, Operation};

pub struct CancelMessageMoveTask;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    task_handle: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    approximate_number_of_messages_moved: u64,
}

impl Operation for CancelMessageMoveTask {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CancelMessageMoveTask";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let handle = input.task_handle.as_deref().ok_or_else(|| missing("TaskHandle"))?;
        if base64_simd::STANDARD.decode_to_vec(handle).is_err() {
            return Err(invalid_parameter("Value for parameter TaskHandle is invalid."));
        }
        let is_it = |task: &MoveTask| task.handle == handle;
        let name = state.queues.values().find(|queue| queue.tasks.iter().any(is_it)).map(|queue| queue.name.clone());
        let queue = name.and_then(|name| state.queues.get_mut(&name));
        let known = queue.and_then(|queue| Some((&queue.name, queue.tasks.iter_mut().find(|task| is_it(task))?)));
        let Some((name, task)) = known else { return Err(resource_not_found("Task does not exist.")) };
        if task.status != Status::Running {
            return Err(invalid_parameter("Only active tasks can be cancelled."));
        }
        task.status = Status::Cancelled;
        call.note(name.as_str());
        let MoveTask { moved, .. } = task;
        Ok(Output { approximate_number_of_messages_moved: *moved })
    }
}
