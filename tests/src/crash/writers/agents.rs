//! Agents: each that was made is there.

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
        let client = Client::new(config);
        let answered = self.0.lock().unwrap().clone();
        for (name, id) in answered {
            let found = client.get_agent().agent_id(&id).send().await.unwrap();
            assert_eq!(found.agent().unwrap().agent_name(), name);
        }
    }
}
