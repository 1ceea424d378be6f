use super::{PATTERN, client, create_bus, validation};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn the_default_bus_stays() {
    on_both_stages(async |stage| {
        let deleted = client(&stage).delete_event_bus().name("default").send().await;
        assert_eq!(refusal(deleted), validation("Cannot delete event bus default."));
    });
}

#[test]
fn a_name_must_be_given() {
    on_both_stages(async |stage| {
        let message =
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null";
        assert_eq!(refusal(client(&stage).delete_event_bus().send().await), validation(message));
    });
}

// Behaviour

#[test]
fn a_bus_goes_once_its_rules_are_gone() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        events.put_rule().name("all").event_bus_name("orders").event_pattern(PATTERN).send().await.unwrap();
        let deleted = events.delete_event_bus().name("orders").send().await;
        assert_eq!(refusal(deleted), validation("EventBus can't be deleted since it has rules."));
        events.delete_rule().name("all").event_bus_name("orders").send().await.unwrap();
        events.delete_event_bus().name("orders").send().await.unwrap();
        assert_eq!(events.list_event_buses().send().await.unwrap().event_buses().len(), 1);
    });
}

#[test]
fn deleting_what_is_not_there_succeeds() {
    on_both_stages(async |stage| {
        client(&stage).delete_event_bus().name("orders").send().await.unwrap();
    });
}
