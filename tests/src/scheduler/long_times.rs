//! Many invocations and a long time: on the clock it is nothing.

use std::time::Duration;

use super::{client, create};
use crate::stage::in_virtual_time;

#[test]
fn a_day_of_a_schedule_that_comes_every_minute() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        let target = super::to("arn:aws:scheduler:::aws-sdk:scheduler:deleteSchedule").input(r#"{"Name":"nobody"}"#);
        let target = target.build().unwrap();
        let created = create(&scheduler, "often", "cron(* * * * ? *)").schedule_expression_timezone("Europe/Berlin");
        created.target(target).send().await.unwrap();
        stage.advance(Duration::from_hours(24)).await;
        assert_eq!(super::timers(&stage).len(), 24 * 60);
        // And the next year of one that comes once a day.
        scheduler.delete_schedule().name("often").send().await.unwrap();
        create(&scheduler, "daily", "cron(0 3 * * ? *)").send().await.unwrap();
        stage.advance(Duration::from_hours(24 * 365)).await;
        assert_eq!(super::timers(&stage).len(), 24 * 60 + 365);
    });
}
