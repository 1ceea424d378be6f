use aws_sdk_cloudwatchlogs::types::{Entity, InputLogEvent};

use super::{DAY_MILLIS, event, invalid, no_group, no_stream, now, put, read, with_stream};
use crate::raw::post_json;
use crate::stage::{Stage, on_both_stages, refusal};

const MIB: usize = 1 << 20;

async fn refused(stage: &Stage, logs: &aws_sdk_cloudwatchlogs::Client, events: Vec<InputLogEvent>) -> (String, String) {
    let put = logs.put_log_events().log_group_name("shop").log_stream_name("web").set_log_events(Some(events));
    let refused = refusal(put.send().await);
    let read = logs.get_log_events().log_group_name("shop").log_stream_name("web").send().await.unwrap();
    assert!(read.events().is_empty(), "nothing of it is taken, at {}", now(stage));
    refused
}

// Validation

#[test]
fn members_are_checked_by_their_place() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        let events = vec![event(time, "x"), event(time, ""), event(-1, "x")];
        let message = "2 validation errors detected: Value '' at 'logEvents.2.member.message' failed to satisfy constraint: \
                       Member must have length greater than or equal to 1; Value '-1' at 'logEvents.3.member.timestamp' \
                       failed to satisfy constraint: Member must have value greater than or equal to 0";
        assert_eq!(refused(&stage, &logs, events).await, invalid(message));
        let none = "1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: Member must have \
                    length greater than or equal to 1";
        assert_eq!(refused(&stage, &logs, vec![]).await, invalid(none));
        let (code, message) = refused(&stage, &logs, vec![event(time, "x"); 10_001]).await;
        let end = "at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to 10000";
        assert!(code == "InvalidParameterException" && message.ends_with(end), "{code}: {message}");
        let body = r#"{"logGroupName":"shop","logStreamName":"web","logEvents":[{}]}"#;
        let (status, answer) = post_json(&stage.emulator, "Logs_20140328.PutLogEvents", body).await;
        assert_eq!(status, 400);
        let message = answer["message"].as_str().unwrap_or_default();
        assert!(message.contains("Value null at 'logEvents.1.member.timestamp'"), "{message}");
    });
}

#[test]
fn a_batch_has_10_000_events_and_1_mib() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        let too_large = refused(&stage, &logs, vec![event(time, &"x".repeat(MIB - 25))]).await;
        assert_eq!(too_large, invalid("Log event too large: 1048577 bytes exceeds limit of 1048576"));
        let half = "ü".repeat(MIB / 4);
        let both = refused(&stage, &logs, vec![event(time, &half), event(time, &half)]).await;
        assert_eq!(both, invalid("Upload too large: 1048628 bytes exceeds limit of 1048576"));
        put(&logs, "shop", "web", &[(time, &"x".repeat(MIB - 26))]).await;
        put(&logs, "shop", "web", &vec![(time, "x"); 10_000]).await;
    });
}

#[test]
fn a_batch_is_in_order_and_spans_a_day() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        let message = "Log events in a single PutLogEvents request must be in chronological order.";
        let events = vec![event(time, "a"), event(time - 1, "b")];
        assert_eq!(refused(&stage, &logs, events).await, invalid(message));
        let message = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.";
        let events = vec![event(time - DAY_MILLIS - 1, "a"), event(time, "b")];
        assert_eq!(refused(&stage, &logs, events).await, invalid(message));
        put(&logs, "shop", "web", &[(time - DAY_MILLIS, "a"), (time, "b")]).await;
    });
}

#[test]
fn group_and_stream_must_be_there() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        for (group, stream, expected) in [("job", "web", no_group()), ("shop", "job", no_stream())] {
            let put = logs.put_log_events().log_group_name(group).log_stream_name(stream);
            assert_eq!(refusal(put.log_events(event(now(&stage), "x")).send().await), expected);
        }
    });
}

// Behaviour

#[test]
fn events_too_old_too_new_or_past_retention_are_rejected_and_the_rest_is_taken() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        logs.put_retention_policy().log_group_name("shop").retention_in_days(3).send().await.unwrap();
        let time = now(&stage);
        let times = [-20, -15, -5, 0, 0, 1].map(|days| time + days * DAY_MILLIS);
        let events = ["a", "b", "c", "d", "e", "f"];
        let put = put(&logs, "shop", "web", &times.into_iter().zip(events).collect::<Vec<_>>()).await;
        let rejected = put.rejected_log_events_info().expect("some are");
        assert_eq!(rejected.too_old_log_event_end_index(), Some(2));
        assert_eq!(rejected.expired_log_event_end_index(), Some(3));
        assert_eq!(rejected.too_new_log_event_start_index(), Some(5));
        assert!(put.next_sequence_token().is_some());
        let page = logs.get_log_events().log_group_name("shop").log_stream_name("web").send().await.unwrap();
        assert_eq!(read(&page), ["d", "e"]);
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("PutLogEvents       shop:web  2 events, some rejected"), "{timeline}");
    });
}

#[test]
fn a_batch_may_be_rejected_whole() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let put = put(&logs, "shop", "web", &[(0, "a"), (1, "b")]).await;
        assert_eq!(put.rejected_log_events_info().and_then(|info| info.too_old_log_event_end_index()), Some(2));
        let page = logs.get_log_events().log_group_name("shop").log_stream_name("web").send().await.unwrap();
        assert!(page.events().is_empty());
    });
}

#[test]
fn sequence_tokens_are_answered_and_ignored() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        let put_with = |token: Option<String>| {
            let put = logs.put_log_events().log_group_name("shop").log_stream_name("web").log_events(event(time, "x"));
            put.set_sequence_token(token).send()
        };
        let first = put_with(None).await.unwrap().next_sequence_token.expect("there is always one");
        assert_eq!(first.len(), 56);
        let second = put_with(Some("wrong".to_owned())).await.unwrap().next_sequence_token;
        assert_ne!(second.expect("there is always one"), first);
        assert!(put_with(Some(first)).await.is_ok());
    });
}

#[test]
fn an_entity_may_be_rejected_and_the_events_taken() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        for (kind, expected) in [("Service", None), ("Shop", Some("InvalidTypeValue"))] {
            let entity = Entity::builder().key_attributes("Type", kind).key_attributes("Name", "shop").build();
            let put = logs.put_log_events().log_group_name("shop").log_stream_name("web").entity(entity);
            let put = put.log_events(event(now(&stage), kind)).send().await.unwrap();
            assert_eq!(put.rejected_entity_info().map(|info| info.error_type().as_str()), expected);
        }
        let page = logs.get_log_events().log_group_name("shop").log_stream_name("web").send().await.unwrap();
        assert_eq!(read(&page), ["Service", "Shop"]);
    });
}
