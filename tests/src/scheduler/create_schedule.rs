use aws_sdk_scheduler::primitives::DateTime;
use aws_sdk_scheduler::types::{
    DeadLetterConfig, EcsParameters, EventBridgeParameters, FlexibleTimeWindow, FlexibleTimeWindowMode,
    KinesisParameters, LaunchType, RetryPolicy, SqsParameters, Target,
};
use http::Request;

use super::{ROLE, client, conflict, create, create_group, not_found, off, queue, stream, to, validation, violation};
use crate::raw;
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

// Serialisation

#[test]
fn a_schedule_has_its_group_in_its_arn() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        create_group(&scheduler, "reports").await;
        let created = create(&scheduler, "nightly", "rate(1 day)").send().await.unwrap();
        assert_eq!(created.schedule_arn(), "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly");
        let created = create(&scheduler, "nightly", "rate(1 day)").group_name("reports").send().await.unwrap();
        assert_eq!(created.schedule_arn(), "arn:aws:scheduler:us-east-1:000000000000:schedule/reports/nightly");
    });
}

#[test]
fn errors_have_their_message_where_the_model_has_it() {
    on_both_stages(async |stage| {
        let request = Request::post("/schedules/nightly").header("content-type", "application/json");
        let body = r#"{"FlexibleTimeWindow":{"Mode":"OFF"},"ScheduleExpression":"x","Target":{"Arn":"a","RoleArn":"arn:aws:iam::000000000000:role/r"}}"#;
        let answer = raw::send(&stage.emulator, request.body(body.into()).unwrap()).await;
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.headers()["x-amzn-errortype"], "ValidationException");
        assert_eq!(answer.body().as_ref(), br#"{"Message":"Invalid Schedule Expression x."}"#);
    });
}

// Validation

#[test]
fn all_violations_are_named_at_once() {
    on_both_stages(async |stage| {
        let created = create(&client(&stage), "a b", "rate(1 day)").state("ON".into()).send().await;
        let (code, message) = refusal(created);
        assert_eq!(code, "ValidationException");
        assert_eq!(
            message,
            "2 validation errors detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: ^[0-9a-zA-Z-_.]+$; Value 'ON' at 'state' failed to satisfy constraint: Member \
             must satisfy enum value set: [ENABLED, DISABLED]"
        );
    });
}

#[test]
fn what_is_missing_is_named() {
    on_both_stages(async |stage| {
        let request = Request::post("/schedules/nightly").body("{}".into()).unwrap();
        let answer = raw::send(&stage.emulator, request).await;
        let message = String::from_utf8_lossy(answer.body()).into_owned();
        for member in ["flexibleTimeWindow", "scheduleExpression", "target"] {
            let missing = format!("Value null at '{member}' failed to satisfy constraint: Member must not be null");
            assert!(message.contains(&missing), "{member}: {message}");
        }
    });
}

#[test]
fn members_are_held_to_their_constraints() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        let create = || create(&scheduler, "nightly", "rate(1 day)");
        let role = r"satisfy regular expression pattern: ^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@\/-]+$";
        let target = Target::builder().arn("arn:aws:sqs:us-east-1:000000000000:jobs").role_arn("admin").build();
        let refused = create().target(target.unwrap()).send().await;
        assert_eq!(refusal(refused), violation("admin", "target.roleArn", role));
        let policy = RetryPolicy::builder().maximum_retry_attempts(186).build();
        let refused = create().target(queue().retry_policy(policy).build().unwrap()).send().await;
        let at = "target.retryPolicy.maximumRetryAttempts";
        assert_eq!(refusal(refused), violation("186", at, "have value less than or equal to 185"));
        let policy = RetryPolicy::builder().maximum_event_age_in_seconds(59).build();
        let refused = create().target(queue().retry_policy(policy).build().unwrap()).send().await;
        let at = "target.retryPolicy.maximumEventAgeInSeconds";
        assert_eq!(refusal(refused), violation("59", at, "have value greater than or equal to 60"));
        let fifo = "arn:aws:sqs:us-east-1:000000000000:dead.fifo";
        let letters = DeadLetterConfig::builder().arn(fifo).build();
        let refused = create().target(queue().dead_letter_config(letters).build().unwrap()).send().await;
        let pattern = r"satisfy regular expression pattern: ^arn:aws(-[a-z]+)?:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+$";
        assert_eq!(refusal(refused), violation(fifo, "target.deadLetterConfig.arn", pattern));
        let long = "d".repeat(513);
        let refused = create().description(&long).send().await;
        assert_eq!(refusal(refused), violation(&long, "description", "have length less than or equal to 512"));
        let refused = create().target(queue().input("").build().unwrap()).send().await;
        assert_eq!(refusal(refused), violation("", "target.input", "have length greater than or equal to 1"));
    });
}

