//! Events on their way from a bus over a rule to a queue: each arrives, at least once.

use std::collections::BTreeSet;
use std::sync::Mutex;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, Target};
use aws_types::SdkConfig;

use super::messages::drain;
use crate::crash::Death;

#[derive(Default)]
pub struct Answered(Mutex<BTreeSet<String>>);

pub async fn prepare(config: &SdkConfig) {
    aws_sdk_sqs::Client::new(config).create_queue().queue_name("deliveries").send().await.unwrap();
    let client = Client::new(config);
    client.put_rule().name("all").event_pattern(r#"{"source":["crash"]}"#).send().await.unwrap();
    let target =
        Target::builder().id("queue").arn("arn:aws:sqs:us-east-1:000000000000:deliveries").input_path("$.detail");
    client.put_targets().rule("all").targets(target.build().unwrap()).send().await.unwrap();
}

impl Answered {
    pub async fn write(&self, config: &SdkConfig, round: u64, death: &Death) {
        let client = Client::new(config);
        for count in 0.. {
            let detail = format!(r#"{{"n":"{round}-{count}"}}"#);
            let entry = PutEventsRequestEntry::builder().source("crash").detail_type("test").detail(&detail).build();
            if client.put_events().entries(entry).send().await.is_err() {
                return;
            }
            self.0.lock().unwrap().insert(detail);
            death.answered();
        }
    }

    pub async fn check(&self, config: &SdkConfig) {
        let arrived = drain(config, "deliveries").await;
        let mut sent = self.0.lock().unwrap();
        let missing: Vec<&String> = sent.difference(&arrived).collect();
        assert!(missing.is_empty(), "{missing:?}");
        sent.clear();
    }
}
