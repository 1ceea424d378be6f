use super::{client, validation};
use crate::stage::{on_both_stages, refusal};

const EVENT: &str = r#"{"version":"0","id":"1","detail-type":"order","source":"shop","account":"000000000000","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail":{"total":30,"items":["book"]}}"#;

// Validation

#[test]
fn pattern_and_event_must_be_given() {
    on_both_stages(async |stage| {
        let message = "2 validation errors detected: Value null at 'eventPattern' failed to satisfy constraint: Member must not be null; Value null at 'event' failed to satisfy constraint: Member must not be null";
        assert_eq!(refusal(client(&stage).test_event_pattern().send().await), validation(message));
    });
}

#[test]
fn a_bad_pattern_is_refused_as_put_rule_refuses_it() {
    on_both_stages(async |stage| {
        let tested = client(&stage).test_event_pattern().event_pattern("[]").event(EVENT).send().await;
        let message = "Event pattern is not valid. Reason: Filter is not an object\n at [Source: (String)\"[]\"; line: 1, column: 2]";
        assert_eq!(refusal(tested), ("InvalidEventPatternException".to_owned(), message.to_owned()));
    });
}

#[test]
fn an_event_must_be_one() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for (event, reason) in [
            ("shop", "Event is not a valid JSON object."),
            ("[]", "Event is not a valid JSON object."),
            ("{}", "id is a required argument."),
        ] {
            let tested = events.test_event_pattern().event_pattern(r#"{"a":[1]}"#).event(event).send().await;
            assert_eq!(refusal(tested), validation(&format!("Parameter Event is not valid. Reason: {reason}")));
        }
    });
}

// Behaviour

#[test]
fn the_verdict_is_that_of_the_pattern() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for (pattern, expected) in [
            (r#"{"source":["shop"],"detail":{"total":[{"numeric":[">=",30]}]}}"#, true),
            (r#"{"source":["shop"],"detail":{"total":[{"numeric":[">",30]}]}}"#, false),
            (r#"{"detail":{"items":[{"equals-ignore-case":"BOOK"}]}}"#, true),
            (r#"{"detail-type":[{"anything-but":{"prefix":"or"}}]}"#, false),
        ] {
            let tested = events.test_event_pattern().event_pattern(pattern).event(EVENT).send().await.unwrap();
            assert_eq!(tested.result(), expected, "{pattern}");
        }
    });
}
