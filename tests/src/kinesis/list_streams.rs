//! ListStreams.

use super::{arn, client, raw_refusal, refused, with_stream};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn limits_and_tokens_are_checked() {
    on_both_stages(|stage| async move {
        let message = "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have \
                       value greater than or equal to 1";
        let found = raw_refusal(&stage, "ListStreams", r#"{"Limit":0}"#).await;
        assert_eq!(found, refused("ValidationException", message));
        let client = client(&stage);
        let forged = client.list_streams().next_token("AAAA").send().await;
        assert_eq!(refusal(forged).0, "InvalidArgumentException");
        let both = client.list_streams().next_token("AAAA").exclusive_start_stream_name("a").send().await;
        assert_eq!(refusal(both).0, "InvalidArgumentException");
    });
}

// Behaviour

#[test]
fn streams_are_listed_by_name_page_by_page() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let none = client.list_streams().send().await.unwrap();
        assert_eq!((none.stream_names.len(), none.has_more_streams, none.next_token), (0, false, None));
        for name in ["c", "a", "b"] {
            with_stream(&stage, name, 1).await;
        }
        let first = client.list_streams().limit(2).send().await.unwrap();
        assert_eq!(
            (first.stream_names.as_slice(), first.has_more_streams),
            (["a", "b"].map(String::from).as_slice(), true)
        );
        let summary = &first.stream_summaries()[0];
        assert_eq!((summary.stream_name.as_str(), summary.stream_arn.as_str()), ("a", arn("a").as_str()));
        for rest in [
            client.list_streams().next_token(first.next_token.expect("there is more")).send().await.unwrap(),
            client.list_streams().exclusive_start_stream_name("b").send().await.unwrap(),
        ] {
            assert_eq!(
                (rest.stream_names, rest.has_more_streams, rest.next_token),
                (vec!["c".to_owned()], false, None)
            );
        }
    });
}

#[test]
fn the_paginator_of_the_sdk_comes_to_an_end() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        for number in 0..7 {
            client.create_stream().stream_name(format!("s{number}")).shard_count(1).send().await.unwrap();
        }
        let pages = client.list_streams().limit(3).into_paginator().send().collect::<Result<Vec<_>, _>>().await;
        let counts: Vec<_> = pages.unwrap().iter().map(|page| page.stream_names.len()).collect();
        assert_eq!(counts, [3, 3, 1]);
    });
}
