use std::time::Duration;

use aws_sdk_scheduler::types::ScheduleState;

use super::{client, create, invoked_at, not_found, off, queue, timers, validation};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

fn update(
    scheduler: &aws_sdk_scheduler::Client,
    expression: &str,
) -> aws_sdk_scheduler::operation::update_schedule::builders::UpdateScheduleFluentBuilder {
    let update = scheduler.update_schedule().name("nightly").schedule_expression(expression);
    update.flexible_time_window(off()).target(queue().build().unwrap())
}

#[test]
fn what_is_left_out_is_gone() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        let created = create(&scheduler, "nightly", "rate(1 day)").description("first").state(ScheduleState::Disabled);
        created.schedule_expression_timezone("Europe/Berlin").send().await.unwrap();
        stage.advance(Duration::from_secs(5)).await;
        let updated = update(&scheduler, "cron(0 3 * * ? *)").send().await.unwrap();
        assert_eq!(updated.schedule_arn(), "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly");
        let got = scheduler.get_schedule().name("nightly").send().await.unwrap();
        assert_eq!((got.description(), got.schedule_expression()), (None, Some("cron(0 3 * * ? *)")));
        assert_eq!(got.schedule_expression_timezone(), Some("UTC"));
        assert_eq!(got.state(), Some(&ScheduleState::Enabled));
        let (created, modified) = (got.creation_date().unwrap().secs(), got.last_modification_date().unwrap().secs());
        assert_eq!(modified - created, 5);
    });
}

#[test]
fn it_must_be_there_and_the_new_one_good() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        assert_eq!(
            refusal(update(&scheduler, "rate(1 day)").send().await),
            not_found("Schedule nightly does not exist.")
        );
        let elsewhere = update(&scheduler, "rate(1 day)").group_name("reports").send().await;
        assert_eq!(refusal(elsewhere), not_found("Schedule group reports does not exist."));
        create(&scheduler, "nightly", "rate(1 day)").send().await.unwrap();
        let refused = update(&scheduler, "daily").send().await;
        assert_eq!(refusal(refused), validation("Invalid Schedule Expression daily."));
        let got = scheduler.get_schedule().name("nightly").send().await.unwrap();
        assert_eq!(got.schedule_expression(), Some("rate(1 day)"));
    });
}

#[test]
fn a_new_expression_counts_from_now_and_the_old_one_is_over() {
    in_virtual_time(async |stage| {
        let (scheduler, began) = (client(&stage), stage.emulator.clock().now().as_millis());
        create(&scheduler, "nightly", "cron(0/10 * * * ? *)").send().await.unwrap();
        stage.advance(Duration::from_mins(15)).await;
        update(&scheduler, "rate(7 minutes)").send().await.unwrap();
        stage.advance(Duration::from_mins(10)).await;
        let expected = ["2026-01-01T00:10:00Z", "2026-01-01T00:15:00Z", "2026-01-01T00:22:00Z"];
        assert_eq!(invoked_at(&stage, began), expected);
    });
}

#[test]
fn a_rate_whose_times_stay_counts_on() {
    in_virtual_time(async |stage| {
        let (scheduler, began) = (client(&stage), stage.emulator.clock().now().as_millis());
        create(&scheduler, "nightly", "rate(10 minutes)").send().await.unwrap();
        stage.advance(Duration::from_mins(14)).await;
        update(&scheduler, "rate(10 minutes)").description("as before").send().await.unwrap();
        stage.advance(Duration::from_mins(7)).await;
        let expected = ["2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z", "2026-01-01T00:20:00Z"];
        assert_eq!(invoked_at(&stage, began), expected);
    });
}

#[test]
fn a_disabled_schedule_rests_and_does_not_catch_up() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        create(&scheduler, "nightly", "cron(0 * * * ? *)").send().await.unwrap();
        update(&scheduler, "cron(0 * * * ? *)").state(ScheduleState::Disabled).send().await.unwrap();
        stage.advance(Duration::from_hours(5)).await;
        assert_eq!(timers(&stage).len(), 0);
        update(&scheduler, "cron(0 * * * ? *)").send().await.unwrap();
        stage.advance(Duration::from_hours(2)).await;
        assert_eq!(timers(&stage).len(), 2);
    });
}

#[test]
fn one_time_that_passed_while_it_rested_comes_when_it_is_enabled_and_once() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        let once = "at(2026-01-01T00:30:00)";
        create(&scheduler, "nightly", once).state(ScheduleState::Disabled).send().await.unwrap();
        stage.advance(Duration::from_hours(1)).await;
        assert_eq!(timers(&stage).len(), 0);
        for _ in 0..2 {
            update(&scheduler, once).send().await.unwrap();
            stage.advance(Duration::from_secs(1)).await;
            assert_eq!(timers(&stage).len(), 1);
        }
        update(&scheduler, "at(2026-01-01T02:00:00)").send().await.unwrap();
        stage.advance(Duration::from_hours(1)).await;
        assert_eq!(timers(&stage).len(), 2);
    });
}
