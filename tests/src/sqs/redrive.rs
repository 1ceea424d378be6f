//! Messages that are received too often go to the dead-letter queue, over the bus.

use std::time::Duration;

use aws_sdk_sqs::types::{MessageSystemAttributeName as System, QueueAttributeName as Name};
use rehearsal_emulator::kernel::bus_rule::between;

use super::{
    ARN, bodies, client, counts, create, create_fifo, create_with, create_with_dead_letters, receive, receive_bodies,
    receive_one, redrive_policy, send, send_in_group, system_attribute,
};
use crate::stage::{Stage, in_virtual_time};

/// Receives all there is and lets it come back, so many times.
async fn receive_in_vain(stage: &Stage, url: &str, times: usize) {
    for _ in 0..times {
        assert!(!receive(&client(stage), url).await.is_empty());
        stage.advance(Duration::from_secs(30)).await;
    }
}

#[test]
fn after_so_many_receives_a_message_goes_and_stays_what_it_was() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let dead = create(&sqs, "dead").await;
        let url = create_with_dead_letters(&sqs, "orders", "dead", 2).await;
        let id = send(&sqs, &url, "a").await;
        receive_in_vain(&stage, &url, 2).await;
        assert_eq!(counts(&sqs, &dead).await, [0, 0, 0], "it goes when it would be received once more");
        assert!(receive(&sqs, &url).await.is_empty());
        let message = receive_one(&sqs, &dead).await;
        assert_eq!((message.message_id(), message.body()), (Some(&*id), Some("a")));
        for (name, expected) in [
            (System::SentTimestamp, "1767225600000"),
            (System::ApproximateReceiveCount, "3"),
            (System::DeadLetterQueueSourceArn, &format!("{ARN}:orders")),
        ] {
            assert_eq!(system_attribute(&message, name), Some(expected));
        }
        let way = format!("{ARN}:orders -> {ARN}:dead");
        let events = stage.emulator.timeline().events();
        assert!(events.iter().any(|event| event.resource == way), "{events:?}");
    });
}

#[test]
fn one_call_sends_away_what_is_dead_and_receives_what_is_not() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let dead = create(&sqs, "dead").await;
        let url = create_with_dead_letters(&sqs, "orders", "dead", 1).await;
        send(&sqs, &url, "old").await;
        receive_in_vain(&stage, &url, 1).await;
        send(&sqs, &url, "new").await;
        assert_eq!(receive_bodies(&sqs, &url).await, ["new"]);
        assert_eq!(receive_bodies(&sqs, &dead).await, ["old"]);
    });
}

#[test]
fn a_dead_letter_queue_with_one_of_its_own_counts_its_own_receives() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let last = create(&sqs, "last").await;
        let dead = create_with_dead_letters(&sqs, "dead", "last", 1).await;
        let url = create_with_dead_letters(&sqs, "orders", "dead", 1).await;
        send(&sqs, &url, "a").await;
        receive_in_vain(&stage, &url, 1).await;
        assert!(receive(&sqs, &url).await.is_empty());
        receive_in_vain(&stage, &dead, 1).await;
        assert!(receive(&sqs, &dead).await.is_empty());
        assert_eq!(receive_bodies(&sqs, &last).await, ["a"]);
    });
}

#[test]
fn who_waits_at_the_dead_letter_queue_gets_the_message_at_once() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let dead = create(&sqs, "dead").await;
        let url = create_with_dead_letters(&sqs, "orders", "dead", 1).await;
        send(&sqs, &url, "a").await;
        receive_in_vain(&stage, &url, 1).await;
        let poll = sqs.receive_message().queue_url(&dead).wait_time_seconds(20).send();
        let (polled, _) = tokio::join!(poll, receive(&sqs, &url));
        assert_eq!(bodies(polled.unwrap().messages()), ["a"]);
    });
}

#[test]
fn the_head_of_a_group_makes_way() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let dead = create_fifo(&sqs, "dead.fifo").await;
        let policy = redrive_policy("dead.fifo", 1);
        let fifo =
            [(Name::FifoQueue, "true"), (Name::ContentBasedDeduplication, "true"), (Name::RedrivePolicy, &*policy)];
        let url = create_with(&sqs, "orders.fifo", &fifo).await;
        send_in_group(&sqs, &url, "g", "1").await;
        receive_in_vain(&stage, &url, 1).await;
        send_in_group(&sqs, &url, "g", "2").await;
        assert_eq!(receive_bodies(&sqs, &url).await, ["2"]);
        let message = receive_one(&sqs, &dead).await;
        assert_eq!((message.body(), system_attribute(&message, System::MessageGroupId)), (Some("1"), Some("g")));
        let sent = system_attribute(&message, System::SentTimestamp);
        assert_eq!(sent, Some("1767225630000"), "a FIFO queue counts from when it came");
    });
}

#[test]
fn without_its_dead_letter_queue_a_message_stays() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let dead = create(&sqs, "dead").await;
        let url = create_with_dead_letters(&sqs, "orders", "dead", 1).await;
        sqs.delete_queue().queue_url(&dead).send().await.unwrap();
        send(&sqs, &url, "a").await;
        receive_in_vain(&stage, &url, 3).await;
    });
}

#[test]
fn a_bus_that_fails_for_an_hour_loses_no_message() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let dead = create(&sqs, "dead").await;
        let url = create_with_dead_letters(&sqs, "orders", "dead", 1).await;
        let broken = stage.emulator.bus_fault(between("*", &format!("{ARN}:dead")).fail(503, "Unavailable", "busy"));
        send(&sqs, &url, "a").await;
        receive_in_vain(&stage, &url, 1).await;
        assert!(receive(&sqs, &url).await.is_empty());
        stage.advance(Duration::from_hours(1)).await;
        assert!(receive(&sqs, &dead).await.is_empty() && broken.acted() > 2);
        drop(broken);
        stage.advance(Duration::from_hours(1)).await;
        assert_eq!(receive_bodies(&sqs, &dead).await, ["a"]);
    });
}
