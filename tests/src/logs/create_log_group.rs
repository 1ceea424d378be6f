use aws_sdk_cloudwatchlogs::types::LogGroupClass;

use super::{client, create_group, invalid, map, not_implemented, tags, violation};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn names_are_checked() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        let long = "x".repeat(513);
        for (name, expected) in [
            ("", violation("logGroupName", "", "have length greater than or equal to 1")),
            (long.as_str(), violation("logGroupName", &long, "have length less than or equal to 512")),
            ("a b", violation("logGroupName", "a b", r"satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+")),
            ("aws/shop", invalid("Log groups starting with AWS/ are reserved for AWS.")),
            ("AWS/shop", invalid("Log groups starting with AWS/ are reserved for AWS.")),
        ] {
            assert_eq!(refusal(logs.create_log_group().log_group_name(name).send().await), expected, "{name}");
        }
        for name in ["x", "/aws/lambda/f", "a.b-c_d#1", &"x".repeat(512)] {
            create_group(&logs, name).await;
        }
    });
}

#[test]
fn tags_are_checked() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        let create = |key: &str, value: &str| logs.create_log_group().log_group_name("g").tags(key, value).send();
        for (key, value, start) in [
            (
                "",
                "v",
                "1 validation error detected: Value '{=v}' at 'tags' failed to satisfy constraint: Map keys must",
            ),
            (
                "a?",
                "v",
                "1 validation error detected: Value '{a?=v}' at 'tags' failed to satisfy constraint: Map keys must",
            ),
            (
                "a",
                "v\n",
                "1 validation error detected: Value '{a=v\n}' at 'tags' failed to satisfy constraint: Map value must",
            ),
            ("aws:a", "v", "aws: prefixed tag key names are not allowed for external use."),
        ] {
            let (code, message) = refusal(create(key, value).await);
            assert_eq!(code, "InvalidParameterException");
            assert!(message.starts_with(start), "{message}");
        }
        create("größe 1", "").await.unwrap();
        assert_eq!(tags(&logs, "g").await, map(&[("größe 1", "")]));
    });
}

// Behaviour

#[test]
fn a_name_is_free_once() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        let again = logs.create_log_group().log_group_name("shop").send().await;
        let expected = ("ResourceAlreadyExistsException", "The specified log group already exists");
        assert_eq!(refusal(again), (expected.0.to_owned(), expected.1.to_owned()));
    });
}

#[test]
fn the_class_is_kept_and_what_is_not_here_is_refused() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        let rare = logs.create_log_group().log_group_name("rare").log_group_class(LogGroupClass::InfrequentAccess);
        rare.send().await.unwrap();
        let described = logs.describe_log_groups().send().await.unwrap();
        assert_eq!(described.log_groups()[0].log_group_class(), Some(&LogGroupClass::InfrequentAccess));
        let key = logs.create_log_group().log_group_name("g").kms_key_id("arn:aws:kms:us-east-1:0:key/k").send().await;
        assert_eq!(refusal(key), not_implemented("kmsKeyId of logs CreateLogGroup"));
        let create = logs.create_log_group().log_group_name("g");
        let safe = create.clone().deletion_protection_enabled(true).send().await;
        assert_eq!(refusal(safe), not_implemented("deletionProtectionEnabled of logs CreateLogGroup"));
        create.deletion_protection_enabled(false).send().await.unwrap();
    });
}
