use super::{client, create_group, group_arn, map, no_group, tags};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_group_has_the_tags_it_was_made_with() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        logs.create_log_group().log_group_name("shop").tags("a", "1").send().await.unwrap();
        create_group(&logs, "job").await;
        assert_eq!(tags(&logs, "shop").await, map(&[("a", "1")]));
        assert_eq!(tags(&logs, "job").await, map(&[]));
        let lost = logs.list_tags_for_resource().resource_arn(group_arn("none")).send().await;
        assert_eq!(refusal(lost), no_group());
    });
}
