//! What Scheduler writes to a dead-letter queue.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html>

use bytes::Bytes;

use super::target::Target;
use crate::kernel::Arn;
use crate::kernel::delivery::{DeadLetter, Failure};

/// The letter of one invocation. `request` is what was asked of the target.
pub fn write(
    target: &Target,
    queue: &Arn,
    request: Bytes,
    schedule: &Arn,
    scheduled: &str,
    execution_id: &str,
) -> DeadLetter {
    let known = [
        ("SCHEDULED_TIME", scheduled.to_owned()),
        ("SCHEDULE_ARN", schedule.to_string()),
        ("TARGET_ARN", target.invoked()),
        ("EXECUTION_ID", execution_id.to_owned()),
        ("IS_PAYLOAD_TRUNCATED", "false".to_owned()),
    ];
    let attributes = known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    DeadLetter { queue: queue.clone(), body: request, attributes, explain }
}

/// "This attribute will be present if the error from the target API is a retryable error", of
/// `EXHAUSTED_RETRY_CONDITION`.
fn explain(failure: &Failure) -> Vec<(&'static str, String)> {
    let mut attributes = vec![
        ("ERROR_CODE", failure.error.code.clone()),
        ("ERROR_MESSAGE", failure.error.message.clone()),
        ("RETRY_ATTEMPTS", failure.retries.to_string()),
    ];
    if let Some(exhausted) = failure.exhausted {
        attributes.push(("EXHAUSTED_RETRY_CONDITION", exhausted.as_str().to_owned()));
    }
    attributes
}
