use super::{client, create};
use crate::stage::on_both_stages;

#[test]
fn only_the_named_tags_go() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        sqs.tag_queue().queue_url(&url).tags("a", "1").tags("b", "2").send().await.unwrap();
        sqs.untag_queue().queue_url(&url).tag_keys("a").tag_keys("c").send().await.unwrap();
        let tags = sqs.list_queue_tags().queue_url(&url).send().await.unwrap().tags.unwrap();
        assert_eq!(tags.keys().collect::<Vec<_>>(), ["b"]);
    });
}
