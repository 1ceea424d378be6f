use super::{client, create_bus, validation};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn buses_are_listed_by_name_with_the_default_one() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        create_bus(&events, "audit").await;
        let listed = events.list_event_buses().send().await.unwrap();
        let names: Vec<_> = listed.event_buses().iter().map(|bus| bus.name().unwrap()).collect();
        assert_eq!(names, ["audit", "default", "orders"]);
        assert_eq!(listed.event_buses()[0].arn(), Some("arn:aws:events:us-east-1:000000000000:event-bus/audit"));
        assert_eq!(listed.next_token(), None);
    });
}

// Validation

#[test]
fn limit_and_token_are_checked() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let message = "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100";
        assert_eq!(refusal(events.list_event_buses().limit(101).send().await), validation(message));
        let message = "Parameter NextToken is not valid.";
        assert_eq!(refusal(events.list_event_buses().next_token("?").send().await), validation(message));
    });
}

// Behaviour

#[test]
fn pages_hold_what_begins_with_the_prefix() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for name in ["shop-a", "shop-b", "shop-c", "zoo"] {
            create_bus(&events, name).await;
        }
        let list = || events.list_event_buses().name_prefix("shop-").limit(2);
        let first = list().send().await.unwrap();
        assert_eq!(first.event_buses().len(), 2);
        let second = list().next_token(first.next_token().unwrap()).send().await.unwrap();
        assert_eq!(second.event_buses()[0].name(), Some("shop-c"));
        assert_eq!((second.event_buses().len(), second.next_token()), (1, None));
    });
}