#[test]
fn an_expression_and_its_zone_must_be_known() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        for expression in ["rate(0 minutes)", "cron(0 10 * * * *)", "at(2026-02-30T00:00:00)", "tomorrow"] {
            let refused = create(&scheduler, "nightly", expression).send().await;
            let message = format!("Invalid Schedule Expression {expression}.");
            assert_eq!(refusal(refused), validation(&message));
        }
        let refused =
            create(&scheduler, "nightly", "rate(1 day)").schedule_expression_timezone("Mars/Base").send().await;
        assert_eq!(refusal(refused), validation("Invalid ScheduleExpressionTimezone Mars/Base."));
    });
}

#[test]
fn a_window_has_minutes_if_it_is_flexible_and_only_then() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Flexible).build().unwrap();
        let refused = create(&scheduler, "nightly", "rate(1 day)").flexible_time_window(window).send().await;
        let message = "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.";
        assert_eq!(refusal(refused), validation(message));
        let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).maximum_window_in_minutes(5);
        let refused = create(&scheduler, "nightly", "rate(1 day)").flexible_time_window(window.build().unwrap());
        let message = "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.";
        assert_eq!(refusal(refused.send().await), validation(message));
    });
}

#[test]
fn a_schedule_that_recurs_starts_from_now_on_and_before_its_end() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        let now = stage.emulator.clock().now().as_secs();
        let create = |expression| create(&scheduler, "nightly", expression);
        let early = create("rate(1 day)").start_date(DateTime::from_secs(now - 301)).send().await;
        let message = "The StartDate you specify cannot be earlier than 5 minutes ago.";
        assert_eq!(refusal(early), validation(message));
        let start = DateTime::from_secs(now + 60);
        let empty = create("rate(1 day)").start_date(start).end_date(start).send().await;
        assert_eq!(refusal(empty), validation("The StartDate you specify must come before the EndDate."));
        create("rate(1 day)").start_date(DateTime::from_secs(now - 300)).send().await.unwrap();
        // "EventBridge Scheduler ignores StartDate for one-time schedules."
        let once = super::create(&scheduler, "once", "at(2027-01-01T00:00:00)").start_date(DateTime::from_secs(0));
        once.send().await.unwrap();
    });
}

async fn refused_target(stage: &Stage, target: aws_sdk_scheduler::types::builders::TargetBuilder, message: &str) {
    let created = create(&client(stage), "nightly", "rate(1 day)").target(target.build().unwrap()).send().await;
    assert_eq!(refusal(created), validation(message), "{message}");
}

#[test]
fn a_target_must_be_one_that_schedules_know() {
    in_virtual_time(async |stage| {
        for (arn, message) in [
            ("jobs", "Provided Arn is not in correct format."),
            ("arn:aws:sqs:us-east-1:000000000000:a/b", "Provided Arn is not in correct format."),
            ("arn:aws:events:us-east-1:000000000000:api-destination/a/b", "Provided Arn is not in correct format."),
            ("arn:aws:rds:us-east-1:000000000000:db:d", "rds is not a supported service for a target."),
            (
                "arn:aws:scheduler:us-east-1:000000000000:aws-sdk:sqs:sendMessage",
                "scheduler is not a supported service for a target.",
            ),
            (
                "arn:aws:sqs:eu-west-1:000000000000:jobs",
                "The target ARN provided does not match the current region us-east-1.",
            ),
            (
                "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
                "You must provide an input to set this target for your schedule.",
            ),
            ("arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl", "getQueueUrl API is not supported."),
            ("arn:aws:scheduler:::aws-sdk:dynamodb:batchGetItem", "batchGetItem API is not supported."),
            ("arn:aws:scheduler:::aws-sdk:bedrockruntime:invokeModel", "invokeModel API is not supported."),
        ] {
            refused_target(&stage, to(arn), message).await;
        }
    });
}

