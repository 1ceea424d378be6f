use aws_sdk_scheduler::types::Tag;

use super::{client, conflict, create_group, validation, violation};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn a_group_has_an_arn_and_tags() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let tag = Tag::builder().key("team").value("shop").build().unwrap();
        let created = scheduler.create_schedule_group().name("reports").tags(tag.clone()).send().await.unwrap();
        let arn = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/reports";
        assert_eq!(created.schedule_group_arn(), arn);
        let tags = scheduler.list_tags_for_resource().resource_arn(arn).send().await.unwrap();
        assert_eq!(tags.tags(), [tag]);
    });
}

#[test]
fn its_name_must_be_a_free_one() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        create_group(&scheduler, "reports").await;
        let again = scheduler.create_schedule_group().name("reports").send().await;
        assert_eq!(refusal(again), conflict("Schedule group reports already exists."));
        let default = scheduler.create_schedule_group().name("default").send().await;
        assert_eq!(refusal(default), validation("This operation cannot be performed on schedule group default."));
        let long = "g".repeat(65);
        let refused = scheduler.create_schedule_group().name(&long).send().await;
        assert_eq!(refusal(refused), violation(&long, "name", "have length less than or equal to 64"));
    });
}

#[test]
fn the_same_request_under_the_same_token_happens_once() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        for _ in 0..2 {
            scheduler.create_schedule_group().name("reports").client_token("t-1").send().await.unwrap();
        }
        let refused = scheduler.create_schedule_group().name("other").client_token("t-1").send().await;
        assert_eq!(refusal(refused).0, "ConflictException");
    });
}

#[test]
fn an_account_has_up_to_500_groups() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        for number in 1..500 {
            create_group(&scheduler, &format!("group-{number}")).await;
        }
        let refused = scheduler.create_schedule_group().name("one-more").send().await;
        assert_eq!(refusal(refused).0, "ServiceQuotaExceededException");
    });
}
