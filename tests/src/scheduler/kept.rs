//! What is kept, and what a process does that begins on it, at once or much later.

use std::time::Duration;

use aws_sdk_scheduler::primitives::DateTime;
use aws_sdk_scheduler::types::{
    ActionAfterCompletion, DeadLetterConfig, EcsParameters, EventBridgeParameters, FlexibleTimeWindow,
    FlexibleTimeWindowMode, RetryPolicy, ScheduleState, SqsParameters, Tag, Target,
};
use rehearsal_emulator::Kind;

use super::{client, conflict, create, create_group, create_queue, off, queue, receive, stream, to};
use crate::keeping::{KeptStage, LeftBehind, shown, while_kept};
use crate::stage::{Stage, in_virtual_time, refusal};

const GROUP: &str = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/reports";

/// Everything that can be asked about what there is.
async fn answers(stage: &Stage) -> Vec<String> {
    let scheduler = client(stage);
    let mut answers = Vec::new();
    for group in scheduler.list_schedule_groups().send().await.unwrap().schedule_groups() {
        let name = group.name().unwrap();
        answers.push(shown(&scheduler.get_schedule_group().name(name).send().await.unwrap()));
        let tags = scheduler.list_tags_for_resource().resource_arn(group.arn().unwrap());
        answers.push(shown(&tags.send().await.unwrap()));
        for schedule in scheduler.list_schedules().group_name(name).send().await.unwrap().schedules() {
            let get = scheduler.get_schedule().group_name(name).name(schedule.name().unwrap());
            answers.push(shown(&get.send().await.unwrap()));
        }
    }
    answers
}

/// Everything is kept, and a process that begins on it answers the same, as a fork does.
async fn holds(kept: &KeptStage) {
    let [read, forked] = kept.again().await;
    let expected = answers(&kept.stage).await;
    assert_eq!(answers(&read).await, expected, "read");
    assert_eq!(answers(&forked).await, expected, "forked");
    // To ask changes nothing.
    assert_eq!(kept.settled().await, Vec::<String>::new());
}

fn window(minutes: i32) -> FlexibleTimeWindow {
    let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Flexible);
    window.maximum_window_in_minutes(minutes).build().unwrap()
}

