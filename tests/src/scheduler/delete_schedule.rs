use std::time::Duration;

use super::{client, create, create_group, not_found, timers};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn a_deleted_schedule_is_gone_from_its_group_alone() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        create_group(&scheduler, "reports").await;
        create(&scheduler, "nightly", "rate(1 day)").send().await.unwrap();
        create(&scheduler, "nightly", "rate(1 day)").group_name("reports").send().await.unwrap();
        scheduler.delete_schedule().name("nightly").group_name("reports").send().await.unwrap();
        let got = scheduler.get_schedule().name("nightly").group_name("reports").send().await;
        assert_eq!(refusal(got), not_found("Schedule nightly does not exist."));
        scheduler.get_schedule().name("nightly").send().await.unwrap();
    });
}

#[test]
fn it_must_be_there_unless_the_same_call_has_deleted_it() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        create(&scheduler, "nightly", "rate(1 day)").send().await.unwrap();
        for _ in 0..2 {
            scheduler.delete_schedule().name("nightly").client_token("t-1").send().await.unwrap();
        }
        let refused = scheduler.delete_schedule().name("nightly").client_token("t-2").send().await;
        assert_eq!(refusal(refused), not_found("Schedule nightly does not exist."));
        let refused = scheduler.delete_schedule().name("nightly").group_name("reports").send().await;
        assert_eq!(refusal(refused), not_found("Schedule group reports does not exist."));
    });
}

#[test]
fn nothing_comes_of_it_any_more() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        create(&scheduler, "nightly", "cron(* * * * ? *)").send().await.unwrap();
        stage.advance(Duration::from_mins(3)).await;
        scheduler.delete_schedule().name("nightly").send().await.unwrap();
        stage.advance(Duration::from_mins(3)).await;
        assert_eq!(timers(&stage).len(), 3);
    });
}
