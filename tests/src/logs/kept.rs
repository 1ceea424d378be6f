//! What is kept of log groups: all of it, at every moment, and read back as it was.

use std::time::Duration;

use serde_json::{Value, json};

use super::{client, create_group, create_stream, found, group_arn, now, put};
use crate::journal::Journal;
use crate::raw::post_json;
use crate::stage::{Stage, in_virtual_time};

const GROUP: &str = "/shop/orders";
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

async fn ask(stage: &Stage, operation: &str, input: &Value) -> (u16, Value) {
    post_json(&stage.emulator, &format!("Logs_20140328.{operation}"), input.to_string()).await
}

/// A change at a moment, and the time that passes behind it.
type Change = (&'static str, fn(i64) -> Value, Duration);

/// One of everything that changes groups.
const CHANGES: &[Change] = &[
    (
        "CreateLogGroup",
        |_| json!({"logGroupName": GROUP, "logGroupClass": "INFREQUENT_ACCESS", "tags": {"a": "1"}}),
        Duration::ZERO,
    ),
    ("CreateLogStream", |_| json!({"logGroupName": GROUP, "logStreamName": "s/1"}), Duration::ZERO),
    ("CreateLogStream", |_| json!({"logGroupName": GROUP, "logStreamName": "s,2"}), HOUR),
    (
        "PutLogEvents",
        |now| {
            let event = |millis: i64, message: &str| json!({"timestamp": millis, "message": message});
            let events = [event(now - 7_000_000, "one"), event(now, "\"two\"\n"), event(now, "три")];
            json!({"logGroupName": GROUP, "logStreamName": "s/1", "logEvents": events})
        },
        Duration::from_millis(1),
    ),
    // Its events come between those that are there.
    (
        "PutLogEvents",
        |now| {
            let events = json!([{"timestamp": now - 5_000_000, "message": "four"}]);
            json!({"logGroupName": GROUP, "logStreamName": "s/1", "logEvents": events})
        },
        HOUR,
    ),
    ("PutRetentionPolicy", |_| json!({"logGroupName": GROUP, "retentionInDays": 1}), HOUR),
    (
        "PutLogEvents",
        |now| {
            let events = json!([{"timestamp": now, "message": "five"}]);
            json!({"logGroupName": GROUP, "logStreamName": "s,2", "logEvents": events})
        },
        HOUR,
    ),
    ("TagLogGroup", |_| json!({"logGroupName": GROUP, "tags": {"b": "2"}}), Duration::ZERO),
    ("UntagResource", |_| json!({"resourceArn": group_arn(GROUP), "tagKeys": ["a"]}), Duration::ZERO),
    (
        "PutResourcePolicy",
        |_| json!({"policyName": "p", "policyDocument": r#"{"Statement":[]}"#}),
        DAY.saturating_sub(HOUR.saturating_mul(4)),
    ),
    ("DeleteLogStream", |_| json!({"logGroupName": GROUP, "logStreamName": "s,2"}), DAY),
    ("DeleteResourcePolicy", |_| json!({"policyName": "p"}), HOUR),
    (
        "PutLogEvents",
        |now| {
            let events = json!([{"timestamp": now, "message": "six"}]);
            json!({"logGroupName": GROUP, "logStreamName": "s/1", "logEvents": events})
        },
        HOUR,
    ),
    ("DeleteRetentionPolicy", |_| json!({"logGroupName": GROUP}), DAY.saturating_mul(2)),
    ("DeleteLogGroup", |_| json!({"logGroupName": GROUP}), Duration::ZERO),
    ("CreateLogGroup", |_| json!({"logGroupName": GROUP}), Duration::ZERO),
];

/// What a caller sees.
async fn seen(stage: &Stage) -> Vec<(u16, Value)> {
    let mut seen = Vec::new();
    for (operation, input) in [
        ("DescribeLogGroups", json!({})),
        ("DescribeLogStreams", json!({"logGroupName": GROUP})),
        ("FilterLogEvents", json!({"logGroupName": GROUP})),
        ("GetLogEvents", json!({"logGroupName": GROUP, "logStreamName": "s/1", "startFromHead": true})),
        ("DescribeResourcePolicies", json!({})),
        ("ListTagsForResource", json!({"resourceArn": group_arn(GROUP)})),
    ] {
        seen.push(ask(stage, operation, &input).await);
    }
    seen
}

#[test]
fn every_change_is_kept_and_read_back_and_what_is_due_happens_as_it_would_have() {
    in_virtual_time(|stage| async move {
        let journal = Journal::begin("logs", &stage);
        for (operation, input, passes) in CHANGES {
            let (status, answer) = ask(&stage, operation, &input(now(&stage))).await;
            assert_eq!(status, 200, "{operation}: {answer}");
            journal.check(&stage, operation);
            let (next, after) = journal.restarted(&stage, Duration::ZERO).await;
            assert_eq!(journal.held(&next), journal.held(&stage), "{operation}");
            assert_eq!(seen(&next).await, seen(&stage).await, "{operation}");
            stage.advance(*passes).await;
            next.advance(*passes).await;
            journal.check(&stage, operation);
            after.check(&next, operation);
            assert_eq!(journal.held(&next), journal.held(&stage), "{operation} and {passes:?}");
        }
    });
}

#[test]
fn ids_go_on_after_a_restart_and_what_is_too_old_by_then_is_gone() {
    in_virtual_time(|stage| async move {
        let journal = Journal::begin("logs", &stage);
        let before = client(&stage);
        create_group(&before, GROUP).await;
        create_stream(&before, GROUP, "s").await;
        before
            .put_retention_policy()
            .log_group_name(GROUP)
            .retention_in_days(1)
            .send()
            .await
            .expect("it is a retention");
        let moment = now(&stage);
        put(&before, GROUP, "s", &[(moment, "1"), (moment, "2")]).await;
        let (stage, journal) = journal.restarted(&stage, Duration::ZERO).await;
        let after = client(&stage);
        put(&after, GROUP, "s", &[(moment, "3")]).await;
        let page = after.filter_log_events().log_group_name(GROUP).send().await.expect("the group is there");
        assert_eq!(found(&page), ["1", "2", "3"], "in the order of their coming");
        let (stage, journal) = journal.restarted(&stage, DAY + HOUR).await;
        let page = client(&stage).filter_log_events().log_group_name(GROUP).send().await.expect("the group is there");
        assert!(found(&page).is_empty());
        assert!(!journal.held(&stage).keys().any(|path| path.contains("/event/")), "they were swept");
        journal.check(&stage, "at the end");
    });
}