/// A target of each kind.
fn targets() -> Vec<(&'static str, Target)> {
    let retry = RetryPolicy::builder().maximum_retry_attempts(3).maximum_event_age_in_seconds(60).build();
    let dead = DeadLetterConfig::builder().arn("arn:aws:sqs:us-east-1:000000000000:dead").build();
    let fifo = to("arn:aws:sqs:us-east-1:000000000000:jobs.fifo");
    let event = EventBridgeParameters::builder().detail_type("tick").source("shop").build().unwrap();
    let bus = to("arn:aws:events:us-east-1:000000000000:event-bus/default").event_bridge_parameters(event);
    let task = EcsParameters::builder().task_definition_arn("arn:aws:ecs:us-east-1:000000000000:task-definition/t");
    let cluster =
        to("arn:aws:ecs:us-east-1:000000000000:cluster/c").ecs_parameters(task.task_count(2).build().unwrap());
    vec![
        ("queue", queue().input("<aws.scheduler.execution-id>").retry_policy(retry).dead_letter_config(dead)),
        ("fifo", fifo.sqs_parameters(SqsParameters::builder().message_group_id("g").build())),
        ("stream", stream().input("<aws.scheduler.attempt-number>")),
        ("bus", bus.input("{}")),
        ("cluster", cluster),
        ("universal", to("arn:aws:scheduler:::aws-sdk:sqs:createQueue").input(r#"{"QueueName":"made"}"#)),
    ]
    .into_iter()
    .map(|(name, target)| (name, target.build().unwrap()))
    .collect()
}

#[test]
fn groups_and_schedules_are_kept() {
    while_kept(async |kept| {
        let scheduler = client(&kept.stage);
        create_queue(&kept.stage, "jobs").await;
        create_group(&scheduler, "reports").await;
        for (name, target) in targets() {
            create(&scheduler, name, "rate(7 minutes)").target(target).send().await.unwrap();
        }
        let now = kept.stage.emulator.clock().now().as_secs();
        let nightly = create(&scheduler, "nightly", "cron(30 3 ? * MON-FRI *)").group_name("reports").description("d");
        let nightly = nightly.schedule_expression_timezone("Europe/Berlin").flexible_time_window(window(15));
        let nightly =
            nightly.start_date(DateTime::from_secs(now + 172_800)).end_date(DateTime::from_secs(now + 864_000));
        nightly.action_after_completion(ActionAfterCompletion::Delete).send().await.unwrap();
        let off = create(&scheduler, "off", "rate(1 minute)").group_name("reports").state(ScheduleState::Disabled);
        off.send().await.unwrap();
        holds(&kept).await;
        let once = once_at(now + 120);
        for (name, action) in [("stays", ActionAfterCompletion::None), ("goes", ActionAfterCompletion::Delete)] {
            create(&scheduler, name, &once).action_after_completion(action).send().await.unwrap();
        }
        let tag = Tag::builder().key("team").value("shop").build().unwrap();
        scheduler.tag_resource().resource_arn(GROUP).tags(tag).send().await.unwrap();
        holds(&kept).await;
        kept.stage.advance(Duration::from_mins(15)).await;
        assert_eq!(receive(&kept.stage, &create_queue(&kept.stage, "jobs").await).await.len(), 5);
        holds(&kept).await;
        let update = scheduler.update_schedule().name("queue").schedule_expression("rate(1 day)");
        update.target(queue().build().unwrap()).flexible_time_window(super::off()).send().await.unwrap();
        scheduler.delete_schedule().name("bus").send().await.unwrap();
        scheduler.untag_resource().resource_arn(GROUP).tag_keys("team").send().await.unwrap();
        holds(&kept).await;
        scheduler.delete_schedule_group().name("reports").send().await.unwrap();
        kept.settled().await;
        create_group(&scheduler, "reports").await;
        create(&scheduler, "nightly", "cron(0 3 1 1 ? 2199)").group_name("reports").send().await.unwrap();
        holds(&kept).await;
    });
}

/// `at(2026-01-01T00:02:00)` of seconds.
fn once_at(seconds: i64) -> String {
    let written = rehearsal_emulator::kernel::Timestamp::from_secs(seconds).to_rfc3339();
    format!("at({})", written.trim_end_matches('Z'))
}

#[test]
fn a_client_token_is_known_to_the_next_process() {
    in_virtual_time(async |stage| {
        let make = async |stage: &Stage, expression: &str| {
            create(&client(stage), "nightly", expression).client_token("once").send().await
        };
        make(&stage, "rate(1 day)").await.unwrap();
        let left = LeftBehind::by(&stage);
        let restarted = left.after(Duration::from_mins(9)).await;
        make(&restarted, "rate(1 day)").await.unwrap();
        let differs = conflict("The client token was used before with different parameters.");
        assert_eq!(refusal(make(&restarted, "rate(2 days)").await), differs);
        let restarted = left.after(Duration::from_mins(11)).await;
        let exists = conflict("Schedule nightly already exists.");
        assert_eq!(refusal(make(&restarted, "rate(1 day)").await), exists);
    });
}

/// What was invoked, and how much was passed over.
async fn invoked(stage: &Stage) -> (Vec<String>, usize) {
    let url = create_queue(stage, "jobs").await;
    let bodies = receive(stage, &url).await.into_iter().map(|message| message.body.unwrap()).collect();
    let all = stage.emulator.timeline().events();
    let passed = all.iter().filter(|event| event.kind == Kind::Timer && event.detail.starts_with("passed over"));
    (bodies, passed.count())
}

async fn create_telling(stage: &Stage, expression: &str, window: FlexibleTimeWindow) {
    create_queue(stage, "jobs").await;
    let target = queue().input("<aws.scheduler.scheduled-time>").build().unwrap();
    let create = create(&client(stage), "tick", expression).target(target).flexible_time_window(window);
    create.send().await.unwrap();
}

#[test]
fn what_came_while_nobody_was_there_is_made_up_for_as_long_as_it_may_be_late() {
    for (expression, window, down, expected, passed) in [
        // A one-time schedule is invoked however late, once.
        ("at(2026-01-01T00:10:00)", off(), 9, &[][..], 0),
        ("at(2026-01-01T00:10:00)", off(), 10_000, &["2026-01-01T00:10:00Z"], 0),
        // One that recurs, in its minute.
        ("cron(0/10 * * * ? *)", off(), 9, &[], 0),
        ("cron(0/10 * * * ? *)", off(), 10, &["2026-01-01T00:10:00Z"], 0),
        ("cron(0/10 * * * ? *)", off(), 11, &[], 1),
        ("cron(0/10 * * * ? *)", off(), 60, &["2026-01-01T01:00:00Z"], 1),
        // Or in its window: the occurrence of 00:50 may be as late as 01:00, and that of 01:00 as late as 01:10.
        ("cron(0/10 * * * ? *)", window(5), 64, &["2026-01-01T01:00:00Z"], 1),
        ("cron(0/10 * * * ? *)", window(5), 66, &[], 1),
    ] {
        in_virtual_time(async |stage| {
            create_telling(&stage, expression, window.clone()).await;
            // What is drawn from the window is over, or the process ends before it.
            let restarted = LeftBehind::by(&stage).after(Duration::from_mins(down)).await;
            let rest = if down == 64 { Duration::from_secs(59) } else { Duration::ZERO };
            restarted.advance(rest).await;
            let expected = expected.iter().map(|time| (*time).to_owned()).collect();
            assert_eq!(invoked(&restarted).await, (expected, passed), "{expression} {down}");
        });
    }
}

#[test]
fn what_was_complete_when_nobody_was_there_is_deleted() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        let ends = stage.emulator.clock().now().as_secs() + 3600;
        let create = create(&scheduler, "tick", "cron(0/10 * * * ? *)").end_date(DateTime::from_secs(ends));
        create.action_after_completion(ActionAfterCompletion::Delete).send().await.unwrap();
        let restarted = LeftBehind::by(&stage).after(Duration::from_hours(2)).await;
        restarted.advance(Duration::ZERO).await;
        assert!(client(&restarted).list_schedules().send().await.unwrap().schedules().is_empty());
    });
}
