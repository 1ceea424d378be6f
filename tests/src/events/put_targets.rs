use aws_sdk_eventbridge::types::{InputTransformer, KinesisParameters, RetryPolicy, Target};

use super::{
    ROLE, client, limit_exceeded, not_found, not_implemented, put_rule, put_target, stream, stream_arn, validation,
};
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
            (target().input("{"), "JSON syntax error in input for target t."),
            (target().input_path("detail"), "Invalid InputPath for target t."),
            (
                target().input("{}").input_path("$"),
                "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
            ),
            (target().kinesis_parameters(parameters), "Invalid PartitionKeyPath for target t."),
        ] {
            let put = events.put_targets().rule("all").targets(target.build().unwrap()).send().await;
            assert_eq!(refusal(put), validation(message));
        }
        assert!(events.list_targets_by_rule().rule("all").send().await.unwrap().targets().is_empty());
    });
}

#[test]
fn members_that_are_not_implemented_are_refused() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let target = || Target::builder().id("t").arn(stream_arn("orders")).role_arn(ROLE);
        let transformer = InputTransformer::builder().input_template("<id>").build().unwrap();
        for (target, member) in [
            (target().input_transformer(transformer), "InputTransformer"),
            (target().retry_policy(RetryPolicy::builder().maximum_retry_attempts(3).build()), "RetryPolicy"),
        ] {
            let put = events.put_targets().rule("all").targets(target.build().unwrap()).send().await;
            assert_eq!(refusal(put), not_implemented(&format!("{member} of events PutTargets")));
        }
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
fn a_target_out_of_reach_fails_as_an_entry_and_is_not_kept() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let lambda = "arn:aws:lambda:us-east-1:000000000000:function:handler";
        let function = Target::builder().id("function").arn(lambda).build().unwrap();
        let put = events.put_targets().rule("all").targets(function).targets(stream("orders")).send().await.unwrap();
        assert_eq!(put.failed_entry_count(), 1);
        let failed = &put.failed_entries()[0];
        let (code, message) = not_implemented(&format!("delivery from a rule to `{lambda}`"));
        assert_eq!(failed.target_id(), Some("function"));
        assert_eq!((failed.error_code(), failed.error_message()), (Some(code.as_str()), Some(message.as_str())));
        let listed = events.list_targets_by_rule().rule("all").send().await.unwrap();
        assert_eq!(listed.targets().len(), 1);
        assert_eq!(listed.targets()[0].id(), "orders");
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
