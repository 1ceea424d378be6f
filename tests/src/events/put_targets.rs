use aws_sdk_eventbridge::types::{DeadLetterConfig, KinesisParameters, RetryPolicy, SqsParameters, Target};

use super::{ROLE, client, limit_exceeded, not_found, put_rule, put_target, queue_arn, stream, stream_arn, validation};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn every_target_is_checked_by_its_place() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let bad = Target::builder().id("a b").arn("").build().unwrap();
        let (code, message) = refusal(events.put_targets().rule("all").targets(stream("x")).targets(bad).send().await);
        assert_eq!(code, "ValidationException");
        assert_eq!(
            message,
            r"2 validation errors detected: Value 'a b' at 'targets.2.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+; Value '' at 'targets.2.member.arn' failed to satisfy constraint: Member must have length greater than or equal to 1"
        );
        let message = "1 validation error detected: Value '[]' at 'targets' failed to satisfy constraint: Member must have length greater than or equal to 1";
        assert_eq!(
            refusal(events.put_targets().rule("all").set_targets(Some(vec![])).send().await),
            validation(message)
        );
    });
}

#[test]
fn what_a_target_says_must_make_sense() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let target = || Target::builder().id("t").arn(stream_arn("orders")).role_arn(ROLE);
        let parameters = KinesisParameters::builder().partition_key_path("user").build().unwrap();
        for (target, message) in [
            (
                Target::builder().id("t").arn("orders"),
                "Parameter orders is not valid. Reason: Provided Arn is not in correct format.",
            ),
            (
                Target::builder().id("t").arn(stream_arn("orders")),
                "RoleArn is required for target arn:aws:kinesis:us-east-1:000000000000:stream/orders.",
            ),
            (
                target().input("{"),
                "JSON syntax error in input for target t: [Source: (String)\"{\"; line: 1, column: 2]",
            ),
            (target().input_path("detail"), "Invalid InputPath for target t."),
            (
                target().input("{}").input_path("$"),
                "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
            ),
            (target().kinesis_parameters(parameters), "Invalid PartitionKeyPath for target t."),
            (
                Target::builder().id("t").arn("arn:aws:dynamodb:us-east-1:000000000000:table/orders"),
                "Parameter arn:aws:dynamodb:us-east-1:000000000000:table/orders is not valid. Reason: Provided Arn is not in correct format.",
            ),
            (
                Target::builder().id("t").arn(queue_arn("orders.fifo")),
                "Parameter(s) SqsParameters must be specified for target: t.",
            ),
            (
                target().dead_letter_config(DeadLetterConfig::builder().arn(stream_arn("dead")).build()),
                "Parameter arn:aws:kinesis:us-east-1:000000000000:stream/dead is not valid. Reason: Dead-letter queue must be an SQS queue.",
            ),
            (
                target().retry_policy(RetryPolicy::builder().maximum_retry_attempts(186).build()),
                "1 validation error detected: Value '186' at 'targets.1.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
            ),
            (
                target().retry_policy(RetryPolicy::builder().maximum_event_age_in_seconds(59).build()),
                "1 validation error detected: Value '59' at 'targets.1.member.retryPolicy.maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
            ),
        ] {
            let put = events.put_targets().rule("all").targets(target.build().unwrap()).send().await;
            assert_eq!(refusal(put), validation(message));
        }
        assert!(events.list_targets_by_rule().rule("all").send().await.unwrap().targets().is_empty());
    });
}

#[test]
fn the_rule_must_be_there() {
    on_both_stages(async |stage| {
        let put = client(&stage).put_targets().rule("all").targets(stream("orders")).send().await;
        assert_eq!(refusal(put), not_found("Rule all does not exist on EventBus default."));
    });
}

// Behaviour

#[test]
fn what_a_target_was_given_is_given_back() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let function = Target::builder().id("function").arn("arn:aws:lambda:us-east-1:000000000000:function:handler");
        let function = function
            .retry_policy(RetryPolicy::builder().maximum_retry_attempts(3).maximum_event_age_in_seconds(60).build())
            .dead_letter_config(DeadLetterConfig::builder().arn(queue_arn("dead")).build())
            .build()
            .unwrap();
        let parameters = SqsParameters::builder().message_group_id("g").build();
        let queue = Target::builder().id("queue").arn(queue_arn("q.fifo")).sqs_parameters(parameters).build().unwrap();
        put_target(&events, "all", function.clone()).await;
        put_target(&events, "all", queue.clone()).await;
        let listed = events.list_targets_by_rule().rule("all").send().await.unwrap();
        assert_eq!(listed.targets(), [function, queue]);
    });
}

#[test]
fn a_rule_has_up_to_5_targets_and_ids_are_replaced() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        for id in ["a", "b", "c", "d", "e", "a"] {
            put_target(&events, "all", stream(id)).await;
        }
        let put = events.put_targets().rule("all").targets(stream("f")).send().await;
        assert_eq!(refusal(put), limit_exceeded());
    });
}
