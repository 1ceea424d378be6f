use super::{client, create, create_with_dead_letters};
use crate::stage::on_both_stages;

#[test]
fn the_sources_of_a_dead_letter_queue_come_in_pages() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let dead = create(&sqs, "dead").await;
        let none = sqs.list_dead_letter_source_queues().queue_url(&dead).send().await.unwrap();
        assert!(none.queue_urls().is_empty());
        let mut sources = Vec::new();
        for name in ["a", "b", "c"] {
            sources.push(create_with_dead_letters(&sqs, name, "dead", 3).await);
        }
        let first = sqs.list_dead_letter_source_queues().queue_url(&dead).max_results(2).send().await.unwrap();
        assert_eq!(first.queue_urls(), &sources[..2]);
        let rest = sqs.list_dead_letter_source_queues().queue_url(&dead).max_results(2);
        let rest = rest.next_token(first.next_token().unwrap()).send().await.unwrap();
        assert_eq!((rest.queue_urls(), rest.next_token()), (&sources[2..], None));
    });
}
