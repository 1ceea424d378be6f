//! FIFO queues: groups, their order, and what is sent twice.

use std::time::Duration;

use aws_sdk_sqs::types::{MessageSystemAttributeName as System, QueueAttributeName as Name};

use super::{
    bodies, client, counts, create_fifo, create_with, delete, invalid_parameter, missing, receive, receive_bodies,
    receive_one, send_in_group, system_attribute,
};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn a_message_needs_a_group_and_an_id_or_a_queue_that_makes_one() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create_with(&sqs, "orders.fifo", &[(Name::FifoQueue, "true")]).await;
        let send = || sqs.send_message().queue_url(&url).message_body("a");
        assert_eq!(refusal(send().send().await), missing("MessageGroupId"));
        let message = "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided \
                       explicitly";
        assert_eq!(refusal(send().message_group_id("g").send().await), invalid_parameter(message));
        let whole = || send().message_group_id("g").message_deduplication_id("d");
        let message = "Value 5 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not \
                       valid for this queue type.";
        assert_eq!(refusal(whole().delay_seconds(5).send().await), invalid_parameter(message));
        let sent = whole().delay_seconds(0).send().await.unwrap();
        assert_eq!(sent.sequence_number().map(str::len), Some(20));
        let received = receive_one(&sqs, &url).await;
        assert_eq!(system_attribute(&received, System::SequenceNumber), sent.sequence_number());
        assert_eq!(system_attribute(&received, System::MessageGroupId), Some("g"));
        assert_eq!(system_attribute(&received, System::MessageDeduplicationId), Some("d"));
    });
}

#[test]
fn a_group_waits_while_one_of_its_messages_is_in_flight() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create_fifo(&sqs, "orders.fifo").await;
        for (group, body) in [("a", "a1"), ("b", "b1"), ("a", "a2"), ("a", "a3"), ("b", "b2")] {
            send_in_group(&sqs, &url, group, body).await;
        }
        let two = sqs.receive_message().queue_url(&url).max_number_of_messages(2).send().await.unwrap();
        assert_eq!(bodies(two.messages()), ["a1", "a2"], "as many of one group as possible");
        assert_eq!(receive_bodies(&sqs, &url).await, ["b1", "b2"]);
        assert!(receive(&sqs, &url).await.is_empty());
        delete(&sqs, &url, &two.messages()[0]).await;
        assert!(receive(&sqs, &url).await.is_empty(), "a2 is still in flight");
        delete(&sqs, &url, &two.messages()[1]).await;
        assert_eq!(receive_bodies(&sqs, &url).await, ["a3"]);
        stage.advance(Duration::from_secs(30)).await;
        assert_eq!(receive_bodies(&sqs, &url).await, ["b1", "b2", "a3"]);
        assert_eq!(counts(&sqs, &url).await, [0, 3, 0]);
    });
}

#[test]
fn a_message_that_comes_back_comes_before_those_behind_it() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create_fifo(&sqs, "orders.fifo").await;
        for body in ["1", "2", "3"] {
            send_in_group(&sqs, &url, "g", body).await;
        }
        let first = sqs.receive_message().queue_url(&url).send().await.unwrap();
        assert_eq!(bodies(first.messages()), ["1"]);
        let handle = first.messages()[0].receipt_handle().unwrap();
        let change = sqs.change_message_visibility().queue_url(&url).receipt_handle(handle).visibility_timeout(0);
        change.send().await.unwrap();
        assert_eq!(receive_bodies(&sqs, &url).await, ["1", "2", "3"]);
    });
}

#[test]
fn what_is_sent_again_within_five_minutes_is_accepted_and_not_stored() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create_fifo(&sqs, "orders.fifo").await;
        let send = |body: &str, id: Option<&str>| {
            let message = sqs.send_message().queue_url(&url).message_group_id("g").message_body(body);
            message.set_message_deduplication_id(id.map(str::to_owned)).send()
        };
        let first = send("a", None).await.unwrap();
        let again = send("a", None).await.unwrap();
        assert_eq!((first.message_id(), first.sequence_number()), (again.message_id(), again.sequence_number()));
        send("a", Some("other")).await.unwrap();
        send("b", Some("other")).await.unwrap();
        let received = receive(&sqs, &url).await;
        assert_eq!(bodies(&received), ["a", "a"]);
        for message in &received {
            delete(&sqs, &url, message).await;
        }
        stage.advance(Duration::from_millis(299_999)).await;
        send("a", None).await.unwrap();
        assert!(receive(&sqs, &url).await.is_empty(), "it is remembered though it was deleted");
        stage.advance(Duration::from_millis(1)).await;
        send("a", None).await.unwrap();
        assert_eq!(receive_bodies(&sqs, &url).await, ["a"]);
    });
}

#[test]
fn ids_can_be_those_of_a_group() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let attributes = [
            (Name::FifoQueue, "true"),
            (Name::ContentBasedDeduplication, "true"),
            (Name::DeduplicationScope, "messageGroup"),
        ];
        let url = create_with(&sqs, "orders.fifo", &attributes).await;
        for group in ["a", "b", "a"] {
            send_in_group(&sqs, &url, group, "same").await;
        }
        assert_eq!(receive_bodies(&sqs, &url).await, ["same", "same"]);
    });
}

#[test]
fn an_attempt_that_is_made_again_gets_the_same_messages() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create_fifo(&sqs, "orders.fifo").await;
        for body in ["1", "2"] {
            send_in_group(&sqs, &url, "g", body).await;
        }
        let attempt = |id: &str| sqs.receive_message().queue_url(&url).receive_request_attempt_id(id).send();
        let first = attempt("one").await.unwrap();
        stage.advance(Duration::from_secs(20)).await;
        let again = attempt("one").await.unwrap();
        assert_eq!(first.messages()[0].receipt_handle(), again.messages()[0].receipt_handle());
        assert!(attempt("two").await.unwrap().messages().is_empty());
        stage.advance(Duration::from_secs(20)).await;
        assert!(attempt("two").await.unwrap().messages().is_empty(), "the second try made it invisible anew");
        delete(&sqs, &url, &again.messages()[0]).await;
        assert_eq!(bodies(attempt("one").await.unwrap().messages()), ["2"]);
    });
}
