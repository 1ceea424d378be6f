use aws_sdk_scheduler::primitives::DateTime;
use aws_sdk_scheduler::types::{
    ActionAfterCompletion, AssignPublicIp, AwsVpcConfiguration, EcsParameters, FlexibleTimeWindow,
    FlexibleTimeWindowMode, LaunchType, NetworkConfiguration, RetryPolicy, ScheduleState,
};

use super::{client, create, create_group, not_found, off, to};
use crate::stage::{on_both_stages, refusal};

#[test]
fn what_was_left_out_has_its_default() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let now = stage.emulator.clock().now();
        create(&scheduler, "nightly", "cron(0 3 * * ? *)").send().await.unwrap();
        let got = scheduler.get_schedule().name("nightly").send().await.unwrap();
        assert_eq!(got.arn(), Some("arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly"));
        assert_eq!((got.name(), got.group_name()), (Some("nightly"), Some("default")));
        assert_eq!(got.schedule_expression(), Some("cron(0 3 * * ? *)"));
        assert_eq!(got.schedule_expression_timezone(), Some("UTC"));
        assert_eq!(got.state(), Some(&ScheduleState::Enabled));
        assert_eq!(got.action_after_completion(), Some(&ActionAfterCompletion::None));
        assert_eq!(got.flexible_time_window(), Some(&off()));
        assert_eq!((got.description(), got.kms_key_arn(), got.start_date(), got.end_date()), (None, None, None, None));
        assert_eq!(got.creation_date(), got.last_modification_date());
        assert!(got.creation_date().unwrap().secs() >= now.as_secs());
        let policy = RetryPolicy::builder().maximum_event_age_in_seconds(86_400).maximum_retry_attempts(185).build();
        assert_eq!(got.target().unwrap().retry_policy(), Some(&policy));
        assert_eq!((got.target().unwrap().input(), got.target().unwrap().dead_letter_config()), (None, None));
    });
}

#[test]
fn what_was_given_is_given_back() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        create_group(&scheduler, "reports").await;
        let network = AwsVpcConfiguration::builder().subnets("subnet-1").assign_public_ip(AssignPublicIp::Enabled);
        let network = NetworkConfiguration::builder().awsvpc_configuration(network.build().unwrap()).build();
        let ecs = EcsParameters::builder().task_definition_arn("arn:task").launch_type(LaunchType::Fargate);
        let ecs = ecs.network_configuration(network).task_count(2).enable_ecs_managed_tags(true).build().unwrap();
        let policy = RetryPolicy::builder().maximum_retry_attempts(0).build();
        let target = to("arn:aws:ecs:us-east-1:000000000000:cluster/c").input("{}").ecs_parameters(ecs.clone());
        let target = target.retry_policy(policy).build().unwrap();
        let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Flexible).maximum_window_in_minutes(15);
        let (start, end) = (DateTime::from_secs(4_000_000_000), DateTime::from_millis(4_100_000_000_500));
        let key = "arn:aws:kms:us-east-1:000000000000:key/1234";
        let created = create(&scheduler, "nightly", "rate(2 days)").group_name("reports").target(target);
        let created = created.flexible_time_window(window.build().unwrap()).start_date(start).end_date(end);
        let created = created.description("tidy up").kms_key_arn(key).state(ScheduleState::Disabled);
        let created = created.schedule_expression_timezone("Europe/Berlin");
        created.action_after_completion(ActionAfterCompletion::Delete).send().await.unwrap();
        let got = scheduler.get_schedule().name("nightly").group_name("reports").send().await.unwrap();
        assert_eq!((got.description(), got.kms_key_arn()), (Some("tidy up"), Some(key)));
        assert_eq!((got.start_date(), got.end_date()), (Some(&start), Some(&end)));
        assert_eq!(got.schedule_expression_timezone(), Some("Europe/Berlin"));
        assert_eq!(got.state(), Some(&ScheduleState::Disabled));
        assert_eq!(got.action_after_completion(), Some(&ActionAfterCompletion::Delete));
        assert_eq!(got.flexible_time_window().unwrap().maximum_window_in_minutes(), Some(15));
        let target = got.target().unwrap();
        assert_eq!((target.input(), target.ecs_parameters()), (Some("{}"), Some(&ecs)));
        let policy = RetryPolicy::builder().maximum_event_age_in_seconds(86_400).maximum_retry_attempts(0).build();
        assert_eq!(target.retry_policy(), Some(&policy));
    });
}

#[test]
fn group_and_schedule_must_be_there() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let refused = scheduler.get_schedule().name("nightly").send().await;
        assert_eq!(refusal(refused), not_found("Schedule nightly does not exist."));
        let refused = scheduler.get_schedule().name("nightly").group_name("reports").send().await;
        assert_eq!(refusal(refused), not_found("Schedule group reports does not exist."));
    });
}
