use super::{PATTERN, client, create_bus, not_found, put_rule, validation};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn rules_are_listed_by_name_and_by_bus() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        put_rule(&events, "b").await;
        put_rule(&events, "a").await;
        events.put_rule().name("c").event_bus_name("orders").event_pattern(PATTERN).send().await.unwrap();
        let listed = events.list_rules().send().await.unwrap();
        let names: Vec<_> = listed.rules().iter().map(|rule| rule.name().unwrap()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(listed.rules()[0].event_pattern(), Some(PATTERN));
        let listed = events.list_rules().event_bus_name("orders").send().await.unwrap();
        assert_eq!(listed.rules()[0].arn(), Some("arn:aws:events:us-east-1:000000000000:rule/orders/c"));
        assert_eq!(listed.rules()[0].event_bus_name(), Some("orders"));
    });
}

// Validation

#[test]
fn limits_begin_at_one() {
    on_both_stages(async |stage| {
        let message = "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1";
        assert_eq!(refusal(client(&stage).list_rules().limit(0).send().await), validation(message));
    });
}

#[test]
fn the_bus_must_be_there() {
    on_both_stages(async |stage| {
        let listed = client(&stage).list_rules().event_bus_name("orders").send().await;
        assert_eq!(refusal(listed), not_found("Event bus orders does not exist."));
    });
}

// Behaviour

#[test]
fn pages_hold_what_begins_with_the_prefix() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for name in ["a-1", "a-2", "a-3", "b-1"] {
            put_rule(&events, name).await;
        }
        let list = || events.list_rules().name_prefix("a-").limit(2);
        let first = list().send().await.unwrap();
        let second = list().next_token(first.next_token().unwrap()).send().await.unwrap();
        assert_eq!((first.rules().len(), second.rules().len(), second.next_token()), (2, 1, None));
        assert_eq!(second.rules()[0].name(), Some("a-3"));
    });
}
