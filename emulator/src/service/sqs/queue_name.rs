//! The names of queues.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html>

use super::refusal::{invalid_parameter, missing};
use crate::kernel::ApiError;

pub const FIFO_SUFFIX: &str = ".fifo";
const CHARACTERS_MAX: usize = 80;

/// A name that a new queue of that kind can have.
pub fn check(name: Option<&str>, is_fifo: bool) -> Result<&str, ApiError> {
    let name = name.ok_or_else(|| missing("QueueName"))?;
    let stem = if is_fifo { name.strip_suffix(FIFO_SUFFIX) } else { Some(name) };
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let fits = name.len() <= CHARACTERS_MAX && stem.is_some_and(|stem| !stem.is_empty() && stem.chars().all(allowed));
    if fits {
        return Ok(name);
    }
    Err(invalid_parameter(if is_fifo {
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with \
         .fifo suffix and be 1 to 80 in length."
    } else {
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
    }))
}
