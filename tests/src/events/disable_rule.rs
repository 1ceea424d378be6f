use aws_sdk_eventbridge::types::RuleState;

use super::{client, not_found, put_rule};
use crate::stage::{on_both_stages, refusal};

// Behaviour

#[test]
fn the_state_changes_and_stays_when_asked_twice() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;

        for _ in 0..2 {
            events.disable_rule().name("all").send().await.unwrap();
            let described = events.describe_rule().name("all").send().await.unwrap();
            assert_eq!(described.state(), Some(&RuleState::Disabled));
        }
    });
}

#[test]
fn the_rule_must_be_there() {
    on_both_stages(async |stage| {
        let changed = client(&stage).disable_rule().name("all").send().await;
        assert_eq!(refusal(changed), not_found("Rule all does not exist on EventBus default."));
    });
}
