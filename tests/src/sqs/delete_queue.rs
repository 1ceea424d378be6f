use super::{client, create, no_such_queue, send};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_queue_goes_with_all_that_is_in_it() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        sqs.delete_queue().queue_url(&url).send().await.unwrap();
        assert_eq!(refusal(sqs.receive_message().queue_url(&url).send().await), no_such_queue());
        assert_eq!(refusal(sqs.delete_queue().queue_url(&url).send().await), no_such_queue());
    });
}

#[test]
fn what_is_no_url_of_a_queue_is_refused() {
    on_both_stages(async |stage| {
        let refused = refusal(client(&stage).delete_queue().queue_url("orders").send().await);
        assert_eq!(
            refused,
            ("InvalidAddress".to_owned(), "The address orders is not valid for this endpoint.".to_owned())
        );
    });
}
