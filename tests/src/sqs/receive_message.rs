use std::time::Duration;

use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeName as System, QueueAttributeName as Name};

use super::{
    client, counts, create, create_with, delete, invalid_parameter, receive, receive_bodies, receive_one, send,
    system_attribute,
};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

// Serialisation

#[test]
fn nothing_is_told_that_was_not_asked_for() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create_with(&sqs, "orders", &[(Name::VisibilityTimeout, "0")]).await;
        let text =
            |value: &str| MessageAttributeValue::builder().data_type("String").string_value(value).build().unwrap();
        let mut message = sqs.send_message().queue_url(&url).message_body("a");
        for name in ["shop", "shop.id", "shopping", "other"] {
            message = message.message_attributes(name, text(name));
        }
        message.send().await.unwrap();
        let bare = sqs.receive_message().queue_url(&url).send().await.unwrap().messages.unwrap().remove(0);
        assert_eq!((bare.attributes(), bare.message_attributes()), (None, None));
        assert_eq!(bare.md5_of_message_attributes(), None);
        for (wanted, expected) in [
            ("All", &["other", "shop", "shop.id", "shopping"][..]),
            (".*", &["other", "shop", "shop.id", "shopping"]),
            ("shop.*", &["shop", "shop.id", "shopping"]),
            ("shop.id", &["shop.id"]),
            ("none", &[]),
        ] {
            let received = sqs.receive_message().queue_url(&url).message_attribute_names(wanted).send().await.unwrap();
            let attributes = received.messages()[0].message_attributes().cloned().unwrap_or_default();
            let mut names: Vec<&str> = attributes.keys().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!(names, expected, "{wanted}");
        }
        let asked = sqs.receive_message().queue_url(&url).message_system_attribute_names(System::SentTimestamp);
        let asked = asked.send().await.unwrap().messages.unwrap().remove(0);
        assert_eq!(asked.attributes().unwrap().len(), 1);
    });
}

// Validation

#[test]
fn parameters_are_checked() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let call = || sqs.receive_message().queue_url(&url);
        for count in [0, 11] {
            let message = format!(
                "Value {count} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
            );
            assert_eq!(refusal(call().max_number_of_messages(count).send().await), invalid_parameter(message));
        }
        for wait in [-1, 21] {
            let message = format!(
                "Value {wait} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."
            );
            assert_eq!(refusal(call().wait_time_seconds(wait).send().await), invalid_parameter(message));
        }
        for timeout in [-1, 43_201] {
            let refused = refusal(call().visibility_timeout(timeout).send().await);
            assert!(refused.1.starts_with(&format!("Value {timeout} for parameter VisibilityTimeout is invalid.")));
        }
        let refused = refusal(call().message_system_attribute_names("Colour".into()).send().await);
        assert_eq!(refused, ("InvalidAttributeName".to_owned(), "Unknown Attribute Colour.".to_owned()));
        let message = "Value a for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter \
                       that is not valid for this queue type.";
        assert_eq!(refusal(call().receive_request_attempt_id("a").send().await), invalid_parameter(message));
    });
}

// Behaviour

#[test]
fn what_is_received_is_invisible_for_its_time_and_tells_how_often_it_was() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        let first = receive_one(&sqs, &url).await;
        assert_eq!(counts(&sqs, &url).await, [0, 1, 0]);
        stage.advance(Duration::from_millis(29_999)).await;
        assert!(receive(&sqs, &url).await.is_empty());
        stage.advance(Duration::from_millis(1)).await;
        assert_eq!(counts(&sqs, &url).await, [1, 0, 0]);
        let second = receive_one(&sqs, &url).await;
        assert_ne!(first.receipt_handle(), second.receipt_handle());
        assert_eq!(first.message_id(), second.message_id());
        for (name, expected) in [
            (System::ApproximateReceiveCount, ["1", "2"]),
            (System::SentTimestamp, ["1767225600000"; 2]),
            (System::ApproximateFirstReceiveTimestamp, ["1767225600000"; 2]),
        ] {
            let found = [&first, &second].map(|message| system_attribute(message, name.clone()));
            assert_eq!(found, expected.map(Some), "{name}");
        }
        delete(&sqs, &url, &second).await;
        stage.advance(Duration::from_secs(60)).await;
        assert!(receive(&sqs, &url).await.is_empty());
        assert_eq!(counts(&sqs, &url).await, [0, 0, 0]);
    });
}

#[test]
fn messages_come_in_the_order_in_which_they_were_sent_ten_at_most() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let sent: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        for body in &sent {
            send(&sqs, &url, body).await;
        }
        assert_eq!(receive_bodies(&sqs, &url).await, sent[..10]);
        assert_eq!(receive_bodies(&sqs, &url).await, sent[10..]);
    });
}

#[test]
fn a_delayed_message_is_not_there_before_its_time() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create_with(&sqs, "orders", &[(Name::DelaySeconds, "10")]).await;
        send(&sqs, &url, "by the queue").await;
        sqs.send_message().queue_url(&url).message_body("of its own").delay_seconds(5).send().await.unwrap();
        sqs.send_message().queue_url(&url).message_body("not").delay_seconds(0).send().await.unwrap();
        assert_eq!(counts(&sqs, &url).await, [1, 0, 2]);
        assert_eq!(receive_bodies(&sqs, &url).await, ["not"]);
        for expected in ["of its own", "by the queue"] {
            stage.advance(Duration::from_secs(5)).await;
            assert_eq!(receive_bodies(&sqs, &url).await, [expected]);
        }
    });
}

#[test]
fn a_receive_that_hides_nothing_gives_each_message_once() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create_with(&sqs, "orders", &[(Name::VisibilityTimeout, "0")]).await;
        send(&sqs, &url, "a").await;
        send(&sqs, &url, "b").await;
        for _ in 0..2 {
            assert_eq!(receive_bodies(&sqs, &url).await, ["a", "b"]);
        }
        assert_eq!(counts(&sqs, &url).await, [2, 0, 0]);
    });
}

#[test]
fn a_received_message_comes_from_its_send_and_what_follows_from_the_receive() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        receive_one(&sqs, &url).await;
        receive(&sqs, &url).await;
        send(&sqs, &url, "b").await;
        let events = stage.emulator.timeline().events();
        let causes: Vec<(&str, Option<u64>, bool)> =
            events.iter().map(|event| (&*event.action, event.cause.map(|cause| cause.event.0), event.quiet)).collect();
        let expected = [
            ("CreateQueue", None, false),
            ("SendMessage", None, false),
            ("ReceiveMessage", Some(2), false),
            ("ReceiveMessage", Some(3), true),
            ("SendMessage", Some(3), false),
        ];
        assert_eq!(causes, expected);
    });
}
