use aws_sdk_eventbridge::types::{KinesisParameters, Target};

use super::{ROLE, client, not_found, put_rule, put_target, stream, stream_arn};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn targets_are_listed_as_they_were_put() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let parameters = KinesisParameters::builder().partition_key_path("$.detail.user").build().unwrap();
        let target = Target::builder().id("orders").arn(stream_arn("orders")).role_arn(ROLE);
        let target = target.input_path("$.detail").kinesis_parameters(parameters).build().unwrap();
        put_target(&events, "all", target.clone()).await;
        assert_eq!(events.list_targets_by_rule().rule("all").send().await.unwrap().targets(), [target]);
    });
}

// Validation

#[test]
fn the_rule_must_be_there() {
    on_both_stages(async |stage| {
        let listed = client(&stage).list_targets_by_rule().rule("all").send().await;
        assert_eq!(refusal(listed), not_found("Rule all does not exist on EventBus default."));
    });
}

// Behaviour

#[test]
fn targets_come_in_pages_by_id() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        for id in ["c", "a", "b"] {
            put_target(&events, "all", stream(id)).await;
        }
        let list = || events.list_targets_by_rule().rule("all").limit(2);
        let first = list().send().await.unwrap();
        let second = list().next_token(first.next_token().unwrap()).send().await.unwrap();
        let ids: Vec<_> = first.targets().iter().chain(second.targets()).map(Target::id).collect();
        assert_eq!((ids, second.next_token()), (vec!["a", "b", "c"], None));
    });
}
