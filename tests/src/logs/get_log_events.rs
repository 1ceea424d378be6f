use std::time::Duration;

use super::{client, group_arn, invalid, no_group, no_stream, not_implemented, now, put, read, violation, with_stream};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

// Serialisation

#[test]
fn an_event_has_its_time_its_message_and_when_it_came() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        put(&logs, "shop", "web", &[(time - 5000, "héllo\n")]).await;
        let page = logs.get_log_events().log_group_name("shop").log_stream_name("web").send().await.unwrap();
        let [event] = page.events() else { panic!("{page:?}") };
        assert_eq!((event.timestamp(), event.message()), (Some(time - 5000), Some("héllo\n")));
        assert!((time..=now(&stage)).contains(&event.ingestion_time().expect("it is always there")));
        let (forward, backward) = (page.next_forward_token().unwrap(), page.next_backward_token().unwrap());
        assert!(forward.starts_with("f/") && forward.ends_with("/s") && forward.len() == 60, "{forward}");
        assert!(backward.starts_with("b/") && backward.ends_with("/s"), "{backward}");
    });
}

// Validation

#[test]
fn what_is_asked_for_is_checked() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let get = || logs.get_log_events().log_group_name("shop").log_stream_name("web");
        let zero = refusal(get().limit(0).send().await);
        assert_eq!(zero, violation("limit", "0", "have value greater than or equal to 1"));
        let many = refusal(get().limit(10_001).send().await);
        assert_eq!(many, violation("limit", "10001", "have value less than or equal to 10000"));
        let past = refusal(get().start_time(-1).send().await);
        assert_eq!(past, violation("startTime", "-1", "have value greater than or equal to 0"));
        let empty = refusal(get().next_token("").send().await);
        assert_eq!(empty, violation("nextToken", "", "have length greater than or equal to 1"));
        for forged in ["x", "f/1/s", "g/00000000000000000000000000000000000000000000000000000000/s"] {
            let forged = refusal(get().next_token(forged).send().await);
            assert_eq!(forged, invalid("The specified nextToken is invalid."));
        }
        let both = refusal(get().log_group_identifier("shop").send().await);
        assert_eq!(both, invalid("LogGroup name and LogGroup ARN are mutually exclusive parameters."));
        assert_eq!(refusal(get().unmask(true).send().await), not_implemented("unmask of logs GetLogEvents"));
        let lost = logs.get_log_events().log_group_name("job").log_stream_name("web").send().await;
        assert_eq!(refusal(lost), no_group());
        let lost = logs.get_log_events().log_group_name("shop").log_stream_name("job").send().await;
        assert_eq!(refusal(lost), no_stream());
        let star = client(&stage).get_log_events().log_group_identifier(format!("{}:*", group_arn("shop")));
        let (code, message) = refusal(star.log_stream_name("web").send().await);
        let end = r"failed to satisfy constraint: Member must satisfy regular expression pattern: [\w#+=/:,.@-]*";
        assert!(code == "InvalidParameterException" && message.ends_with(end), "{message}");
    });
}

// Behaviour

#[test]
fn pages_go_forward_from_the_head_and_backward_from_the_tail() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        let events: Vec<String> = (0..5).map(|number| number.to_string()).collect();
        let batch: Vec<_> = events.iter().enumerate().map(|(at, text)| (time + at as i64, text.as_str())).collect();
        put(&logs, "shop", "web", &batch).await;
        let get = |token: Option<&str>, head: bool| {
            let get = logs.get_log_events().log_group_identifier(group_arn("shop")).log_stream_name("web").limit(2);
            get.start_from_head(head).set_next_token(token.map(str::to_owned)).send()
        };
        let mut page = get(None, true).await.unwrap();
        for expected in [vec!["0", "1"], vec!["2", "3"], vec!["4"]] {
            assert_eq!(read(&page), expected);
            page = get(page.next_forward_token(), true).await.unwrap();
        }
        assert!(page.events().is_empty());
        let end = page.next_forward_token().unwrap().to_owned();
        let again = get(Some(&end), true).await.unwrap();
        assert_eq!(
            (again.next_forward_token(), again.events().len()),
            (Some(end.as_str()), 0),
            "the end stays the end"
        );

        let mut page = get(None, false).await.unwrap();
        for expected in [vec!["3", "4"], vec!["1", "2"], vec!["0"]] {
            assert_eq!(read(&page), expected, "the latest first, each page in order");
            page = get(page.next_backward_token(), false).await.unwrap();
        }
        assert!(page.events().is_empty());
        let start = page.next_backward_token().unwrap().to_owned();
        let again = get(Some(&start), false).await.unwrap();
        assert_eq!(again.next_backward_token(), Some(start.as_str()));
        let turned = get(again.next_forward_token(), true).await.unwrap();
        assert_eq!(read(&turned), ["0", "1"], "from the very start one can turn round");
        let turned = get(get(Some(&end), true).await.unwrap().next_backward_token(), true).await.unwrap();
        assert_eq!(read(&turned), ["3", "4"], "and so from the very end");

        put(&logs, "shop", "web", &[(time + 9, "new")]).await;
        assert_eq!(read(&get(Some(&end), true).await.unwrap()), ["new"], "who waits at the end sees what comes");
    });
}

