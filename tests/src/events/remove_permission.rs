use super::{client, create_bus, not_found, validation};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn what_is_not_permitted_cannot_be_taken_away() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let remove = || events.remove_permission().event_bus_name("orders");
        assert_eq!(refusal(remove().send().await), validation("Parameter StatementId must be specified."));
        let none = remove().statement_id("friend").send().await;
        assert_eq!(refusal(none), not_found("EventBus does not have a policy."));
        let elsewhere = remove().event_bus_name("others").statement_id("friend").send().await;
        assert_eq!(refusal(elsewhere), not_found("Event bus others does not exist."));
        let put = events.put_permission().event_bus_name("orders").action("events:PutEvents").principal("*");
        put.statement_id("all").send().await.unwrap();
        let other = remove().statement_id("friend").send().await;
        assert_eq!(refusal(other), not_found("Statement with the provided id does not exist."));
    });
}

// Behaviour

#[test]
fn permissions_go_one_by_one_or_all_at_once() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        for id in ["a", "b", "c"] {
            let put = events.put_permission().event_bus_name("orders").action("events:PutEvents").principal("*");
            put.statement_id(id).send().await.unwrap();
        }
        let policy = async || events.describe_event_bus().name("orders").send().await.unwrap().policy;
        events.remove_permission().event_bus_name("orders").statement_id("b").send().await.unwrap();
        let left = policy().await.unwrap();
        assert!(left.contains(r#""Sid":"a""#) && !left.contains(r#""Sid":"b""#), "{left}");
        events.remove_permission().event_bus_name("orders").remove_all_permissions(true).send().await.unwrap();
        assert_eq!(policy().await, None);
    });
}
