#![expect(deprecated, reason = "AWS still has the older operations for tags")]

use super::{client, create_group, map, no_group, tags, violation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn tags_are_removed_by_key() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        logs.tag_log_group().log_group_name("shop").tags("a", "1").tags("b", "2").send().await.unwrap();
        let untag = |group: &str| logs.untag_log_group().log_group_name(group);
        untag("shop").tags("a").tags("none").send().await.unwrap();
        assert_eq!(tags(&logs, "shop").await, map(&[("b", "2")]));
        assert_eq!(refusal(untag("job").tags("a").send().await), no_group());
        let none = refusal(untag("shop").set_tags(Some(vec![])).send().await);
        assert_eq!(none, violation("tags", "[]", "have length greater than or equal to 1"));
    });
}
