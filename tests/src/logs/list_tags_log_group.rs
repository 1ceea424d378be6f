#![expect(deprecated, reason = "AWS still has the older operations for tags")]

use super::{client, create_group, no_group};
use crate::stage::{on_both_stages, refusal};

#[test]
fn the_older_operation_lists_the_same_tags() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        let list = |group: &str| logs.list_tags_log_group().log_group_name(group).send();
        assert!(list("shop").await.unwrap().tags.expect("there is always a map").is_empty());
        logs.tag_log_group().log_group_name("shop").tags("a", "1").send().await.unwrap();
        let tags = list("shop").await.unwrap().tags.expect("there is always a map");
        assert_eq!(tags.get("a").map(String::as_str), Some("1"));
        assert_eq!(refusal(list("job").await), no_group());
    });
}
