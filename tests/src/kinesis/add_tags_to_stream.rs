//! AddTagsToStream.

use super::{ACCOUNT, raw_refusal, refused, tags, with_stream};
use crate::stage::{on_both_stages, refusal};

// Validation

#[test]
fn tags_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        for (tags, message) in [
            ("{}".to_owned(), "Value '{}' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1".to_owned()),
            (
                r#"{"":"v"}"#.to_owned(),
                "Value '{=v}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have \
                 length less than or equal to 128, Member must have length greater than or equal to 1]"
                    .to_owned(),
            ),
            (
                format!(r#"{{"k":"{}"}}"#, "v".repeat(257)),
                format!(
                    "Value '{{k={}}}' at 'tags' failed to satisfy constraint: Map values must satisfy constraint: [Member \
                     must have length less than or equal to 256, Member must have length greater than or equal to 0]",
                    "v".repeat(257)
                ),
            ),
        ] {
            let body = format!(r#"{{"StreamName":"orders","Tags":{tags}}}"#);
            let message = format!("1 validation error detected: {message}");
            assert_eq!(raw_refusal(&stage, "AddTagsToStream", &body).await, refused("ValidationException", message));
        }
    });
}

#[test]
fn some_characters_and_keys_are_not_for_tags() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for (key, value) in [("a#", "v"), ("k", "a#"), ("aws:k", "v")] {
            let add = client.add_tags_to_stream().stream_name("orders").tags(key, value);
            assert_eq!(refusal(add.send().await).0, "InvalidArgumentException");
        }
    });
}

// Behaviour

#[test]
fn tags_are_replaced_by_key_and_at_most_fifty() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let add = |range: std::ops::Range<usize>, value: &str| {
            let all = range.map(|number| (format!("k{number:02}"), value.to_owned())).collect();
            client.add_tags_to_stream().stream_name("orders").set_tags(Some(all)).send()
        };
        add(0..50, "1").await.unwrap();
        add(0..2, "2").await.expect("they only replace");
        let message = format!(
            "Failed to add tags to stream orders under account {ACCOUNT} because a given stream cannot have more than 50 tags \
             associated with it."
        );
        assert_eq!(refusal(add(49..51, "3").await), refused("InvalidArgumentException", message));
        let found = tags(&client, "orders").await;
        assert_eq!((found.len(), found[1].as_str(), found[49].as_str()), (50, "k01=2", "k49=1"));
    });
}

#[test]
fn a_stream_is_created_with_tags() {
    on_both_stages(|stage| async move {
        let client = super::client(&stage);
        let create = client.create_stream().stream_name("orders").shard_count(1);
        let reserved = create.clone().tags("aws:k", "v").send().await;
        assert_eq!(refusal(reserved).0, "InvalidArgumentException");
        create.tags("team", "a b").send().await.unwrap();
        assert_eq!(tags(&client, "orders").await, ["team=a b"]);
    });
}
