use aws_sdk_scheduler::types::ScheduleGroupState;

use super::{client, create_group, not_found};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_group_is_described() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        create_group(&scheduler, "reports").await;
        for name in ["reports", "default"] {
            let got = scheduler.get_schedule_group().name(name).send().await.unwrap();
            let arn = format!("arn:aws:scheduler:us-east-1:000000000000:schedule-group/{name}");
            assert_eq!((got.name(), got.arn()), (Some(name), Some(arn.as_str())));
            assert_eq!(got.state(), Some(&ScheduleGroupState::Active));
            assert!(got.creation_date().is_some() && got.last_modification_date().is_some());
        }
    });
}

#[test]
fn it_must_be_there() {
    on_both_stages(async |stage| {
        let refused = client(&stage).get_schedule_group().name("reports").send().await;
        assert_eq!(refusal(refused), not_found("Schedule group reports does not exist."));
    });
}
