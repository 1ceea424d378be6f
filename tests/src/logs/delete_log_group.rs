use super::{client, no_group, now, put, violation, with_stream};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_group_goes_with_all_that_is_in_it() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        put(&logs, "shop", "web", &[(now(&stage), "hello")]).await;
        logs.put_retention_policy().log_group_name("shop").retention_in_days(1).send().await.unwrap();
        logs.delete_log_group().log_group_name("shop").send().await.unwrap();
        assert_eq!(refusal(logs.delete_log_group().log_group_name("shop").send().await), no_group());
        assert!(logs.describe_log_groups().send().await.unwrap().log_groups().is_empty());
        let logs = with_stream(&stage, "shop", "web").await;
        let read = logs.get_log_events().log_group_name("shop").log_stream_name("web").send().await.unwrap();
        assert!(read.events().is_empty());
    });
}

#[test]
fn its_name_is_checked() {
    on_both_stages(async |stage| {
        let deleted = client(&stage).delete_log_group().log_group_name("a:b").send().await;
        let pattern = r"satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+";
        assert_eq!(refusal(deleted), violation("logGroupName", "a:b", pattern));
    });
}
