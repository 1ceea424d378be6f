use super::{client, create_group, no_group, violation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn only_some_days_are_allowed() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        let put = |days: i32| logs.put_retention_policy().log_group_name("shop").retention_in_days(days).send();
        let days =
            "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";
        for wrong in [0, 2, -1, 3654] {
            let constraint = format!("satisfy enum value set: [{days}]");
            assert_eq!(refusal(put(wrong).await), violation("retentionInDays", &wrong.to_string(), &constraint));
        }
        for days in days.split(", ") {
            put(days.parse().unwrap()).await.unwrap();
        }
        let described = logs.describe_log_groups().send().await.unwrap();
        assert_eq!(described.log_groups()[0].retention_in_days(), Some(3653));
        let lost = logs.put_retention_policy().log_group_name("job").retention_in_days(1).send().await;
        assert_eq!(refusal(lost), no_group());
    });
}
