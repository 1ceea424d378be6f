#![expect(deprecated, reason = "AWS still has the older operations for tags")]

use super::{client, create_group, invalid, map, no_group, tags};
use crate::stage::{on_both_stages, refusal};

#[test]
fn tags_are_added_and_replaced() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        let tag = |key: &str, value: &str| logs.tag_log_group().log_group_name("shop").tags(key, value).send();
        tag("team", "a").await.unwrap();
        tag("team", "b").await.unwrap();
        tag("stage", "test").await.unwrap();
        assert_eq!(tags(&logs, "shop").await, map(&[("stage", "test"), ("team", "b")]));
        let lost = logs.tag_log_group().log_group_name("job").tags("a", "b").send().await;
        assert_eq!(refusal(lost), no_group());
    });
}

#[test]
fn there_are_50_at_most() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        let many = (0..50).map(|number| (format!("k{number}"), "v".to_owned())).collect();
        logs.tag_log_group().log_group_name("shop").set_tags(Some(many)).send().await.unwrap();
        logs.tag_log_group().log_group_name("shop").tags("k0", "w").send().await.unwrap();
        let more = logs.tag_log_group().log_group_name("shop").tags("new", "v").send().await;
        assert_eq!(refusal(more), invalid("A resource can have no more than 50 tags."));
        assert_eq!(tags(&logs, "shop").await.len(), 50);
    });
}
