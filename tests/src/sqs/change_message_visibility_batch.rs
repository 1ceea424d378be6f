use aws_sdk_sqs::types::ChangeMessageVisibilityBatchRequestEntry as Entry;

use super::{client, counts, create, receive, send};
use crate::stage::on_both_stages;

#[test]
fn each_entry_fares_by_itself() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        for body in ["a", "b", "c"] {
            send(&sqs, &url, body).await;
        }
        let messages = receive(&sqs, &url).await;
        let mut batch = sqs.change_message_visibility_batch().queue_url(&url);
        for (number, timeout) in [(0, 0), (1, 60), (2, 43_201)] {
            let handle = messages[number].receipt_handle().unwrap();
            let entry = Entry::builder().id(number.to_string()).receipt_handle(handle).visibility_timeout(timeout);
            batch = batch.entries(entry.build().unwrap());
        }
        let changed = batch.send().await.unwrap();
        let successful: Vec<&str> = changed.successful().iter().map(|entry| entry.id()).collect();
        assert_eq!(successful, ["0", "1"]);
        assert_eq!((changed.failed()[0].id(), changed.failed()[0].code()), ("2", "InvalidParameterValue"));
        assert_eq!(counts(&sqs, &url).await, [1, 2, 0]);
    });
}
