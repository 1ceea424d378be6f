//! Worlds that start from the same data, and a world that is saved and loaded.

use std::time::Duration;

use aws_sdk_sqs::Client;
use rehearsal_emulator::{Emulator, Reply, model};

use super::{MODEL, ask};

async fn queue(emulator: &Emulator) -> (Client, String) {
    let client = Client::new(&emulator.sdk_config().await);
    let made = client.create_queue().queue_name("orders").send().await.unwrap();
    (client, made.queue_url().unwrap().to_owned())
}

async fn bodies(client: &Client, url: &str) -> Vec<String> {
    let answer = client.receive_message().queue_url(url).max_number_of_messages(10).send().await.unwrap();
    answer.messages().iter().map(|message| message.body().unwrap().to_owned()).collect()
}

async fn send(client: &Client, url: &str, body: &str) {
    client.send_message().queue_url(url).message_body(body).send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn forks_begin_with_the_same_and_go_their_own_ways() {
    let original = Emulator::start().await;
    let (client, url) = queue(&original).await;
    send(&client, &url, "prepared").await;
    original.clock().advance(Duration::from_hours(3)).await;
    let snapshot = original.snapshot().unwrap();
    send(&client, &url, "later").await;
    let (one, other) = (snapshot.fork().await.unwrap(), snapshot.fork().await.unwrap());
    assert_eq!(one.clock().now(), original.clock().now());
    let (client_of_one, client_of_other) =
        (Client::new(&one.sdk_config().await), Client::new(&other.sdk_config().await));
    send(&client_of_one, &url, "in one").await;
    assert_eq!(bodies(&client_of_one, &url).await, ["prepared", "in one"]);
    assert_eq!(bodies(&client_of_other, &url).await, ["prepared"]);
    assert_eq!(bodies(&client, &url).await, ["prepared", "later"]);
}

#[tokio::test(start_paused = true)]
async fn a_fork_has_the_script_and_how_far_it_is() {
    let original = Emulator::start().await;
    original.bedrock().given(model("*")).respond_with(Reply::text("first")).then(Reply::text("second")).mount();
    let client = aws_sdk_bedrockruntime::Client::new(&original.sdk_config().await);
    assert_eq!(ask(&client, "?").await.unwrap(), "first");
    let fork = original.fork().await.unwrap();
    let client_of_fork = aws_sdk_bedrockruntime::Client::new(&fork.sdk_config().await);
    assert_eq!(ask(&client_of_fork, "?").await.unwrap(), "second", "{MODEL}");
    assert_eq!(ask(&client, "?").await.unwrap(), "second");
}

#[tokio::test(start_paused = true)]
async fn what_was_saved_is_loaded_in_place_of_everything() {
    let emulator = Emulator::start().await;
    let (client, url) = queue(&emulator).await;
    send(&client, &url, "saved").await;
    let saved = emulator.world().save();
    send(&client, &url, "not saved").await;
    client.create_queue().queue_name("another").send().await.unwrap();
    emulator.world().load(saved).unwrap();
    assert_eq!(bodies(&client, &url).await, ["saved"]);
    let listed = client.list_queues().send().await.unwrap();
    assert_eq!(listed.queue_urls().len(), 1);
}
