//! The emulator on runtimes that are not paused, and on several threads.

use std::time::Duration;

use aws_sdk_bedrockruntime::Client;
use rehearsal_emulator::{Emulator, Reply, anything};

use super::ask;

async fn asked_and_advanced() {
    let emulator = Emulator::builder().seed(7).start().await;
    emulator.bedrock().given(anything()).respond_with(Reply::text("yes")).expect(8).mount();
    let client = Client::new(&emulator.sdk_config().await);
    let questions: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { ask(&client, "well?").await })
        })
        .collect();
    for question in questions {
        assert_eq!(question.await.expect("no panic").as_deref(), Ok("yes"));
    }
    let before = emulator.clock().now();
    emulator.clock().advance(Duration::from_hours(24)).await;
    assert!(emulator.clock().now().since(before) >= Duration::from_hours(24));
}

#[tokio::test]
async fn a_running_runtime_of_one_thread() {
    asked_and_advanced().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_of_several_threads() {
    asked_and_advanced().await;
}

#[tokio::test]
async fn a_reply_that_takes_an_hour_comes_when_the_clock_is_moved() {
    let emulator = Emulator::start().await;
    let reply = Reply::text("at last").first_token_after(Duration::from_hours(1));
    emulator.bedrock().given(anything()).respond_with(reply).expect(1).mount();
    let client = Client::new(&emulator.sdk_config().await);
    let asking = tokio::spawn(async move { ask(&client, "well?").await });
    // The question is on its way to the model; once it waits there, time may pass.
    while emulator.world().kernel.clock.next_sleeper().is_none() {
        tokio::task::yield_now().await;
    }
    emulator.clock().advance(Duration::from_hours(1)).await;
    assert_eq!(asking.await.expect("no panic").as_deref(), Ok("at last"));
}
