//! Calls that wait for a message, on the clock.

use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName as Name;

use super::{bodies, client, create, create_with, no_such_queue, receive, receive_bodies, send};
use crate::stage::{Stage, in_virtual_time, refusal};

fn now(stage: &Stage) -> i64 {
    stage.emulator.clock().now().as_millis()
}

#[test]
fn an_empty_poll_lasts_as_long_as_it_may() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let began = now(&stage);
        let waited = sqs.receive_message().queue_url(&url).wait_time_seconds(20).send().await.unwrap();
        assert_eq!((waited.messages(), now(&stage) - began), (&[][..], 20_000));
        let url = create_with(&sqs, "patient", &[(Name::ReceiveMessageWaitTimeSeconds, "7")]).await;
        let began = now(&stage);
        assert!(receive(&sqs, &url).await.is_empty());
        assert_eq!(now(&stage) - began, 7_000);
        let hurried = sqs.receive_message().queue_url(&url).wait_time_seconds(0).send().await.unwrap();
        assert_eq!((hurried.messages(), now(&stage) - began), (&[][..], 7_000));
    });
}

#[test]
fn a_poll_ends_when_a_message_comes_or_comes_back() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let poll = || sqs.receive_message().queue_url(&url).wait_time_seconds(20).visibility_timeout(8).send();
        let began = now(&stage);
        let (received, ()) = tokio::join!(poll(), async {
            stage.advance(Duration::from_secs(3)).await;
            send(&sqs, &url, "a").await;
        });
        assert_eq!((bodies(received.unwrap().messages()), now(&stage) - began), (vec!["a"], 3_000));
        let again = poll().await.unwrap();
        assert_eq!((bodies(again.messages()), now(&stage) - began), (vec!["a"], 11_000));
        sqs.send_message().queue_url(&url).message_body("later").delay_seconds(2).send().await.unwrap();
        let delayed = poll().await.unwrap();
        assert_eq!((bodies(delayed.messages()), now(&stage) - began), (vec!["later"], 13_000));
    });
}

#[test]
fn of_two_who_wait_each_message_reaches_one() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let poll = || sqs.receive_message().queue_url(&url).wait_time_seconds(20).send();
        let (first, second, ()) = tokio::join!(poll(), poll(), async {
            stage.advance(Duration::from_secs(1)).await;
            send(&sqs, &url, "a").await;
            stage.advance(Duration::from_secs(1)).await;
            send(&sqs, &url, "b").await;
        });
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!([bodies(first.messages()), bodies(second.messages())], [["a"], ["b"]]);
    });
}

#[test]
fn a_caller_that_leaves_takes_no_message_with_it() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let poll = sqs.receive_message().queue_url(&url).wait_time_seconds(20).send();
        assert!(tokio::time::timeout(Duration::from_secs(1), poll).await.is_err());
        send(&sqs, &url, "a").await;
        assert_eq!(receive_bodies(&sqs, &url).await, ["a"]);
    });
}

#[test]
fn who_waits_at_a_queue_that_goes_is_told() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let poll = sqs.receive_message().queue_url(&url).wait_time_seconds(20).send();
        let (polled, ()) = tokio::join!(poll, async {
            stage.advance(Duration::from_secs(1)).await;
            sqs.delete_queue().queue_url(&url).send().await.unwrap();
        });
        assert_eq!(refusal(polled), no_such_queue());
    });
}

/// Over a socket, where time is real: whoever moves it lets the poll look at each moment on the way.
#[tokio::test]
async fn over_a_socket_a_poll_follows_the_clock_that_is_moved() {
    let stage = Stage::over_socket().await;
    let sqs = client(&stage);
    let url = create(&sqs, "orders").await;
    sqs.send_message().queue_url(&url).message_body("later").delay_seconds(10).send().await.unwrap();
    let poll = tokio::spawn(sqs.receive_message().queue_url(&url).wait_time_seconds(20).send());
    until_waiting(&stage).await;
    stage.advance(Duration::from_secs(11)).await;
    assert_eq!(bodies(poll.await.unwrap().unwrap().messages()), ["later"]);
    let poll = tokio::spawn(sqs.receive_message().queue_url(&url).wait_time_seconds(20).send());
    until_waiting(&stage).await;
    send(&sqs, &url, "now").await;
    assert_eq!(bodies(poll.await.unwrap().unwrap().messages()), ["now"]);
    let poll = tokio::spawn(sqs.receive_message().queue_url(&url).wait_time_seconds(20).send());
    until_waiting(&stage).await;
    stage.advance(Duration::from_secs(20)).await;
    assert!(poll.await.unwrap().unwrap().messages().is_empty());
}

/// A client that breaks its connection while it waits is not served.
#[tokio::test]
async fn over_a_socket_a_broken_connection_takes_no_message_with_it() {
    let stage = Stage::over_socket().await;
    let sqs = client(&stage);
    let url = create(&sqs, "orders").await;
    let poll = tokio::spawn(sqs.receive_message().queue_url(&url).wait_time_seconds(20).send());
    until_waiting(&stage).await;
    poll.abort();
    while stage.emulator.world().audience_size() > 0 {
        tokio::task::yield_now().await;
    }
    send(&sqs, &url, "a").await;
    assert_eq!(receive_bodies(&sqs, &url).await, ["a"]);
}

/// A server that is asked to stop does not wait for those who wait.
#[tokio::test]
async fn a_server_that_stops_answers_who_waits() {
    let stage = Stage::in_process().await;
    let server = stage.emulator.serve_anywhere().await.unwrap();
    let http = aws_smithy_http_client::Builder::new().build_http();
    let config = stage.config.to_builder().endpoint_url(server.url()).http_client(http).build();
    let sqs = aws_sdk_sqs::Client::new(&config);
    let url = create(&sqs, "orders").await;
    let poll = tokio::spawn(sqs.receive_message().queue_url(&url).wait_time_seconds(20).send());
    until_waiting(&stage).await;
    server.stop().await;
    assert!(poll.await.unwrap().unwrap().messages().is_empty());
}

async fn until_waiting(stage: &Stage) {
    while stage.emulator.world().audience_size() == 0 {
        tokio::task::yield_now().await;
    }
}
