//! What SQS does to consumers on bad days, which here faults make it do.

use std::time::Duration;

use rehearsal_emulator::on;

use super::{
    bodies, client, counts, create, create_fifo, delete, receive, receive_bodies, receive_one, send, send_in_group,
};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn a_message_in_flight_is_given_again() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        for body in ["a", "b"] {
            send(&sqs, &url, body).await;
        }
        let first = sqs.receive_message().queue_url(&url).send().await.unwrap();
        let again = stage.emulator.fault(on("sqs", "ReceiveMessage").resource("orders").duplicate(1).times(1));
        let second = receive(&sqs, &url).await;
        assert_eq!(bodies(&second), ["a", "b"]);
        assert_eq!(again.acted(), 1);
        assert_ne!(first.messages()[0].receipt_handle(), second[0].receipt_handle());
        assert_eq!(counts(&sqs, &url).await, [0, 2, 0]);
    });
}

#[test]
fn a_message_that_was_deleted_comes_back_once() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        delete(&sqs, &url, &receive_one(&sqs, &url).await).await;
        let _again = stage.emulator.fault(on("sqs", "ReceiveMessage").duplicate(5).times(1));
        let back = receive_one(&sqs, &url).await;
        assert_eq!(back.body(), Some("a"));
        delete(&sqs, &url, &back).await;
        stage.advance(Duration::from_secs(60)).await;
        assert!(receive(&sqs, &url).await.is_empty());
    });
}

#[test]
fn fifo_queues_know_neither() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create_fifo(&sqs, "orders.fifo").await;
        send_in_group(&sqs, &url, "g", "a").await;
        delete(&sqs, &url, &receive_one(&sqs, &url).await).await;
        for body in ["1", "2", "3"] {
            send_in_group(&sqs, &url, "g", body).await;
        }
        let again = stage.emulator.fault(on("sqs", "ReceiveMessage").duplicate(5).times(1));
        assert_eq!(receive_bodies(&sqs, &url).await, ["1", "2", "3"]);
        drop(again);
        stage.advance(Duration::from_secs(30)).await;
        let _shuffled = stage.emulator.fault(on("sqs", "ReceiveMessage").reorder());
        assert_eq!(receive_bodies(&sqs, &url).await, ["1", "2", "3"]);
    });
}

#[test]
fn messages_come_in_an_order_of_the_seed() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let sent: Vec<String> = (0..10).map(|number| number.to_string()).collect();
        for body in &sent {
            send(&sqs, &url, body).await;
        }
        let _shuffled = stage.emulator.fault(on("sqs", "ReceiveMessage").reorder());
        let received = receive_bodies(&sqs, &url).await;
        let mut sorted = received.clone();
        sorted.sort();
        assert_eq!(sorted, sent);
        assert_ne!(received, sent);
    });
}

#[test]
fn a_lost_answer_leaves_the_message_in_flight_until_its_time_is_over() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        send(&sqs, &url, "a").await;
        let _lost = stage.emulator.fault(on("sqs", "ReceiveMessage").lose_response().times(1));
        assert!(sqs.receive_message().queue_url(&url).send().await.is_err());
        assert_eq!(counts(&sqs, &url).await, [0, 1, 0]);
        assert!(receive(&sqs, &url).await.is_empty());
        stage.advance(Duration::from_secs(30)).await;
        assert_eq!(receive_bodies(&sqs, &url).await, ["a"]);
    });
}

#[test]
fn a_throttled_call_has_the_code_of_sqs() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let _busy = stage.emulator.fault(on("sqs", "SendMessage").throttle());
        let refused = refusal(sqs.send_message().queue_url(&url).message_body("a").send().await);
        assert_eq!(refused.0, "RequestThrottled");
    });
}
