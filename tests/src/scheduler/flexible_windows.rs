use std::time::Duration;

use aws_sdk_scheduler::types::{FlexibleTimeWindow, FlexibleTimeWindowMode};

use super::{client, create, create_stream, records, stream, timers};
use crate::stage::{Stage, in_virtual_time};

async fn create_flexible(stage: &Stage) {
    let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Flexible).maximum_window_in_minutes(15);
    let target = stream().input("<aws.scheduler.scheduled-time>").build().unwrap();
    let created = create(&client(stage), "nightly", "cron(0 * * * ? *)").target(target);
    created.flexible_time_window(window.build().unwrap()).send().await.unwrap();
}

async fn moments(stage: &Stage) -> Vec<u64> {
    create_flexible(stage).await;
    stage.advance(Duration::from_hours(20)).await;
    timers(stage).iter().map(|event| event.at_ms % 3_600_000).collect()
}

#[test]
fn the_moment_is_drawn_from_the_window_and_the_seed() {
    in_virtual_time(async |stage| {
        let first = moments(&stage).await;
        assert!(first.len() >= 19, "{first:?}");
        assert!(first.iter().all(|moment| *moment < 15 * 60_000), "{first:?}");
        assert!(first.iter().any(|moment| *moment > 5 * 60_000), "{first:?}");
        let again = Stage::in_process().await;
        assert_eq!(moments(&again).await, first);
    });
}

#[test]
fn the_scheduled_time_is_the_one_that_was_meant() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        create_flexible(&stage).await;
        stage.advance(Duration::from_mins(136)).await;
        let times: Vec<String> = records(&stage).await.into_iter().map(|(_, data)| data).collect();
        assert_eq!(times, ["2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z"]);
    });
}
