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
    DeadLetter { queue: queue.clone(), body: request, attributes }
}

/// "This attribute will be present if the error from the target API is a retryable error", of
/// `EXHAUSTED_RETRY_CONDITION`.
pub fn explain(failure: &Failure) -> Vec<(&'static str, String)> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::delivery::Exhausted;
    use crate::kernel::{ApiError, Scope};

    #[test]
    fn a_letter_says_what_was_asked_of_whom_and_what_went_wrong() {
        let queue = "arn:aws:sqs:us-east-1:000000000000:dead";
        let given = json!({
            "Arn": "arn:aws:sqs:us-east-1:000000000000:jobs",
            "RoleArn": "arn:aws:iam::000000000000:role/r",
            "DeadLetterConfig": {"Arn": queue},
        });
        let target = Target::parse(&serde_json::from_value(given).unwrap(), &Scope::default()).unwrap();
        let schedule = Arn::parse("arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly").unwrap();
        let (queue, request) = (Arn::parse(queue).unwrap(), Bytes::from_static(b"{}"));
        let letter = write(&target, &queue, request, &schedule, "2026-01-01T00:00:00Z", "ad06616e51cdf74a");
        let error = ApiError::new("AWS.SimpleQueueService.NonExistentQueue", "no such queue");
        for (exhausted, expected) in [
            (None, None),
            (Some(Exhausted::MaximumRetryAttempts), Some("MaximumRetryAttempts")),
            (Some(Exhausted::MaximumEventAge), Some("MaximumEventAgeInSeconds")),
        ] {
            let mut attributes = letter.attributes.clone();
            let failure = Failure { error: error.clone(), retries: 2, exhausted };
            attributes.extend(explain(&failure).into_iter().map(|(name, value)| (name.to_owned(), value)));
            attributes.sort_unstable();
            let mut wanted = vec![
                ("ERROR_CODE", "AWS.SimpleQueueService.NonExistentQueue"),
                ("ERROR_MESSAGE", "no such queue"),
                ("EXECUTION_ID", "ad06616e51cdf74a"),
                ("IS_PAYLOAD_TRUNCATED", "false"),
                ("RETRY_ATTEMPTS", "2"),
                ("SCHEDULED_TIME", "2026-01-01T00:00:00Z"),
                ("SCHEDULE_ARN", "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly"),
                ("TARGET_ARN", "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"),
            ];
            wanted.extend(expected.map(|condition| ("EXHAUSTED_RETRY_CONDITION", condition)));
            wanted.sort_unstable();
            let found: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (&**name, &**value)).collect();
            assert_eq!(found, wanted);
        }
    }
}
