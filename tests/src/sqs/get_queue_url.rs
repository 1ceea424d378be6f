use super::{client, create, no_such_queue};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_queue_is_found_by_name() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let found = sqs.get_queue_url().queue_name("orders").queue_owner_aws_account_id("000000000000").send().await;
        assert_eq!(found.unwrap().queue_url(), Some(&*url));
        let other = sqs.get_queue_url().queue_name("orders").queue_owner_aws_account_id("111111111111").send().await;
        assert_eq!(refusal(other), no_such_queue());
        assert_eq!(refusal(sqs.get_queue_url().queue_name("none").send().await), no_such_queue());
    });
}
