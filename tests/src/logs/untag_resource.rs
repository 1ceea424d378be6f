use super::{client, create_group, group_arn, map, no_group, tags};
use crate::stage::{on_both_stages, refusal};

#[test]
fn tags_are_removed_by_key() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        logs.tag_resource().resource_arn(group_arn("shop")).tags("a", "1").tags("b", "2").send().await.unwrap();
        let untag =
            |group: &str| logs.untag_resource().resource_arn(group_arn(group)).tag_keys("a").tag_keys("c").send();
        untag("shop").await.unwrap();
        assert_eq!(tags(&logs, "shop").await, map(&[("b", "2")]));
        assert_eq!(refusal(untag("job").await), no_group());
    });
}
