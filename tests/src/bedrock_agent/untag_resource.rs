use super::client;
use super::knowledge::base;
use crate::stage::on_both_stages;

#[test]
fn tags_go_one_or_several_at_a_time() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let arn = format!("arn:aws:bedrock:us-east-1:000000000000:knowledge-base/{}", base(&stage, "docs").await);
        let tagged = client.tag_resource().resource_arn(&arn).tags("a", "1").tags("b", "2").tags("c", "3");
        tagged.tags("d", "4").send().await.unwrap();
        client.untag_resource().resource_arn(&arn).tag_keys("a").send().await.unwrap();
        client.untag_resource().resource_arn(&arn).tag_keys("b").tag_keys("c").tag_keys("x").send().await.unwrap();
        let listed = client.list_tags_for_resource().resource_arn(&arn).send().await.unwrap();
        assert_eq!(listed.tags().unwrap().keys().collect::<Vec<_>>(), ["d"]);
    });
}
