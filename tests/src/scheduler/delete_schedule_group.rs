use std::time::Duration;

use super::{client, create, create_group, not_found, timers, validation};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn its_schedules_go_with_it() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        create_group(&scheduler, "reports").await;
        create(&scheduler, "nightly", "cron(* * * * ? *)").group_name("reports").send().await.unwrap();
        create(&scheduler, "nightly", "cron(0 3 * * ? *)").send().await.unwrap();
        scheduler.delete_schedule_group().name("reports").send().await.unwrap();
        stage.advance(Duration::from_mins(5)).await;
        assert_eq!(timers(&stage).len(), 0);
        let got = scheduler.get_schedule_group().name("reports").send().await;
        assert_eq!(refusal(got), not_found("Schedule group reports does not exist."));
        assert_eq!(scheduler.list_schedules().send().await.unwrap().schedules().len(), 1);
        create_group(&scheduler, "reports").await;
        let empty = scheduler.list_schedules().group_name("reports").send().await.unwrap();
        assert_eq!(empty.schedules().len(), 0);
    });
}

#[test]
fn it_must_be_there_and_not_the_default_one() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let refused = scheduler.delete_schedule_group().name("reports").send().await;
        assert_eq!(refusal(refused), not_found("Schedule group reports does not exist."));
        let refused = scheduler.delete_schedule_group().name("default").send().await;
        assert_eq!(refusal(refused), validation("This operation cannot be performed on schedule group default."));
    });
}
