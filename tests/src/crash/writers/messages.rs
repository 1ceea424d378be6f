//! Messages of a queue: what was sent is there until it was deleted, and then it is not.

use std::collections::BTreeSet;
use std::sync::Mutex;

use aws_sdk_sqs::Client;
use aws_types::SdkConfig;

use crate::crash::Death;

#[derive(Default)]
pub struct Answered(Mutex<State>);

#[derive(Default)]
struct State {
    sent: BTreeSet<String>,
    deleted: BTreeSet<String>,
}

pub async fn prepare(config: &SdkConfig) {
    Client::new(config).create_queue().queue_name("messages").send().await.unwrap();
}

impl Answered {
    pub async fn write(&self, config: &SdkConfig, round: u64, death: &Death) {
        let client = Client::new(config);
        let url = url(config, "messages");
        for count in 0.. {
            let body = format!("{round}-{count}");
            if client.send_message().queue_url(&url).message_body(&body).send().await.is_err() {
                return;
            }
            self.0.lock().unwrap().sent.insert(body);
            death.answered();
        }
    }

    /// Takes all that is there. What has been deleted once must not come back.
    pub async fn check(&self, config: &SdkConfig) {
        let found = drain(config, "messages").await;
        let mut state = self.0.lock().unwrap();
        for body in &found {
            assert!(!state.deleted.contains(body), "{body} was deleted");
        }
        let missing: Vec<&String> = state.sent.difference(&found).collect();
        assert!(missing.is_empty(), "{missing:?}");
        state.sent.clear();
        state.deleted.extend(found);
    }
}

pub fn url(config: &SdkConfig, name: &str) -> String {
    format!("{}/000000000000/{name}", config.endpoint_url().unwrap())
}

/// Receives and deletes until there is nothing left.
pub async fn drain(config: &SdkConfig, queue: &str) -> BTreeSet<String> {
    let client = Client::new(config);
    let url = url(config, queue);
    let mut bodies = BTreeSet::new();
    loop {
        let answer = client.receive_message().queue_url(&url).max_number_of_messages(10).send().await.unwrap();
        if answer.messages().is_empty() {
            return bodies;
        }
        for message in answer.messages() {
            bodies.insert(message.body().unwrap().to_owned());
            let handle = message.receipt_handle().unwrap();
            client.delete_message().queue_url(&url).receipt_handle(handle).send().await.unwrap();
        }
    }
}
