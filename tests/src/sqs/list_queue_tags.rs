use super::{client, create, no_such_queue};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_queue_without_tags_has_none() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        assert_eq!(sqs.list_queue_tags().queue_url(&url).send().await.unwrap().tags(), None);
        let none = sqs.list_queue_tags().queue_url(url.replace("orders", "none")).send().await;
        assert_eq!(refusal(none), no_such_queue());
    });
}
