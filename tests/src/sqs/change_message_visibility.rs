use std::time::Duration;

use aws_sdk_sqs::Client;

use super::{
    client, counts, create, create_fifo, delete, invalid_parameter, receive, receive_one, send, send_in_group,
};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

async fn change(sqs: &Client, url: &str, handle: &str, timeout: i32) -> Result<(), (String, String)> {
    let change = sqs.change_message_visibility().queue_url(url).receipt_handle(handle).visibility_timeout(timeout);
    match change.send().await {
        Ok(_) => Ok(()),
        refused => Err(refusal(refused)),
    }
}

#[test]
fn the_new_time_counts_from_now() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        let handle = receive_one(&sqs, &url).await.receipt_handle.unwrap();
        stage.advance(Duration::from_secs(20)).await;
        change(&sqs, &url, &handle, 60).await.unwrap();
        stage.advance(Duration::from_secs(59)).await;
        assert!(receive(&sqs, &url).await.is_empty());
        stage.advance(Duration::from_secs(1)).await;
        let handle = receive_one(&sqs, &url).await.receipt_handle.unwrap();
        change(&sqs, &url, &handle, 0).await.unwrap();
        assert_eq!(counts(&sqs, &url).await, [1, 0, 0]);
    });
}

#[test]
fn what_is_not_in_flight_cannot_be_hidden() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let reason = "Message does not exist or is not available for visibility timeout change.";
        for (name, is_deleted) in [("orders", false), ("others", true)] {
            let url = create(&sqs, name).await;
            send(&sqs, &url, "a").await;
            let message = receive_one(&sqs, &url).await;
            if is_deleted {
                delete(&sqs, &url, &message).await;
            } else {
                stage.advance(Duration::from_secs(30)).await;
            }
            let handle = message.receipt_handle().unwrap();
            let expected = format!("Value {handle} for parameter ReceiptHandle is invalid. Reason: {reason}");
            assert_eq!(change(&sqs, &url, handle, 10).await, Err(invalid_parameter(expected)));
        }
        let fifo = create_fifo(&sqs, "orders.fifo").await;
        send_in_group(&sqs, &fifo, "g", "a").await;
        let handle = receive_one(&sqs, &fifo).await.receipt_handle.unwrap();
        stage.advance(Duration::from_secs(30)).await;
        let expected =
            format!("Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.");
        assert_eq!(change(&sqs, &fifo, &handle, 10).await, Err(invalid_parameter(expected)));
    });
}

#[test]
fn nothing_is_hidden_for_more_than_twelve_hours() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        let handle = receive_one(&sqs, &url).await.receipt_handle.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let reason = "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].";
        let message = format!("Value 43200 for parameter VisibilityTimeout is invalid. Reason: {reason}");
        assert_eq!(change(&sqs, &url, &handle, 43_200).await, Err(invalid_parameter(message)));
        change(&sqs, &url, &handle, 43_199).await.unwrap();
    });
}

#[test]
fn parameters_are_checked() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        for timeout in [-1, 43_201] {
            let (code, message) = change(&sqs, &url, "x", timeout).await.unwrap_err();
            assert_eq!(code, "InvalidParameterValue");
            assert!(message.starts_with(&format!("Value {timeout} for parameter VisibilityTimeout is invalid.")));
        }
        assert_eq!(change(&sqs, &url, "x", 1).await.unwrap_err().0, "ReceiptHandleIsInvalid");
    });
}
