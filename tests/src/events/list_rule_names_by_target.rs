use super::{client, not_found, put_rule, put_target, stream, stream_arn};
use crate::stage::{on_both_stages, refusal};

#[test]
fn rules_are_found_by_their_target_in_pages() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for (rule, target) in [("c", "orders"), ("a", "orders"), ("b", "others"), ("d", "orders")] {
            put_rule(&events, rule).await;
            put_target(&events, rule, stream(target)).await;
        }
        let list = || events.list_rule_names_by_target().target_arn(stream_arn("orders")).limit(2);
        let first = list().send().await.unwrap();
        assert_eq!(first.rule_names(), ["a", "c"]);
        let second = list().set_next_token(first.next_token).send().await.unwrap();
        assert_eq!((second.rule_names(), second.next_token()), (&["d".to_owned()][..], None));
        let none = events.list_rule_names_by_target().target_arn("arn:aws:sqs:us-east-1:000000000000:q").send().await;
        assert!(none.unwrap().rule_names().is_empty());
    });
}

#[test]
fn the_bus_must_be_there() {
    on_both_stages(async |stage| {
        let listed = client(&stage).list_rule_names_by_target().target_arn("arn").event_bus_name("orders").send().await;
        assert_eq!(refusal(listed), not_found("Event bus orders does not exist."));
    });
}
