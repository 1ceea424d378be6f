use std::time::Duration;

use aws_sdk_scheduler::types::{DeadLetterConfig, RetryPolicy};
use aws_sdk_sqs::types::Message;
use rehearsal_emulator::between;

use super::{client, create, create_queue, hops, queue, receive, to};
use crate::stage::{Stage, in_virtual_time};

fn letters() -> DeadLetterConfig {
    DeadLetterConfig::builder().arn("arn:aws:sqs:us-east-1:000000000000:dead").build()
}

/// The one letter in the queue `dead`, with its attributes by name.
async fn letter(stage: &Stage, url: &str) -> (String, Vec<(String, String)>) {
    let received = receive(stage, url).await;
    let [Message { body: Some(body), message_attributes: Some(attributes), .. }] = &received[..] else {
        panic!("{received:?}")
    };
    let text = |(name, value): (&String, &aws_sdk_sqs::types::MessageAttributeValue)| {
        (name.clone(), value.string_value().unwrap_or_default().to_owned())
    };
    let mut attributes: Vec<_> = attributes.iter().map(text).collect();
    attributes.sort_unstable();
    (body.clone(), attributes)
}

#[test]
fn what_no_retry_would_mend_goes_to_the_queue_at_once() {
    in_virtual_time(async |stage| {
        let url = create_queue(&stage, "dead").await;
        let target = queue().input("go").dead_letter_config(letters()).build().unwrap();
        create(&client(&stage), "nightly", "at(2026-01-01T00:01:00)").target(target).send().await.unwrap();
        stage.advance(Duration::from_mins(1)).await;
        let (body, attributes) = letter(&stage, &url).await;
        let expected = r#"{"MessageBody":"go","QueueUrl":"https://sqs.us-east-1.amazonaws.com/000000000000/jobs"}"#;
        assert_eq!(body, expected);
        let value = |name: &str| attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!(value("SCHEDULED_TIME"), Some("2026-01-01T00:01:00Z"));
        let schedule = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly";
        assert_eq!(value("SCHEDULE_ARN"), Some(schedule));
        assert_eq!(value("TARGET_ARN"), Some("arn:aws:scheduler:::aws-sdk:sqs:sendMessage"));
        assert_eq!((value("RETRY_ATTEMPTS"), value("EXHAUSTED_RETRY_CONDITION")), (Some("0"), None));
        assert_eq!(value("IS_PAYLOAD_TRUNCATED"), Some("false"));
        assert!(value("ERROR_CODE").is_some() && value("ERROR_MESSAGE").is_some(), "{attributes:?}");
        assert_eq!(value("EXECUTION_ID").map(str::len), Some(16));
        assert_eq!((&*hops(&stage)[1].action, &*hops(&stage)[1].detail), ("give up", "no retry would help"));
    });
}

#[test]
fn what_fails_to_the_end_says_what_was_exhausted() {
    in_virtual_time(async |stage| {
        let url = create_queue(&stage, "dead").await;
        create_queue(&stage, "jobs").await;
        let policy = RetryPolicy::builder().maximum_retry_attempts(2).build();
        let input = r#"{"QueueUrl":"http://localhost/000000000000/jobs","MessageBody":"attempt <aws.scheduler.attempt-number>"}"#;
        let target = to("arn:aws:scheduler:::aws-sdk:sqs:sendMessage").input(input).retry_policy(policy);
        let target = target.dead_letter_config(letters()).build().unwrap();
        create(&client(&stage), "nightly", "at(2026-01-01T00:01:00)").target(target).send().await.unwrap();
        let _outage = stage.emulator.bus_fault(between("*", "*aws-sdk:sqs:*").fail(500, "InternalError", "no"));
        stage.advance(Duration::from_hours(1)).await;
        let (body, attributes) = letter(&stage, &url).await;
        let expected = r#"{"QueueUrl":"http://localhost/000000000000/jobs","MessageBody":"attempt 3"}"#;
        assert_eq!(body, expected);
        for (name, value) in [
            ("ERROR_CODE", "InternalError"),
            ("ERROR_MESSAGE", "no"),
            ("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts"),
            ("RETRY_ATTEMPTS", "2"),
        ] {
            assert!(attributes.contains(&(name.to_owned(), value.to_owned())), "{name}: {attributes:?}");
        }
    });
}
