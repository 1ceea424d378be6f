use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::Tag;

use super::{PATTERN, client, create_bus, not_found, put_rule, validation};
use crate::stage::{on_both_stages, refusal};

const RULE: &str = "arn:aws:events:us-east-1:000000000000:rule/all";
const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/orders";

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

async fn tags(events: &Client, arn: &str) -> Vec<(String, String)> {
    let listed = events.list_tags_for_resource().resource_arn(arn).send().await.unwrap();
    listed.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

// Validation

#[test]
fn what_is_not_there_cannot_be_tagged() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for (arn, error) in [
            (RULE, not_found("Rule all does not exist on EventBus default.")),
            (BUS, not_found("Event bus orders does not exist.")),
            ("orders", validation("Parameter orders is not valid. Reason: Provided Arn is not in correct format.")),
        ] {
            let put = events.tag_resource().resource_arn(arn).tags(tag("a", "b")).send().await;
            assert_eq!(refusal(put), error);
            let listed = events.list_tags_for_resource().resource_arn(arn).send().await;
            assert_eq!(refusal(listed), error);
            let removed = events.untag_resource().resource_arn(arn).tag_keys("a").send().await;
            assert_eq!(refusal(removed), error);
        }
    });
}

#[test]
fn tags_are_checked_by_their_place() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let put = events.tag_resource().resource_arn(RULE).tags(tag("a", "b")).tags(tag("", &"x".repeat(257)));
        let message = format!(
            "2 validation errors detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must \
             have length greater than or equal to 1; Value '{}' at 'tags.2.member.value' failed to satisfy constraint: \
             Member must have length less than or equal to 256",
            "x".repeat(257)
        );
        assert_eq!(refusal(put.send().await), validation(&message));
    });
}

#[test]
fn a_resource_has_up_to_50_tags_or_none_of_the_new_ones() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let some = |numbers: std::ops::Range<u32>| Some(numbers.map(|number| tag(&number.to_string(), "v")).collect());
        events.tag_resource().resource_arn(RULE).set_tags(some(0..50)).send().await.unwrap();
        let put = events.tag_resource().resource_arn(RULE).set_tags(some(49..51)).send().await;
        assert_eq!(refusal(put), validation("A resource cannot have more than 50 tags."));
        assert_eq!(tags(&events, RULE).await.len(), 50);
    });
}

// Behaviour

#[test]
fn rules_and_buses_have_tags_from_the_start_and_later() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        events.create_event_bus().name("orders").tags(tag("team", "shop")).send().await.unwrap();
        let put = events.put_rule().name("all").event_pattern(PATTERN).tags(tag("team", "shop"));
        put.clone().send().await.unwrap();
        for arn in [BUS, RULE] {
            assert_eq!(tags(&events, arn).await, pairs(&[("team", "shop")]), "{arn}");
            let more = events.tag_resource().resource_arn(arn).tags(tag("env", "test")).tags(tag("team", "zoo"));
            more.send().await.unwrap();
            assert_eq!(tags(&events, arn).await, pairs(&[("team", "zoo"), ("env", "test")]), "{arn}");
        }
        // Tags are for new rules.
        put.send().await.unwrap();
        assert_eq!(tags(&events, RULE).await, pairs(&[("team", "zoo"), ("env", "test")]));
    });
}

#[test]
fn a_rule_of_another_bus_is_named_with_it() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let put = events.put_rule().name("all").event_bus_name("orders").event_pattern(PATTERN);
        let arn = put.send().await.unwrap().rule_arn.unwrap();
        events.tag_resource().resource_arn(&arn).tags(tag("a", "b")).send().await.unwrap();
        assert_eq!(tags(&events, &arn).await, pairs(&[("a", "b")]));
    });
}
