use super::{client, create_group, group_arn, invalid, not_implemented, now, put, violation, with_stream};
use crate::raw::post_json;
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn a_group_says_what_it_holds() {
    on_both_stages(async |stage| {
        let created = now(&stage);
        let logs = with_stream(&stage, "/shop/web", "a").await;
        let bare = logs.describe_log_groups().send().await.unwrap();
        let group = &bare.log_groups()[0];
        assert_eq!((group.stored_bytes(), group.retention_in_days()), (Some(0), None));
        put(&logs, "/shop/web", "a", &[(created, "héllo"), (created, "x")]).await;
        logs.put_retention_policy().log_group_name("/shop/web").retention_in_days(7).send().await.unwrap();
        let described = logs.describe_log_groups().send().await.unwrap();
        let [group] = described.log_groups() else { panic!("{described:?}") };
        assert_eq!(group.log_group_name(), Some("/shop/web"));
        assert_eq!(group.arn(), Some(format!("{}:*", group_arn("/shop/web")).as_str()));
        assert_eq!(group.log_group_arn(), Some(group_arn("/shop/web").as_str()));
        assert_eq!(group.stored_bytes(), Some(6 + 1 + 2 * 26));
        assert_eq!(group.retention_in_days(), Some(7));
        assert_eq!(group.metric_filter_count(), Some(0));
        assert_eq!(group.log_group_class().map(|class| class.as_str()), Some("STANDARD"));
        assert!((created..=now(&stage)).contains(&group.creation_time().expect("it is required")));
    });
}

#[test]
fn a_search_by_pattern_answers_three_members() {
    on_both_stages(async |stage| {
        create_group(&client(&stage), "shop").await;
        let (_, answer) =
            post_json(&stage.emulator, "Logs_20140328.DescribeLogGroups", r#"{"logGroupNamePattern":"ho"}"#).await;
        let members: Vec<_> = answer["logGroups"][0].as_object().expect("a group").keys().map(String::as_str).collect();
        let mut sorted = members;
        sorted.sort_unstable();
        assert_eq!(sorted, ["arn", "creationTime", "logGroupName"]);
        assert_eq!(answer["nextToken"], serde_json::Value::Null);
    });
}

// Validation

#[test]
fn filters_limits_and_tokens_are_checked() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        let list = || logs.describe_log_groups();
        let zero = refusal(list().limit(0).send().await);
        assert_eq!(zero, violation("limit", "0", "have value greater than or equal to 1"));
        let many = refusal(list().limit(51).send().await);
        assert_eq!(many, violation("limit", "51", "have value less than or equal to 50"));
        let both = refusal(list().log_group_name_prefix("a").log_group_name_pattern("b").send().await);
        let message = "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.";
        assert_eq!(both, invalid(message));
        let empty = refusal(list().next_token("").send().await);
        assert_eq!(empty, violation("nextToken", "", "have length greater than or equal to 1"));
        let forged = refusal(list().next_token("no group?").send().await);
        assert_eq!(forged, invalid("The specified nextToken is invalid."));
        let linked = refusal(list().include_linked_accounts(true).send().await);
        assert_eq!(linked, not_implemented("includeLinkedAccounts of logs DescribeLogGroups"));
        let (code, _) = refusal(list().log_group_identifiers("a").log_group_name_prefix("a").send().await);
        assert_eq!(code, "InvalidParameterException");
    });
}

// Behaviour

#[test]
fn groups_are_listed_by_name_by_prefix_by_part_and_by_arn() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        for name in ["/web/b", "/web/a", "/job/Web", "/job/x"] {
            create_group(&logs, name).await;
        }
        let list = || logs.describe_log_groups();
        for (request, expected) in [
            (list(), vec!["/job/Web", "/job/x", "/web/a", "/web/b"]),
            (list().log_group_name_prefix("/web/"), vec!["/web/a", "/web/b"]),
            (list().log_group_name_prefix("web"), vec![]),
            (list().log_group_name_pattern("eb"), vec!["/job/Web", "/web/a", "/web/b"]),
            (list().log_group_name_pattern("web"), vec!["/web/a", "/web/b"]),
            (
                list().log_group_identifiers("/web/a").log_group_identifiers(group_arn("/job/x")),
                vec!["/job/x", "/web/a"],
            ),
            (list().log_group_class("DELIVERY".into()), vec![]),
        ] {
            let listed = request.send().await.unwrap();
            let names: Vec<_> = listed.log_groups().iter().map(|group| group.log_group_name().unwrap()).collect();
            assert_eq!(names, expected);
            assert_eq!(listed.next_token(), None);
        }
    });
}

#[test]
fn pages_follow_each_other() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        for number in 0..7 {
            create_group(&logs, &format!("g{number}")).await;
        }
        let first = logs.describe_log_groups().limit(3).send().await.unwrap();
        assert_eq!(first.next_token(), Some("g2"), "AWS's token is the last name");
        let pages = logs.describe_log_groups().limit(3).into_paginator().send().collect::<Result<Vec<_>, _>>().await;
        let counts: Vec<_> = pages.unwrap().iter().map(|page| page.log_groups().len()).collect();
        assert_eq!(counts, [3, 3, 1]);
    });
}
