//! What targets get: InputTransformer as PutTargets takes it, gives it back and applies it.

use aws_sdk_eventbridge::types::{InputTransformer, Target};
use rehearsal_emulator::kernel::timeline::Kind;

use super::{PATTERN, client, order, put_rule, put_target, queue_arn, validation};
use crate::stage::{Stage, on_both_stages, refusal};

fn transformer(paths: &[(&str, &str)], template: &str) -> InputTransformer {
    let builder = InputTransformer::builder().input_template(template);
    paths.iter().fold(builder, |builder, (name, path)| builder.input_paths_map(*name, *path)).build().unwrap()
}

fn target(transformer: InputTransformer) -> Target {
    Target::builder().id("t").arn(queue_arn("orders")).input_transformer(transformer).build().unwrap()
}

// Serialisation

#[test]
fn a_transformer_is_given_back_as_it_was_put() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let given = target(transformer(&[("user", "$.detail.user"), ("id_2-b", "$.id")], "{\"u\": <user>}"));
        put_target(&events, "all", given.clone()).await;
        let listed = events.list_targets_by_rule().rule("all").send().await.unwrap();
        assert_eq!(listed.targets(), [given]);
    });
}

// Validation

#[test]
fn a_transformer_must_make_sense() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let member = "targets.1.member.inputTransformer";
        let keys = r"[Member must have length less than or equal to 256, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [A-Za-z0-9\_\-]+]";
        for (transformer, message) in [
            (
                transformer(&[], ""),
                format!(
                    "1 validation error detected: Value '' at '{member}.inputTemplate' failed to satisfy constraint: Member must have length greater than or equal to 1"
                ),
            ),
            (
                transformer(&[("aws.events.x", "$.id")], "1"),
                format!(
                    "1 validation error detected: Value '{{aws.events.x=$.id}}' at '{member}.inputPathsMap' failed to satisfy constraint: Map keys must satisfy constraint: {keys}"
                ),
            ),
            (
                transformer(&[("user", "$.detail.user")], "<name>"),
                "InputTemplate for target t contains invalid placeholder name.".to_owned(),
            ),
            (
                transformer(&[("user", "$.detail.user")], "user <user>"),
                "Invalid InputTemplate for target t : [Source: (String)\"user null\"; line: 1, column: 5]".to_owned(),
            ),
        ] {
            let put = events.put_targets().rule("all").targets(target(transformer)).send().await;
            assert_eq!(refusal(put), validation(&message));
        }
    });
}

#[test]
fn a_hundred_paths_are_enough() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let many = |count: usize| {
            let names: Vec<_> = (0..count).map(|number| format!("n{number}")).collect();
            let given: Vec<_> = names.iter().map(|name| (name.as_str(), "$.id")).collect();
            target(transformer(&given, "<n7>"))
        };
        put_target(&events, "all", many(100)).await;
        let (code, message) = refusal(events.put_targets().rule("all").targets(many(101)).send().await);
        assert_eq!(code, "ValidationException");
        assert!(message.ends_with("at 'targets.1.member.inputTransformer.inputPathsMap' failed to satisfy constraint: Member must have length less than or equal to 100"), "{message}");
    });
}

#[test]
fn one_way_to_make_the_input_is_enough() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let both = Target::builder().id("t").arn(queue_arn("orders")).input_transformer(transformer(&[], "1"));
        for both in [both.clone().input("1"), both.input_path("$")] {
            let put = events.put_targets().rule("all").targets(both.build().unwrap()).send().await;
            let message = "Only one of Input, InputPath, or InputTransformer must be provided for target t.";
            assert_eq!(refusal(put), validation(message));
        }
    });
}

// Behaviour

/// How many hops there were so far.
fn hops(stage: &Stage) -> usize {
    stage.emulator.timeline().events().iter().filter(|event| event.kind == Kind::Hop).count()
}

#[test]
fn rules_are_found_by_what_was_last_put() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let put = || async {
            let before = hops(&stage);
            events.put_events().entries(order(r#"{"user":"u_1"}"#)).send().await.unwrap();
            hops(&stage) - before
        };
        for number in 0..20 {
            let name = format!("rule-{number}");
            let pattern = format!(r#"{{"source":["shop"],"detail":{{"user":["u_{number}"]}}}}"#);
            events.put_rule().name(&name).event_pattern(pattern).send().await.unwrap();
            put_target(&events, &name, target(transformer(&[], "1"))).await;
        }
        assert_eq!(put().await, 1);
        // In place of another pattern,
        events.put_rule().name("rule-7").event_pattern(PATTERN).send().await.unwrap();
        assert_eq!(put().await, 2);
        // off, and on,
        events.disable_rule().name("rule-1").send().await.unwrap();
        assert_eq!(put().await, 1);
        events.enable_rule().name("rule-1").send().await.unwrap();
        assert_eq!(put().await, 2);
        // back to what it was, and gone.
        events.put_rule().name("rule-7").event_pattern(r#"{"source":["zoo"]}"#).send().await.unwrap();
        assert_eq!(put().await, 1);
        events.remove_targets().rule("rule-1").ids("t").send().await.unwrap();
        events.delete_rule().name("rule-1").send().await.unwrap();
        assert_eq!(put().await, 0);
    });
}
