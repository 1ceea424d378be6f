use super::{client, create_bus, limit_exceeded, validation};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn a_bus_is_created_with_its_arn_and_description() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let created = events.create_event_bus().name("orders").description("of the shop").send().await.unwrap();
        assert_eq!(created.event_bus_arn(), Some("arn:aws:events:us-east-1:000000000000:event-bus/orders"));
        assert_eq!(created.description(), Some("of the shop"));
    });
}

// Validation

#[test]
fn the_name_is_checked_as_aws_checks_it() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for (name, message) in [
            (
                None,
                "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
            ),
            (
                Some("a b"),
                r"1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [/\.\-_A-Za-z0-9]+",
            ),
            (
                Some(""),
                "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
            ),
            (Some("a/b"), "Event bus name must not contain '/'."),
        ] {
            let created = events.create_event_bus().set_name(name.map(str::to_owned)).send().await;
            assert_eq!(refusal(created), validation(message));
        }
    });
}

// Behaviour

#[test]
fn settings_are_kept_and_given_back() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let created = events.create_event_bus().name("orders").kms_key_identifier("alias/k").send().await.unwrap();
        assert_eq!(created.kms_key_identifier(), Some("alias/k"));
        let described = events.describe_event_bus().name("orders").send().await.unwrap();
        assert_eq!(described.kms_key_identifier(), Some("alias/k"));
    });
}

#[test]
fn a_name_can_be_taken_once() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        for name in ["orders", "default"] {
            let (code, message) = refusal(events.create_event_bus().name(name).send().await);
            assert_eq!(
                (code.as_str(), message),
                ("ResourceAlreadyExistsException", format!("Event bus {name} already exists."))
            );
        }
    });
}

#[test]
fn an_account_has_up_to_100_buses() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for number in 1..100 {
            create_bus(&events, &format!("bus-{number}")).await;
        }
        assert_eq!(refusal(events.create_event_bus().name("one-more").send().await), limit_exceeded());
    });
}
