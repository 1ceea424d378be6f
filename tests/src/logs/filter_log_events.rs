use super::{
    client, create_stream, found, group_arn, invalid, no_group, no_stream, not_implemented, now, put, violation,
    with_stream,
};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

// Serialisation

#[test]
fn a_found_event_says_where_it_was_and_no_stream_is_listed_as_searched() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        put(&logs, "shop", "web", &[(time, "a"), (time, "b")]).await;
        let page = logs.filter_log_events().log_group_name("shop").send().await.unwrap();
        let [a, b] = page.events() else { panic!("{page:?}") };
        assert_eq!((a.log_stream_name(), a.timestamp(), a.message()), (Some("web"), Some(time), Some("a")));
        assert!((time..=now(&stage)).contains(&a.ingestion_time().expect("it is always there")));
        let (first, second) = (a.event_id().unwrap(), b.event_id().unwrap());
        assert!(first.len() == 56 && first < second, "{first} {second}");
        assert_eq!((page.searched_log_streams.as_deref(), page.next_token()), (Some(&[][..]), None));
    });
}

// Validation

#[test]
fn what_is_asked_for_is_checked() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let filter = || logs.filter_log_events().log_group_name("shop");
        let zero = refusal(filter().limit(0).send().await);
        assert_eq!(zero, violation("limit", "0", "have value greater than or equal to 1"));
        let past = refusal(filter().start_time(-6_795_364_578_871).send().await);
        assert_eq!(past, violation("startTime", "-6795364578871", "have value greater than or equal to 0"));
        let long = "x".repeat(1025);
        let pattern = refusal(filter().filter_pattern(&long).send().await);
        assert_eq!(pattern, violation("filterPattern", &long, "have length less than or equal to 1024"));
        let forged = refusal(filter().next_token("x").send().await);
        assert_eq!(forged, invalid("The specified nextToken is invalid."));
        let (code, _) = refusal(filter().log_stream_names("web").log_stream_name_prefix("w").send().await);
        assert_eq!(code, "InvalidParameterException");
        assert_eq!(refusal(filter().log_stream_names("job").send().await), no_stream());
        assert_eq!(refusal(filter().unmask(true).send().await), not_implemented("unmask of logs FilterLogEvents"));
        assert_eq!(refusal(logs.filter_log_events().log_group_name("job").send().await), no_group());
        let (code, _) = refusal(client(&stage).filter_log_events().send().await);
        assert_eq!(code, "InvalidParameterException");
    });
}

#[test]
fn a_pattern_that_is_none_is_refused() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        for (pattern, message) in [
            ("{ $.a = 1", "If a filter pattern starts with '{' it must end with '}'"),
            ("[a, b", "If a filter pattern starts with '[' it must end with ']'"),
            ("user@example.com", "Invalid character(s) in term '@'"),
            ("{ $.a }", "Invalid filter pattern"),
        ] {
            let refused = refusal(logs.filter_log_events().log_group_name("shop").filter_pattern(pattern).send().await);
            assert_eq!(refused, invalid(message), "{pattern}");
        }
    });
}

// Behaviour

#[test]
#[expect(deprecated, reason = "AWS ignores `interleaved`, and so do we")]
fn streams_are_searched_together_in_the_order_of_time() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web/1").await;
        create_stream(&logs, "shop", "web/2").await;
        create_stream(&logs, "shop", "job").await;
        let time = now(&stage);
        put(&logs, "shop", "web/2", &[(time, "b"), (time + 3, "e")]).await;
        put(&logs, "shop", "web/1", &[(time - 1, "a"), (time + 2, "d")]).await;
        put(&logs, "shop", "job", &[(time, "c"), (time + 3, "f")]).await;
        let filter = || logs.filter_log_events().log_group_identifier(group_arn("shop"));
        for (request, expected) in [
            (filter(), vec!["a", "b", "c", "d", "e", "f"]),
            (filter().interleaved(false), vec!["a", "b", "c", "d", "e", "f"]),
            (filter().log_stream_name_prefix("web/"), vec!["a", "b", "d", "e"]),
            (
                filter().log_stream_names("job").log_stream_names("web/1").log_stream_names("job"),
                vec!["a", "c", "d", "f"],
            ),
            (filter().start_time(time).end_time(time + 2), vec!["b", "c", "d"]),
            (filter().start_time(time + 1).end_time(time), vec![]),
            (filter().filter_pattern("-a -b"), vec!["c", "d", "e", "f"]),
            (filter().log_stream_name_prefix("x"), vec![]),
        ] {
            assert_eq!(found(&request.send().await.unwrap()), expected);
        }
    });
}

#[test]
fn pages_follow_each_other_and_a_last_one_has_no_token() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "a").await;
        create_stream(&logs, "shop", "b").await;
        let time = now(&stage);
        for stream in ["a", "b"] {
            put(&logs, "shop", stream, &[(time, "x 0"), (time, "y"), (time + 1, "x 1")]).await;
        }
        let filter = logs.filter_log_events().log_group_name("shop").filter_pattern("x").limit(3);
        let first = filter.clone().send().await.unwrap();
        let elsewhere = with_stream(&stage, "job", "a").await.filter_log_events().log_group_name("job");
        let other = refusal(elsewhere.set_next_token(first.next_token.clone()).send().await);
        assert_eq!(other, invalid("The specified nextToken is invalid."));
        let pages = filter.into_paginator().send().collect::<Result<Vec<_>, _>>().await.unwrap();
        assert_eq!(pages.iter().map(found).collect::<Vec<_>>(), [vec!["x 0", "x 0", "x 1"], vec!["x 1"]]);
    });
}

#[test]
fn many_streams_are_one_list() {
    in_virtual_time(async |stage| {
        let logs = with_stream(&stage, "shop", "s").await;
        let time = now(&stage);
        for number in 0..60_i64 {
            let stream = format!("s{}", number % 20);
            if number < 20 {
                create_stream(&logs, "shop", &stream).await;
            }
            put(&logs, "shop", &stream, &[(time - number, "x")]).await;
        }
        let pages = logs.filter_log_events().log_group_name("shop").limit(7).into_paginator().send();
        let pages = pages.collect::<Result<Vec<_>, _>>().await.unwrap();
        let times: Vec<i64> =
            pages.iter().flat_map(|page| page.events()).filter_map(|event| event.timestamp()).collect();
        assert_eq!(times, (0..60).rev().map(|number| time - number).collect::<Vec<_>>());
    });
}
