use super::client;
use super::knowledge::base;
use crate::stage::{on_both_stages, refusal};

#[test]
fn tags_are_added_and_replaced() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let arn = format!("arn:aws:bedrock:us-east-1:000000000000:knowledge-base/{}", base(&stage, "docs").await);
        client.tag_resource().resource_arn(&arn).tags("team", "shop").tags("stage", "dev").send().await.unwrap();
        client.tag_resource().resource_arn(&arn).tags("stage", "test").send().await.unwrap();
        let listed = client.list_tags_for_resource().resource_arn(&arn).send().await.unwrap();
        let mut tags: Vec<_> = listed.tags().unwrap().iter().map(|(key, value)| format!("{key}={value}")).collect();
        tags.sort();
        assert_eq!(tags, ["stage=test", "team=shop"]);
        for (key, value, code, expected) in [
            ("aws:x", "", "ValidationException", "aws: prefixed"),
            ("a|b", "", "ValidationException", "Value 'a|b' at 'tags'"),
            ("a", &"x".repeat(257), "ValidationException", "Member must have length less than or equal to 256"),
        ] {
            let refused = refusal(client.tag_resource().resource_arn(&arn).tags(key, value).send().await);
            assert_eq!(refused.0, code);
            assert!(refused.1.contains(expected), "{}", refused.1);
        }
        let nobody = "arn:aws:bedrock:us-east-1:000000000000:knowledge-base/ABCDEFGHIJ";
        let refused = client.tag_resource().resource_arn(nobody).tags("a", "b").send().await;
        assert_eq!(refusal(refused).0, "ResourceNotFoundException");
    });
}
