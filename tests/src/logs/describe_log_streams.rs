use aws_sdk_cloudwatchlogs::types::OrderBy;

use super::{client, create_stream, group_arn, invalid, no_group, now, put, violation, with_stream};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn a_stream_says_what_it_has_seen() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let bare = logs.describe_log_streams().log_group_name("shop").send().await.unwrap();
        let stream = &bare.log_streams()[0];
        assert_eq!((stream.first_event_timestamp(), stream.upload_sequence_token()), (None, None));
        let time = now(&stage);
        let token = put(&logs, "shop", "web", &[(time - 1000, "a"), (time, "b")]).await.next_sequence_token;
        let described = logs.describe_log_streams().log_group_identifier(group_arn("shop")).send().await.unwrap();
        let [stream] = described.log_streams() else { panic!("{described:?}") };
        assert_eq!(stream.log_stream_name(), Some("web"));
        assert_eq!(stream.arn(), Some(format!("{}:log-stream:web", group_arn("shop")).as_str()));
        assert_eq!((stream.first_event_timestamp(), stream.last_event_timestamp()), (Some(time - 1000), Some(time)));
        assert!((time..=now(&stage)).contains(&stream.last_ingestion_time().expect("there was one")));
        assert_eq!(stream.upload_sequence_token(), token.as_deref());
        #[expect(deprecated, reason = "AWS goes on answering it")]
        let stored = stream.stored_bytes();
        assert_eq!(stored, Some(0));
    });
}

// Validation

#[test]
fn groups_orders_and_tokens_are_checked() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let list = || logs.describe_log_streams().log_group_name("shop");
        let mixed = list().order_by(OrderBy::LastEventTime).log_stream_name_prefix("w").send().await;
        assert_eq!(refusal(mixed), invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
        let order = refusal(list().order_by("Size".into()).send().await);
        assert_eq!(order, violation("orderBy", "Size", "satisfy enum value set: [LogStreamName, LastEventTime]"));
        let forged = refusal(list().next_token("x").send().await);
        assert_eq!(forged, invalid("The specified nextToken is invalid."));
        let both = refusal(list().log_group_identifier("shop").send().await);
        assert_eq!(both, invalid("LogGroup name and LogGroup ARN are mutually exclusive parameters."));
        let (code, _) = refusal(client(&stage).describe_log_streams().send().await);
        assert_eq!(code, "InvalidParameterException");
        assert_eq!(refusal(logs.describe_log_streams().log_group_name("job").send().await), no_group());
        let elsewhere = "arn:aws:logs:eu-west-1:000000000000:log-group:shop";
        assert_eq!(refusal(logs.describe_log_streams().log_group_identifier(elsewhere).send().await), no_group());
    });
}

// Behaviour

#[test]
fn streams_are_listed_by_name_or_by_their_newest_event_in_pages() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "b").await;
        for name in ["a1", "c", "a2"] {
            create_stream(&logs, "shop", name).await;
        }
        let time = now(&stage);
        put(&logs, "shop", "c", &[(time - 3000, "x")]).await;
        put(&logs, "shop", "b", &[(time - 1000, "x")]).await;
        put(&logs, "shop", "a2", &[(time - 2000, "x")]).await;
        let list = || logs.describe_log_streams().log_group_name("shop").limit(2);
        for (request, expected) in [
            (list(), vec![vec!["a1", "a2"], vec!["b", "c"]]),
            (list().descending(true), vec![vec!["c", "b"], vec!["a2", "a1"]]),
            (list().log_stream_name_prefix("a"), vec![vec!["a1", "a2"]]),
            (list().log_stream_name_prefix("x"), vec![vec![]]),
            (list().order_by(OrderBy::LastEventTime), vec![vec!["a1", "c"], vec!["a2", "b"]]),
            (list().order_by(OrderBy::LastEventTime).descending(true), vec![vec!["b", "a2"], vec!["c", "a1"]]),
        ] {
            let pages = request.into_paginator().send().collect::<Result<Vec<_>, _>>().await.unwrap();
            let names = |page: &aws_sdk_cloudwatchlogs::operation::describe_log_streams::DescribeLogStreamsOutput| {
                page.log_streams().iter().map(|stream| stream.log_stream_name().unwrap().to_owned()).collect::<Vec<_>>()
            };
            assert_eq!(pages.iter().map(names).collect::<Vec<_>>(), expected);
        }
    });
}
