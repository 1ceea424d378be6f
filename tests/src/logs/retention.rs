//! Events pass out of retention on the clock.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use rehearsal_emulator::Kind;

use super::{DAY_MILLIS, create_stream, found, now, put, with_stream};
use crate::stage::{Stage, in_virtual_time, on_both_stages};

const DAY: Duration = Duration::from_hours(24);

async fn left(logs: &Client) -> Vec<String> {
    let page = logs.filter_log_events().log_group_name("shop").send().await.unwrap();
    found(&page).into_iter().map(str::to_owned).collect()
}

async fn stored_bytes(logs: &Client) -> Option<i64> {
    logs.describe_log_groups().send().await.unwrap().log_groups()[0].stored_bytes()
}

fn sweeps(stage: &Stage) -> Vec<(u64, String)> {
    let events = stage.emulator.timeline().events();
    let timers = events.into_iter().filter(|event| event.kind == Kind::Timer && event.action == "EventsExpired");
    timers.map(|timer| (timer.at_ms, timer.detail)).collect()
}

#[test]
fn an_event_is_read_to_the_millisecond_and_swept_at_the_end_of_the_hour() {
    in_virtual_time(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        create_stream(&logs, "shop", "job").await;
        logs.put_retention_policy().log_group_name("shop").retention_in_days(1).send().await.unwrap();
        let time = now(&stage);
        put(&logs, "shop", "web", &[(time + 60_000, "a"), (time + 60_001, "b")]).await;
        put(&logs, "shop", "job", &[(time + 7_200_000, "c")]).await;
        stage.advance(DAY + Duration::from_mins(1)).await;
        assert_eq!(left(&logs).await, ["a", "b", "c"]);
        stage.advance(Duration::from_millis(1)).await;
        assert_eq!(left(&logs).await, ["b", "c"]);
        assert_eq!(stored_bytes(&logs).await, Some(81));
        stage.advance(Duration::from_hours(1)).await;
        assert_eq!(left(&logs).await, ["c"]);
        assert_eq!(stored_bytes(&logs).await, Some(27));
        stage.advance(DAY).await;
        assert_eq!(left(&logs).await, Vec::<String>::new());
        assert_eq!(stored_bytes(&logs).await, Some(0));
        let hour = 3_600_000;
        assert_eq!(sweeps(&stage), [(25 * hour, "2 events".to_owned()), (27 * hour, "1 event".to_owned())]);
    });
}

#[test]
fn a_policy_that_comes_later_holds_for_what_is_there_and_may_be_taken_back() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        put(&logs, "shop", "web", &[(time - 2 * DAY_MILLIS, "old")]).await;
        put(&logs, "shop", "web", &[(time, "new")]).await;
        let retain = |days: i32| logs.put_retention_policy().log_group_name("shop").retention_in_days(days).send();
        retain(1).await.unwrap();
        assert_eq!(left(&logs).await, ["new"]);
        logs.delete_retention_policy().log_group_name("shop").send().await.unwrap();
        assert_eq!(left(&logs).await, ["old", "new"], "what is not deleted yet is there again, as on AWS");
        retain(30).await.unwrap();
        stage.advance(10 * DAY).await;
        assert_eq!(left(&logs).await, ["old", "new"]);
        retain(7).await.unwrap();
        stage.advance(DAY).await;
        assert_eq!(stored_bytes(&logs).await, Some(0));
    });
}

#[test]
fn a_year_of_a_busy_group_is_cheap() {
    in_virtual_time(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        logs.put_retention_policy().log_group_name("shop").retention_in_days(1).send().await.unwrap();
        for _ in 0..365 {
            put(&logs, "shop", "web", &[(now(&stage), "x")]).await;
            stage.advance(DAY).await;
        }
        stage.advance(2 * DAY).await;
        assert_eq!((stored_bytes(&logs).await, sweeps(&stage).len()), (Some(0), 365));
    });
}
