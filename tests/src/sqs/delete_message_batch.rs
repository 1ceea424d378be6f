use aws_sdk_sqs::types::DeleteMessageBatchRequestEntry as Entry;

use super::{client, counts, create, receive, send, simple};
use crate::stage::{on_both_stages, refusal};

#[test]
fn each_entry_fares_by_itself() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        for body in ["a", "b"] {
            send(&sqs, &url, body).await;
        }
        let mut batch = sqs.delete_message_batch().queue_url(&url);
        for (number, message) in receive(&sqs, &url).await.iter().enumerate() {
            let handle = message.receipt_handle().unwrap();
            batch = batch.entries(Entry::builder().id(number.to_string()).receipt_handle(handle).build().unwrap());
        }
        let batch = batch.entries(Entry::builder().id("x").receipt_handle("x").build().unwrap());
        let deleted = batch.send().await.unwrap();
        let successful: Vec<&str> = deleted.successful().iter().map(|entry| entry.id()).collect();
        assert_eq!(successful, ["0", "1"]);
        assert_eq!((deleted.failed()[0].id(), deleted.failed()[0].code()), ("x", "ReceiptHandleIsInvalid"));
        assert_eq!(counts(&sqs, &url).await, [0, 0, 0]);
        let none = sqs.delete_message_batch().queue_url(&url).set_entries(Some(Vec::new())).send().await;
        let message = "There should be at least one DeleteMessageBatchRequestEntry in the request.";
        assert_eq!(refusal(none), simple("EmptyBatchRequest", message));
    });
}
