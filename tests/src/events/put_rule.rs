use aws_sdk_eventbridge::types::RuleState;

use super::{PATTERN, client, create_bus, limit_exceeded, not_found, put_rule, put_target, stream, validation};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn a_rule_of_a_custom_bus_has_the_bus_in_its_arn() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let put = events.put_rule().name("all").event_pattern(PATTERN).send().await.unwrap();
        assert_eq!(put.rule_arn(), Some("arn:aws:events:us-east-1:000000000000:rule/all"));
        for bus in ["orders", "arn:aws:events:us-east-1:000000000000:event-bus/orders"] {
            let put = events.put_rule().name("all").event_bus_name(bus).event_pattern(PATTERN).send().await.unwrap();
            assert_eq!(put.rule_arn(), Some("arn:aws:events:us-east-1:000000000000:rule/orders/all"));
        }
    });
}

// Validation

#[test]
fn all_violations_are_named_at_once() {
    on_both_stages(async |stage| {
        let put = client(&stage).put_rule().name("a b").state("ON".into()).description("d".repeat(513)).send().await;
        let (code, message) = refusal(put);
        assert_eq!(code, "ValidationException");
        assert!(message.starts_with(r"3 validation errors detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+; Value 'ON' at 'state' failed to satisfy constraint: Member must satisfy enum value set: ["), "{message}");
    });
}

#[test]
fn a_pattern_that_is_none_is_refused_with_the_place() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for (pattern, reason) in [
            (
                r#"{"source":"shop"}"#,
                "\"source\" must be an object or an array\n at [Source: (String)\"{\"source\":\"shop\"}\"; line: 1, column: 12]",
            ),
            (r#"{"a":[{"cidr":"10.0.0.0"}]}"#, "Malformed CIDR, one '/' required"),
        ] {
            let (code, message) = refusal(events.put_rule().name("all").event_pattern(pattern).send().await);
            assert_eq!(code, "InvalidEventPatternException");
            assert_eq!(message, format!("Event pattern is not valid. Reason: {reason}"));
        }
    });
}

#[test]
fn a_pattern_or_a_schedule_must_be_given() {
    on_both_stages(async |stage| {
        let message = "Parameter(s) EventPattern or ScheduleExpression must be specified.";
        assert_eq!(refusal(client(&stage).put_rule().name("all").send().await), validation(message));
    });
}

#[test]
fn the_bus_must_be_there() {
    on_both_stages(async |stage| {
        let put = client(&stage).put_rule().name("all").event_bus_name("orders").event_pattern(PATTERN).send().await;
        assert_eq!(refusal(put), not_found("Event bus orders does not exist."));
    });
}

// Behaviour

#[test]
fn putting_again_replaces_all_but_the_targets() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let first =
            events.put_rule().name("all").event_pattern(PATTERN).description("first").state(RuleState::Disabled);
        first.send().await.unwrap();
        put_target(&events, "all", stream("orders")).await;
        events.put_rule().name("all").event_pattern(r#"{"source":["other"]}"#).send().await.unwrap();
        let described = events.describe_rule().name("all").send().await.unwrap();
        assert_eq!(described.event_pattern(), Some(r#"{"source":["other"]}"#));
        assert_eq!((described.description(), described.state()), (None, Some(&RuleState::Enabled)));
        assert_eq!(events.list_targets_by_rule().rule("all").send().await.unwrap().targets().len(), 1);
    });
}

#[test]
fn a_bus_has_up_to_300_rules() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for number in 0..300 {
            put_rule(&events, &format!("rule-{number}")).await;
        }
        put_rule(&events, "rule-0").await;
        let put = events.put_rule().name("one-more").event_pattern(PATTERN).send().await;
        assert_eq!(refusal(put), limit_exceeded());
    });
}

#[test]
fn a_rule_may_ask_for_all_of_cloudtrail() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let state = RuleState::EnabledWithAllCloudtrailManagementEvents;
        events.put_rule().name("all").event_pattern(PATTERN).state(state.clone()).send().await.unwrap();
        let rule = events.describe_rule().name("all").send().await.unwrap();
        assert_eq!((rule.state(), rule.managed_by()), (Some(&state), None));
    });
}
