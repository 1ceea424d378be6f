//! Schedules: each that was made is there and has been invoked, at least once.

use std::collections::BTreeSet;
use std::sync::Mutex;

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::types::{FlexibleTimeWindow, FlexibleTimeWindowMode, Target};
use aws_types::SdkConfig;

use super::messages::drain;
use crate::crash::Death;

#[derive(Default)]
pub struct Answered(Mutex<State>);

#[derive(Default)]
struct State {
    made: Vec<String>,
    /// How many of them were looked at, one by one.
    seen: usize,
}

pub async fn prepare(config: &SdkConfig) {
    aws_sdk_sqs::Client::new(config).create_queue().queue_name("scheduled").send().await.unwrap();
}

impl Answered {
    pub async fn write(&self, config: &SdkConfig, round: u64, death: &Death) {
        let client = Client::new(config);
        for count in 0..20 {
            let name = format!("schedule-{round}-{count}");
            let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).build().unwrap();
            let target = Target::builder().arn("arn:aws:sqs:us-east-1:000000000000:scheduled");
            let target = target.role_arn("arn:aws:iam::000000000000:role/r").build().unwrap();
            let create = client.create_schedule().name(&name).schedule_expression("rate(1 hour)");
            if create.flexible_time_window(window).target(target).send().await.is_err() {
                return;
            }
            self.0.lock().unwrap().made.push(name);
            death.answered();
        }
    }

    /// All are there; those that are new, as they were made. A rate begins when the schedule is made, so each of them
    /// has been invoked once.
    pub async fn check(&self, config: &SdkConfig) {
        let client = Client::new(config);
        let there = names(&client).await;
        let bodies = drain(config, "scheduled").await;
        let (made, seen) = {
            let state = &mut *self.0.lock().unwrap();
            let seen = state.seen;
            state.seen = state.made.len();
            (state.made.clone(), seen)
        };
        for name in &made {
            assert!(there.contains(name), "{name} is not there");
        }
        for name in &made[seen..] {
            let found = client.get_schedule().name(name).send().await.unwrap();
            assert_eq!(found.schedule_expression(), Some("rate(1 hour)"), "{name}");
            let arn = format!("schedule/default/{name}\"");
            assert!(bodies.iter().any(|body| body.contains(&arn)), "{name} was not invoked: {bodies:?}");
        }
    }
}

async fn names(client: &Client) -> BTreeSet<String> {
    let mut pages = client.list_schedules().into_paginator().items().send();
    let mut names = BTreeSet::new();
    while let Some(schedule) = pages.next().await {
        names.extend(schedule.unwrap().name);
    }
    names
}
