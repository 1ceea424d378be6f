use super::{client, create, invalid_parameter};
use crate::stage::{on_both_stages, refusal};

#[test]
fn tags_are_added_and_replaced() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        for value in ["one", "two"] {
            sqs.tag_queue().queue_url(&url).tags("team", value).tags("empty", "").send().await.unwrap();
            let tags = sqs.list_queue_tags().queue_url(&url).send().await.unwrap().tags.unwrap();
            assert_eq!((tags.len(), &*tags["team"], &*tags["empty"]), (2, value, ""));
        }
    });
}

#[test]
fn tags_are_checked() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        for key in ["", &"k".repeat(129)] {
            let refused = refusal(sqs.tag_queue().queue_url(&url).tags(key, "x").send().await);
            assert_eq!(refused, invalid_parameter("Tag keys must be between 1 and 128 characters in length."));
        }
        let mut many = sqs.tag_queue().queue_url(&url);
        for number in 0..51 {
            many = many.tags(number.to_string(), "x");
        }
        assert_eq!(refusal(many.send().await), invalid_parameter("Too many tags added for queue orders."));
        let made = sqs.create_queue().queue_name("tagged").tags("team", "one").send().await.unwrap();
        let tags = sqs.list_queue_tags().queue_url(made.queue_url().unwrap()).send().await.unwrap().tags.unwrap();
        assert_eq!(tags["team"], "one");
    });
}
