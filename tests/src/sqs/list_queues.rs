use super::{client, create, invalid_parameter};
use crate::stage::{on_both_stages, refusal};

fn names(urls: &[String]) -> Vec<&str> {
    urls.iter().map(|url| url.rsplit('/').next().unwrap_or_default()).collect()
}

#[test]
fn queues_come_by_name_in_pages() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        assert!(sqs.list_queues().send().await.unwrap().queue_urls.is_none());
        for name in ["b2", "a1", "b1", "b3"] {
            create(&sqs, name).await;
        }
        let all = sqs.list_queues().send().await.unwrap();
        assert_eq!((names(all.queue_urls()), all.next_token()), (vec!["a1", "b1", "b2", "b3"], None));
        let first = sqs.list_queues().queue_name_prefix("b").max_results(2).send().await.unwrap();
        assert_eq!(names(first.queue_urls()), ["b1", "b2"]);
        let rest = sqs.list_queues().queue_name_prefix("b").max_results(2).next_token(first.next_token().unwrap());
        let rest = rest.send().await.unwrap();
        assert_eq!((names(rest.queue_urls()), rest.next_token()), (vec!["b3"], None));
    });
}

#[test]
fn a_page_has_from_1_to_1000_queues() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        for max in [0, 1001] {
            let message = format!(
                "Value {max} for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000."
            );
            assert_eq!(refusal(sqs.list_queues().max_results(max).send().await), invalid_parameter(message));
        }
        let refused = refusal(sqs.list_queues().max_results(1).next_token("x").send().await);
        assert_eq!(refused, invalid_parameter("Value x for parameter NextToken is invalid."));
    });
}
