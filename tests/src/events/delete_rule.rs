use super::{client, not_found, put_rule, put_target, stream, validation};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn a_rule_with_targets_stays() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        put_target(&events, "all", stream("orders")).await;
        let deleted = events.delete_rule().name("all").send().await;
        assert_eq!(refusal(deleted), validation("Rule can't be deleted since it has targets."));
        events.remove_targets().rule("all").ids("orders").send().await.unwrap();
        events.delete_rule().name("all").send().await.unwrap();
        let described = events.describe_rule().name("all").send().await;
        assert_eq!(refusal(described), not_found("Rule all does not exist on EventBus default."));
    });
}

// Behaviour

#[test]
fn deleting_what_is_not_there_succeeds_where_the_bus_is() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        events.delete_rule().name("all").force(true).send().await.unwrap();
        let deleted = events.delete_rule().name("all").event_bus_name("orders").send().await;
        assert_eq!(refusal(deleted), not_found("Event bus orders does not exist."));
    });
}
