use super::{client, not_found, put_rule, put_target, stream, validation};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn ids_must_be_given() {
    on_both_stages(async |stage| {
        let message =
            "1 validation error detected: Value null at 'ids' failed to satisfy constraint: Member must not be null";
        assert_eq!(refusal(client(&stage).remove_targets().rule("all").send().await), validation(message));
    });
}

#[test]
fn the_rule_must_be_there() {
    on_both_stages(async |stage| {
        let removed = client(&stage).remove_targets().rule("all").ids("a").send().await;
        assert_eq!(refusal(removed), not_found("Rule all does not exist on EventBus default."));
    });
}

// Behaviour

#[test]
fn only_the_targets_named_go() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        put_target(&events, "all", stream("a")).await;
        put_target(&events, "all", stream("b")).await;
        let removed = events.remove_targets().rule("all").ids("a").ids("never").send().await.unwrap();
        assert_eq!((removed.failed_entry_count(), removed.failed_entries().len()), (0, 0));
        let listed = events.list_targets_by_rule().rule("all").send().await.unwrap();
        assert_eq!(listed.targets().len(), 1);
        assert_eq!(listed.targets()[0].id(), "b");
    });
}
