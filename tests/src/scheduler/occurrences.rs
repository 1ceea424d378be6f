//! When schedules come, by the emulator's clock.

use std::time::Duration;

use aws_sdk_scheduler::primitives::DateTime;
use aws_sdk_scheduler::types::ActionAfterCompletion;

use super::{client, create, invoked_at, not_found, timers};
use crate::stage::{Stage, in_virtual_time, refusal};

const HOUR: Duration = Duration::from_hours(1);

/// Creates a schedule, lets that much time pass, and says when it came.
async fn times(stage: &Stage, expression: &str, zone: &str, pass: Duration) -> Vec<String> {
    let began = stage.emulator.clock().now().as_millis();
    let created = create(&client(stage), "nightly", expression).schedule_expression_timezone(zone);
    created.send().await.unwrap();
    stage.advance(pass).await;
    invoked_at(stage, began)
}

#[test]
fn a_rate_comes_at_once_and_then_regularly() {
    in_virtual_time(async |stage| {
        let came = times(&stage, "rate(20 minutes)", "UTC", HOUR).await;
        let expected = ["2026-01-01T00:00:00Z", "2026-01-01T00:20:00Z", "2026-01-01T00:40:00Z", "2026-01-01T01:00:00Z"];
        assert_eq!(came, expected);
    });
}

#[test]
fn a_cron_comes_by_the_clocks_of_its_zone() {
    in_virtual_time(async |stage| {
        let came = times(&stage, "cron(30 3 * * ? *)", "Asia/Tokyo", 48 * HOUR).await;
        assert_eq!(came, ["2026-01-01T18:30:00Z", "2026-01-02T18:30:00Z"]);
    });
}

#[test]
fn daylight_saving_leaves_out_what_no_clock_shows() {
    in_virtual_time(async |stage| {
        stage.advance(Duration::from_hours(24 * 86)).await;
        let began = stage.emulator.clock().now().as_millis();
        create(&client(&stage), "nightly", "cron(30 2 * * ? *)")
            .schedule_expression_timezone("Europe/Berlin")
            .send()
            .await
            .unwrap();
        stage.advance(Duration::from_hours(24 * 4)).await;
        let came = invoked_at(&stage, began - Duration::from_hours(24 * 86).as_millis() as i64);
        // Summer time begins on the 29th, at 2 o'clock.
        assert_eq!(came, ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z"]);
    });
}

#[test]
fn one_time_comes_once() {
    in_virtual_time(async |stage| {
        let came = times(&stage, "at(2026-01-01T03:00:30)", "Europe/Berlin", 24 * HOUR).await;
        assert_eq!(came, ["2026-01-01T02:00:30Z"]);
        client(&stage).get_schedule().name("nightly").send().await.unwrap();
    });
}

#[test]
fn start_and_end_bound_a_schedule_that_recurs() {
    in_virtual_time(async |stage| {
        let (scheduler, began) = (client(&stage), stage.emulator.clock().now());
        let date = |minutes: i64| DateTime::from_secs(began.as_secs() + minutes * 60);
        let bounded = |name, expression| create(&scheduler, name, expression).start_date(date(25)).end_date(date(45));
        bounded("rate", "rate(10 minutes)").send().await.unwrap();
        stage.advance(HOUR).await;
        let came = invoked_at(&stage, began.as_millis());
        assert_eq!(came, ["2026-01-01T00:25:00Z", "2026-01-01T00:35:00Z", "2026-01-01T00:45:00Z"]);
        let date = |minutes: i64| DateTime::from_secs(stage.emulator.clock().now().as_secs() + minutes * 60);
        let cron = create(&scheduler, "cron", "cron(0/10 * * * ? *)").start_date(date(20)).end_date(date(35));
        cron.send().await.unwrap();
        stage.advance(HOUR).await;
        let came = invoked_at(&stage, began.as_millis()).split_off(3);
        assert_eq!(came, ["2026-01-01T01:20:00Z", "2026-01-01T01:30:00Z"]);
    });
}

#[test]
fn a_completed_schedule_deletes_itself_if_it_is_to() {
    in_virtual_time(async |stage| {
        let (scheduler, began) = (client(&stage), stage.emulator.clock().now());
        let delete = ActionAfterCompletion::Delete;
        let once = create(&scheduler, "once", "at(2026-01-01T00:30:00)");
        once.action_after_completion(delete.clone()).send().await.unwrap();
        let end = DateTime::from_secs(began.as_secs() + 30 * 60);
        let ends = create(&scheduler, "ends", "cron(0/10 * * * ? *)").end_date(end);
        ends.action_after_completion(delete.clone()).send().await.unwrap();
        // Without an end date it stays.
        let stays = create(&scheduler, "stays", "cron(30 0 1 1 ? 2026)").action_after_completion(delete);
        stays.send().await.unwrap();
        stage.advance(Duration::from_mins(29)).await;
        for name in ["once", "ends", "stays"] {
            scheduler.get_schedule().name(name).send().await.unwrap();
        }
        stage.advance(Duration::from_mins(2)).await;
        for name in ["once", "ends"] {
            let got = scheduler.get_schedule().name(name).send().await;
            assert_eq!(refusal(got), not_found(&format!("Schedule {name} does not exist.")));
        }
        scheduler.get_schedule().name("stays").send().await.unwrap();
        assert_eq!(timers(&stage).len(), 1 + 3 + 1);
    });
}

#[test]
fn those_that_come_together_come_in_the_order_in_which_they_were_made() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        for name in ["c", "a", "b"] {
            create(&scheduler, name, "cron(0 1 * * ? *)").send().await.unwrap();
        }
        stage.advance(HOUR).await;
        let names: Vec<String> = timers(&stage).into_iter().map(|event| event.resource).collect();
        assert_eq!(names, ["c", "a", "b"]);
    });
}

#[test]
fn an_invocation_comes_from_the_request_that_made_its_schedule() {
    in_virtual_time(async |stage| {
        create(&client(&stage), "nightly", "cron(0 1 * * ? *)").send().await.unwrap();
        stage.advance(HOUR).await;
        let events = stage.emulator.timeline().events();
        let made = events.iter().find(|event| event.action == "CreateSchedule").unwrap();
        let invoked = timers(&stage).remove(0);
        assert_eq!(invoked.cause.unwrap().event, made.id);
        assert_eq!((&*invoked.action, invoked.at_ms), ("invoke", 3_600_000));
        let sent = super::hops(&stage).remove(0);
        assert_eq!(sent.cause.unwrap().event, invoked.id);
        assert!(sent.resource.starts_with("arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly -> "));
    });
}
