use aws_sdk_scheduler::types::Tag;

use super::{client, not_found};
use crate::stage::{on_both_stages, refusal};

const ARN: &str = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/reports";

#[test]
fn tags_are_removed_by_their_keys_one_or_several() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let tag = |key: &str| Tag::builder().key(key).value("x").build().unwrap();
        let tags = ["a", "b&c=d", "e", "f"].map(tag).to_vec();
        scheduler.create_schedule_group().name("reports").set_tags(Some(tags)).send().await.unwrap();
        scheduler.untag_resource().resource_arn(ARN).tag_keys("b&c=d").send().await.unwrap();
        scheduler.untag_resource().resource_arn(ARN).tag_keys("a").tag_keys("f").tag_keys("z").send().await.unwrap();
        let left = scheduler.list_tags_for_resource().resource_arn(ARN).send().await.unwrap();
        assert_eq!(left.tags(), [tag("e")]);
    });
}

#[test]
fn the_group_must_be_there() {
    on_both_stages(async |stage| {
        let refused = client(&stage).untag_resource().resource_arn(ARN).tag_keys("a").send().await;
        assert_eq!(refusal(refused), not_found("Schedule group reports does not exist."));
    });
}
