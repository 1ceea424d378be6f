//! Agents: each that was made is there.

use std::collections::BTreeSet;
use std::sync::Mutex;

use aws_sdk_bedrockagent::Client;
use aws_types::SdkConfig;

use crate::crash::Death;

/// Names and ids.
#[derive(Default)]
pub struct Answered(Mutex<Vec<(String, String)>>);

impl Answered {
    pub async fn write(&self, config: &SdkConfig, round: u64, death: &Death) {
        let client = Client::new(config);
        for count in 0..3 {
            let name = format!("agent-{round}-{count}");
            let Ok(answer) = client.create_agent().agent_name(&name).send().await else { return };
            let id = answer.agent().unwrap().agent_id().to_owned();
            self.0.lock().unwrap().push((name, id));
            death.answered();
        }
    }

    pub async fn check(&self, config: &SdkConfig) {
        let mut pages = Client::new(config).list_agents().into_paginator().items().send();
        let mut found = BTreeSet::new();
        while let Some(agent) = pages.next().await {
            let agent = agent.unwrap();
            found.insert((agent.agent_name, agent.agent_id));
        }
        for agent in &*self.0.lock().unwrap() {
            assert!(found.contains(agent), "{agent:?} is not there");
        }
    }
}
