//! What was answered, by all processes so far, and whether it is there.

use aws_types::SdkConfig;

use super::writers::{agents, deliveries, items, log_events, messages, records, schedules};

#[derive(Default)]
pub struct Witness {
    pub records: records::Answered,
    pub items: items::Answered,
    pub messages: messages::Answered,
    pub deliveries: deliveries::Answered,
    pub log_events: log_events::Answered,
    pub schedules: schedules::Answered,
    pub agents: agents::Answered,
}

impl Witness {
    pub async fn check(&self, config: &SdkConfig) {
        self.records.check(config).await;
        self.items.check(config).await;
        self.messages.check(config).await;
        self.deliveries.check(config).await;
        self.log_events.check(config).await;
        self.schedules.check(config).await;
        self.agents.check(config).await;
    }
}
