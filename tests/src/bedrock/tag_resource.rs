use aws_sdk_bedrock::types::Tag;

use super::{control, new_guardrail, words};
use crate::stage::{on_both_stages, refusal};

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

#[test]
fn tags_come_change_and_go() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let made = new_guardrail(&control, "shop").word_policy_config(words(&["no"])).tags(tag("a", "1")).send().await;
        let arn = made.unwrap().guardrail_arn;
        control.tag_resource().resource_arn(&arn).tags(tag("a", "2")).tags(tag("b", "")).send().await.unwrap();
        let listed = || control.list_tags_for_resource().resource_arn(&arn).send();
        assert_eq!(listed().await.unwrap().tags(), [tag("a", "2"), tag("b", "")]);
        control.untag_resource().resource_arn(&arn).tag_keys("a").tag_keys("none").send().await.unwrap();
        assert_eq!(listed().await.unwrap().tags(), [tag("b", "")]);
        let many = (0..50).map(|number| tag(&format!("k{number}"), ""));
        let refused = control.tag_resource().resource_arn(&arn).set_tags(Some(many.collect())).send().await;
        assert_eq!(refusal(refused).0, "TooManyTagsException");
    });
}

#[test]
fn only_what_is_there_has_tags() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        for (arn, code) in [
            ("arn:aws:bedrock:us-east-1:000000000000:guardrail/none", "ResourceNotFoundException"),
            (
                "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-lite-v1:0",
                "ResourceNotFoundException",
            ),
            ("arn:aws:s3:::bucket-of-mine", "ValidationException"),
        ] {
            assert_eq!(refusal(control.list_tags_for_resource().resource_arn(arn).send().await).0, code, "{arn}");
            let tagged = control.tag_resource().resource_arn(arn).tags(tag("a", "1")).send().await;
            assert_eq!(refusal(tagged).0, code, "{arn}");
            let untagged = control.untag_resource().resource_arn(arn).tag_keys("a").send().await;
            assert_eq!(refusal(untagged).0, code, "{arn}");
        }
    });
}
