use super::{client, create_group, no_group};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_group_without_a_policy_says_none() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        logs.put_retention_policy().log_group_name("shop").retention_in_days(1).send().await.unwrap();
        for _ in 0..2 {
            logs.delete_retention_policy().log_group_name("shop").send().await.unwrap();
        }
        let described = logs.describe_log_groups().send().await.unwrap();
        assert_eq!(described.log_groups()[0].retention_in_days(), None);
        assert_eq!(refusal(logs.delete_retention_policy().log_group_name("job").send().await), no_group());
    });
}
