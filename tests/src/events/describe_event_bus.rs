use super::{client, create_bus, not_found, validation};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn the_default_bus_is_always_there() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let described = events.describe_event_bus().send().await.unwrap();
        assert_eq!(described.name(), Some("default"));
        assert_eq!(described.arn(), Some("arn:aws:events:us-east-1:000000000000:event-bus/default"));
        assert_eq!(described.policy(), None);
    });
}

#[test]
fn a_bus_is_described_by_name_and_by_arn() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let created = events.create_event_bus().name("orders").description("of the shop").send().await.unwrap();
        for name in ["orders", created.event_bus_arn().unwrap()] {
            let described = events.describe_event_bus().name(name).send().await.unwrap();
            assert_eq!(described.name(), Some("orders"));
            assert_eq!(described.description(), Some("of the shop"));
            assert!(described.creation_time().is_some());
            assert_eq!(described.creation_time(), described.last_modified_time());
        }
    });
}

// Validation

#[test]
fn a_name_must_be_a_name_or_an_arn() {
    on_both_stages(async |stage| {
        let message = r"1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/\.\-_A-Za-z0-9]+";
        assert_eq!(refusal(client(&stage).describe_event_bus().name("a b").send().await), validation(message));
    });
}

// Behaviour

#[test]
fn a_bus_that_is_not_here_is_not_found() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let elsewhere = "arn:aws:events:eu-west-1:000000000000:event-bus/orders";
        for (name, shown) in [("other", "other"), (elsewhere, "orders")] {
            let described = events.describe_event_bus().name(name).send().await;
            assert_eq!(refusal(described), not_found(&format!("Event bus {shown} does not exist.")));
        }
    });
}
