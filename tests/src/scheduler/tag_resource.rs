use aws_sdk_scheduler::types::Tag;

use super::{client, create_group, not_found};
use crate::stage::{on_both_stages, refusal};

const ARN: &str = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/reports";

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

#[test]
fn tags_are_added_and_replaced() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        create_group(&scheduler, "reports").await;
        let first = scheduler.tag_resource().resource_arn(ARN).tags(tag("team", "shop")).tags(tag("a b", "ü"));
        first.send().await.unwrap();
        scheduler.tag_resource().resource_arn(ARN).tags(tag("team", "data")).send().await.unwrap();
        let tags = scheduler.list_tags_for_resource().resource_arn(ARN).send().await.unwrap();
        assert_eq!(tags.tags(), [tag("a b", "ü"), tag("team", "data")]);
    });
}

#[test]
fn what_cannot_be_tagged_is_refused() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let refused = scheduler.tag_resource().resource_arn(ARN).tags(tag("team", "shop")).send().await;
        assert_eq!(refusal(refused), not_found("Schedule group reports does not exist."));
        create_group(&scheduler, "reports").await;
        let refused = scheduler.tag_resource().resource_arn(ARN).tags(tag("aws:team", "shop")).send().await;
        assert_eq!(refusal(refused).0, "ValidationException");
        let many = (0..51).map(|number| tag(&number.to_string(), "x")).collect();
        let refused = scheduler.tag_resource().resource_arn(ARN).set_tags(Some(many)).send().await;
        assert_eq!(refusal(refused).0, "ValidationException");
        let tags = scheduler.list_tags_for_resource().resource_arn(ARN).send().await.unwrap();
        assert_eq!(tags.tags(), []);
    });
}
