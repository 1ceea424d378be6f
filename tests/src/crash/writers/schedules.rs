//! Schedules: each that was made is there.

use std::sync::Mutex;

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::types::{FlexibleTimeWindow, FlexibleTimeWindowMode, Target};
use aws_types::SdkConfig;

use crate::crash::Death;

#[derive(Default)]
pub struct Answered(Mutex<Vec<String>>);

impl Answered {
    pub async fn write(&self, config: &SdkConfig, round: u64, death: &Death) {
        let client = Client::new(config);
        for count in 0..20 {
            let name = format!("schedule-{round}-{count}");
            let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).build().unwrap();
            let target = Target::builder().arn("arn:aws:sqs:us-east-1:000000000000:messages");
            let target = target.role_arn("arn:aws:iam::000000000000:role/r").build().unwrap();
            let create = client.create_schedule().name(&name).schedule_expression("rate(1 hour)");
            if create.flexible_time_window(window).target(target).send().await.is_err() {
                return;
            }
            self.0.lock().unwrap().push(name);
            death.answered();
        }
    }

    pub async fn check(&self, config: &SdkConfig) {
        let client = Client::new(config);
        let answered = self.0.lock().unwrap().clone();
        for name in answered {
            let found = client.get_schedule().name(&name).send().await.unwrap();
            assert_eq!(found.schedule_expression(), Some("rate(1 hour)"), "{name}");
        }
    }
}
