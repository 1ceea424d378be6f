use aws_sdk_eventbridge::types::RuleState;

use super::{PATTERN, ROLE, client, create_bus, not_found, validation};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn a_rule_is_described_as_it_was_put() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let put = events.put_rule().name("all").event_bus_name("orders").event_pattern(PATTERN);
        put.description("everything").role_arn(ROLE).send().await.unwrap();
        let described = events.describe_rule().name("all").event_bus_name("orders").send().await.unwrap();
        assert_eq!(described.name(), Some("all"));
        assert_eq!(described.arn(), Some("arn:aws:events:us-east-1:000000000000:rule/orders/all"));
        assert_eq!(described.event_pattern(), Some(PATTERN));
        assert_eq!(described.schedule_expression(), None);
        assert_eq!(described.state(), Some(&RuleState::Enabled));
        assert_eq!(described.description(), Some("everything"));
        assert_eq!(described.role_arn(), Some(ROLE));
        assert_eq!(described.event_bus_name(), Some("orders"));
        assert_eq!(described.created_by(), Some("000000000000"));
        assert_eq!(described.managed_by(), None);
    });
}

// Validation

#[test]
fn a_name_must_be_given() {
    on_both_stages(async |stage| {
        let message =
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null";
        assert_eq!(refusal(client(&stage).describe_rule().send().await), validation(message));
    });
}

// Behaviour

#[test]
fn rule_and_bus_must_be_there() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let described = events.describe_rule().name("all").send().await;
        assert_eq!(refusal(described), not_found("Rule all does not exist on EventBus default."));
        let described = events.describe_rule().name("all").event_bus_name("orders").send().await;
        assert_eq!(refusal(described), not_found("Event bus orders does not exist."));
    });
}