#[test]
fn who_begins_before_the_first_event_sees_it() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let get = |token: Option<String>| {
            let get = logs.get_log_events().log_group_name("shop").log_stream_name("web").start_from_head(true);
            get.set_next_token(token).send()
        };
        let none = get(None).await.unwrap();
        assert!(none.events().is_empty());
        let still = get(none.next_forward_token.clone()).await.unwrap();
        assert_eq!(still.next_forward_token, none.next_forward_token);
        put(&logs, "shop", "web", &[(now(&stage) - 1000, "first")]).await;
        assert_eq!(read(&get(still.next_forward_token).await.unwrap()), ["first"]);
    });
}

#[test]
fn a_range_has_its_start_and_not_its_end() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        put(&logs, "shop", "web", &[(time, "0"), (time + 1, "1"), (time + 2, "2"), (time + 3, "3")]).await;
        for (start, end, expected) in [
            (Some(time + 1), Some(time + 3), vec!["1", "2"]),
            (None, Some(time), vec![]),
            (Some(time + 3), None, vec!["3"]),
            (Some(time + 3), Some(time + 1), vec![]),
            (Some(i64::MAX), Some(i64::MAX), vec![]),
        ] {
            for head in [true, false] {
                let get = logs.get_log_events().log_group_name("shop").log_stream_name("web").start_from_head(head);
                let page = get.set_start_time(start).set_end_time(end).send().await.unwrap();
                assert_eq!(read(&page), expected);
            }
        }
    });
}

#[test]
fn events_are_in_the_order_of_their_own_time() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        put(&logs, "shop", "web", &[(time, "b"), (time + 2, "d")]).await;
        put(&logs, "shop", "web", &[(time - 1, "a"), (time, "c"), (time + 3, "e")]).await;
        let page = logs.get_log_events().log_group_name("shop").log_stream_name("web").send().await.unwrap();
        assert_eq!(read(&page), ["a", "b", "c", "d", "e"]);
    });
}

#[test]
fn a_page_holds_1_mb() {
    in_virtual_time(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let (time, large) = (now(&stage), "x".repeat(600_000));
        for number in 0..3 {
            put(&logs, "shop", "web", &[(time + number, &large)]).await;
        }
        let get = logs.get_log_events().log_group_name("shop").log_stream_name("web").start_from_head(true);
        let page = get.clone().send().await.unwrap();
        assert_eq!(page.events().len(), 1);
        let page = get.set_next_token(page.next_forward_token).send().await.unwrap();
        assert_eq!(page.events()[0].timestamp(), Some(time + 1));
    });
}

#[test]
fn a_read_comes_from_who_wrote_and_an_empty_one_is_quiet() {
    in_virtual_time(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let get = || logs.get_log_events().log_group_name("shop").log_stream_name("web").send();
        get().await.unwrap();
        put(&logs, "shop", "web", &[(now(&stage), "x")]).await;
        stage.advance(Duration::from_secs(1)).await;
        get().await.unwrap();
        let events = stage.emulator.timeline().events();
        let [.., empty, put, read] = &events[..] else { panic!("{events:?}") };
        assert!(empty.quiet && !read.quiet);
        assert_eq!(read.cause.map(|cause| cause.event), Some(put.id));
        assert_eq!((read.resource.as_str(), read.detail.as_str()), ("shop:web", "1 event"));
    });
}
