use std::time::Duration;

use super::{
    client, counts, create, create_fifo, delete, invalid_parameter, missing, receive, receive_one, send, send_in_group,
};
use crate::raw::post_json;
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn to_delete_twice_is_to_delete() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        let message = receive_one(&sqs, &url).await;
        delete(&sqs, &url, &message).await;
        delete(&sqs, &url, &message).await;
        assert_eq!(counts(&sqs, &url).await, [0, 0, 0]);
    });
}

#[test]
fn handles_that_were_never_given_for_the_queue_are_refused() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let (url, other) = (create(&sqs, "orders").await, create(&sqs, "other").await);
        send(&sqs, &url, "a").await;
        let handle = receive_one(&sqs, &url).await.receipt_handle.unwrap();
        let delete = async |url: &str, handle: &str| {
            refusal(sqs.delete_message().queue_url(url).receipt_handle(handle).send().await)
        };
        let message = "The input receipt handle \"nonsense\" is not a valid receipt handle.";
        assert_eq!(delete(&url, "nonsense").await, ("ReceiptHandleIsInvalid".to_owned(), message.to_owned()));
        let message = format!("The receipt handle \"{handle}\" is not valid for this queue.");
        assert_eq!(delete(&other, &handle).await, ("ReceiptHandleIsInvalid".to_owned(), message));
        let body = format!(r#"{{"QueueUrl":"{url}"}}"#);
        let (_, answer) = post_json(&stage.emulator, "AmazonSQS.DeleteMessage", body).await;
        assert_eq!(answer["message"], missing("ReceiptHandle").1);
    });
}

#[test]
fn on_a_standard_queue_a_handle_outlives_its_time() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        let first = receive_one(&sqs, &url).await;
        stage.advance(Duration::from_secs(31)).await;
        receive_one(&sqs, &url).await;
        delete(&sqs, &url, &first).await;
        assert_eq!(counts(&sqs, &url).await, [0, 0, 0]);
    });
}

#[test]
fn on_a_fifo_queue_it_does_not() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create_fifo(&sqs, "orders.fifo").await;
        send_in_group(&sqs, &url, "g", "a").await;
        let handle = receive_one(&sqs, &url).await.receipt_handle.unwrap();
        stage.advance(Duration::from_secs(31)).await;
        let expired = sqs.delete_message().queue_url(&url).receipt_handle(&handle).send().await;
        let message =
            format!("Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.");
        assert_eq!(refusal(expired), invalid_parameter(message));
        let again = receive_one(&sqs, &url).await;
        delete(&sqs, &url, &again).await;
        assert!(receive(&sqs, &url).await.is_empty());
    });
}