#[test]
fn parameters_belong_to_their_kind_of_target() {
    in_virtual_time(async |stage| {
        let group = || SqsParameters::builder().message_group_id("g").build();
        let partition = KinesisParameters::builder().partition_key("p").build().unwrap();
        let event = EventBridgeParameters::builder().detail_type("d").source("shop").build().unwrap();
        let fargate = EcsParameters::builder().task_definition_arn("t").launch_type(LaunchType::Fargate);
        let resource = |resource: &str| to(&format!("arn:aws:{}", resource.replace("R", "us-east-1:000000000000")));
        for (target, message) in [
            (queue().kinesis_parameters(partition), "Parameters KinesisParameters not supported for the target."),
            (queue().sqs_parameters(group()), "Parameters MessageGroupId not valid for the target."),
            (resource("sqs:R:jobs.fifo"), "Parameters SqsParameters must be specified."),
            (resource("kinesis:R:stream/jobs"), "Parameters KinesisParameters must be specified."),
            (resource("events:R:event-bus/default"), "Parameters EventBridgeParameters must be specified."),
            (
                resource("lambda:R:function:f").event_bridge_parameters(event),
                "Parameters EventBridgeParameters not supported for the target.",
            ),
            (resource("lambda:R:function:f").input("hi"), "JSON syntax error in input for the target."),
            (resource("scheduler:::aws-sdk:sqs:sendMessage").input("hi"), "JSON syntax error in input for the target."),
            (
                resource("ecs:R:cluster/c").ecs_parameters(fargate.build().unwrap()),
                "Parameter NetworkConfiguration must be specified for the target when launch type is FARGATE.",
            ),
        ] {
            refused_target(&stage, target, message).await;
        }
        let fifo = resource("sqs:R:jobs.fifo").sqs_parameters(group()).build().unwrap();
        create(&client(&stage), "nightly", "rate(1 day)").target(fifo).send().await.unwrap();
    });
}

#[test]
fn the_group_must_be_there_and_the_name_free() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let refused = create(&scheduler, "nightly", "rate(1 day)").group_name("reports").send().await;
        assert_eq!(refusal(refused), not_found("Schedule group reports does not exist."));
        create(&scheduler, "nightly", "rate(1 day)").send().await.unwrap();
        let refused = create(&scheduler, "nightly", "rate(1 day)").send().await;
        assert_eq!(refusal(refused), conflict("Schedule nightly already exists."));
    });
}

// Behaviour

#[test]
fn the_same_request_under_the_same_token_happens_once() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        let create = |name, expression| create(&scheduler, name, expression).client_token("t-1");
        let first = create("nightly", "rate(1 day)").send().await.unwrap();
        let second = create("nightly", "rate(1 day)").send().await.unwrap();
        assert_eq!(first.schedule_arn(), second.schedule_arn());
        let other = create("nightly", "rate(2 days)").send().await;
        assert_eq!(refusal(other).0, "ConflictException");
    });
}

#[test]
fn targets_whose_services_are_not_here_are_accepted() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        for (name, arn) in [
            ("function", "arn:aws:lambda:us-east-1:000000000000:function:f"),
            ("machine", "arn:aws:states:us-east-1:000000000000:stateMachine:m"),
            ("topic", "arn:aws:sns:us-east-1:000000000000:t"),
            ("firehose", "arn:aws:firehose:us-east-1:000000000000:deliverystream/d"),
        ] {
            create(&scheduler, name, "rate(1 day)").target(to(arn).build().unwrap()).send().await.unwrap();
        }
        let target = Target::builder().arn("arn:aws:sqs:us-east-1:000000000000:jobs").role_arn(ROLE).build().unwrap();
        let more = scheduler.create_schedule().name("queue").schedule_expression("rate(1 day)").target(target);
        more.flexible_time_window(off()).send().await.unwrap();
        create(&scheduler, "stream", "rate(1 day)").target(stream().build().unwrap()).send().await.unwrap();
    });
}
