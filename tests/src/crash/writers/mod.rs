//! One writer a service: it writes until the process is dead, and notes what was answered.

pub mod agents;
pub mod deliveries;
pub mod items;
pub mod log_events;
pub mod messages;
pub mod records;
pub mod schedules;

use std::sync::Arc;

use aws_types::SdkConfig;
use tokio::task::JoinSet;

use super::{Death, Witness};

/// Makes what is written to, once.
pub async fn prepare(config: &SdkConfig) {
    records::prepare(config).await;
    items::prepare(config).await;
    messages::prepare(config).await;
    deliveries::prepare(config).await;
    log_events::prepare(config).await;
    schedules::prepare(config).await;
}

pub struct Writers(JoinSet<()>);

impl Writers {
    pub fn start(config: &SdkConfig, round: u64, witness: &Arc<Witness>, death: &Arc<Death>) -> Self {
        let mut tasks = JoinSet::new();
        macro_rules! write {
            ($($service:ident),*) => {$({
                let (config, witness, death) = (config.clone(), Arc::clone(witness), Arc::clone(death));
                tasks.spawn(async move { witness.$service.write(&config, round, &death).await });
            })*};
        }
        write!(records, items, messages, deliveries, log_events, schedules, agents);
        Self(tasks)
    }

    /// Each ends when the process does not answer any more.
    pub async fn end(mut self) {
        while let Some(ended) = self.0.join_next().await {
            ended.expect("a writer notes its answers and nothing else");
        }
    }
}
