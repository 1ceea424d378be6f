use aws_sdk_scheduler::types::ScheduleState;

use super::{client, create, create_group, not_found, validation, violation};
use crate::stage::{Stage, on_both_stages, refusal};

/// Schedules of two groups, one of them disabled.
async fn create_some(stage: &Stage) {
    let scheduler = client(stage);
    create_group(&scheduler, "reports").await;
    for (group, name) in
        [("default", "b-2"), ("default", "a"), ("reports", "b-1"), ("default", "b-1"), ("reports", "c")]
    {
        let state = if name == "a" { ScheduleState::Disabled } else { ScheduleState::Enabled };
        create(&scheduler, name, "cron(0 3 * * ? *)").group_name(group).state(state).send().await.unwrap();
    }
}

#[test]
fn schedules_are_listed_by_group_and_name() {
    on_both_stages(async |stage| {
        create_some(&stage).await;
        let listed = client(&stage).list_schedules().send().await.unwrap();
        let names: Vec<_> =
            listed.schedules().iter().map(|one| (one.group_name().unwrap(), one.name().unwrap())).collect();
        let expected = [("default", "a"), ("default", "b-1"), ("default", "b-2"), ("reports", "b-1"), ("reports", "c")];
        assert_eq!(names, expected);
        assert_eq!(listed.next_token(), None);
        let first = &listed.schedules()[0];
        assert_eq!(first.arn(), Some("arn:aws:scheduler:us-east-1:000000000000:schedule/default/a"));
        assert_eq!(first.state(), Some(&ScheduleState::Disabled));
        assert_eq!(first.target().unwrap().arn(), "arn:aws:sqs:us-east-1:000000000000:jobs");
        assert!(first.creation_date().is_some() && first.last_modification_date().is_some());
    });
}

#[test]
fn what_is_asked_for_in_the_query_is_what_is_listed() {
    on_both_stages(async |stage| {
        create_some(&stage).await;
        let scheduler = client(&stage);
        let list = || scheduler.list_schedules();
        for (list, expected) in [
            (list().group_name("reports"), &["b-1", "c"][..]),
            (list().name_prefix("b-"), &["b-1", "b-2", "b-1"]),
            (list().state(ScheduleState::Disabled), &["a"]),
            (list().group_name("default").name_prefix("b-").state(ScheduleState::Enabled), &["b-1", "b-2"]),
            (list().name_prefix("z"), &[]),
        ] {
            let listed = list.send().await.unwrap();
            let names: Vec<_> = listed.schedules().iter().map(|one| one.name().unwrap()).collect();
            assert_eq!(names, expected);
        }
    });
}

#[test]
fn pages_follow_each_other() {
    on_both_stages(async |stage| {
        create_some(&stage).await;
        let scheduler = client(&stage);
        let mut pages = scheduler.list_schedules().max_results(2).into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.unwrap();
            names.push(page.schedules().iter().map(|one| one.name().unwrap().to_owned()).collect::<Vec<_>>());
        }
        assert_eq!(names, [&["a", "b-1"][..], &["b-2", "b-1"], &["c"]]);
    });
}

#[test]
fn a_wrong_question_is_refused() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let listed = scheduler.list_schedules().group_name("reports").send().await;
        assert_eq!(refusal(listed), not_found("Schedule group reports does not exist."));
        let listed = scheduler.list_schedules().max_results(101).send().await;
        assert_eq!(refusal(listed), violation("101", "maxResults", "have value less than or equal to 100"));
        let listed = scheduler.list_schedules().state("ON".into()).send().await;
        assert_eq!(refusal(listed), violation("ON", "state", "satisfy enum value set: [ENABLED, DISABLED]"));
        let listed = scheduler.list_schedules().next_token("mine").send().await;
        assert_eq!(refusal(listed), validation("Invalid NextToken."));
    });
}
