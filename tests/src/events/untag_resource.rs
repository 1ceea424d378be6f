use aws_sdk_eventbridge::types::Tag;

use super::{PATTERN, client};
use crate::stage::on_both_stages;

#[test]
fn tags_are_removed_by_their_keys_and_others_are_passed_over() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let tag = |key: &str| Tag::builder().key(key).value("v").build().unwrap();
        let put = events.put_rule().name("all").event_pattern(PATTERN).tags(tag("a")).tags(tag("b"));
        let arn = put.send().await.unwrap().rule_arn.unwrap();
        events.untag_resource().resource_arn(&arn).tag_keys("a").tag_keys("none").send().await.unwrap();
        let left = events.list_tags_for_resource().resource_arn(&arn).send().await.unwrap();
        assert_eq!(left.tags().iter().map(Tag::key).collect::<Vec<_>>(), ["b"]);
    });
}
