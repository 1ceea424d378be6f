//! Universal targets: any operation, run by the schedule with its input as the request.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use aws_sdk_scheduler::types::Target;
use rehearsal_emulator::{Outcome, Reply, anything};

use super::{client, create, create_group, create_stream, hops, records, timers, to};
use crate::stage::{Stage, in_virtual_time, refusal};

/// Makes a schedule that runs the operation once, and lets it.
async fn run(stage: &Stage, operation: &str, input: &str) {
    let scheduler = client(stage);
    create(&scheduler, "nightly", "rate(1 day)").target(universal(operation, input)).send().await.unwrap();
    stage.advance(Duration::from_secs(1)).await;
    assert_eq!(timers(stage).len(), 1);
}

fn universal(operation: &str, input: &str) -> Target {
    to(&format!("arn:aws:scheduler:::aws-sdk:{operation}")).input(input).build().unwrap()
}

fn outcome(stage: &Stage) -> Outcome {
    hops(stage).remove(0).outcome
}

#[test]
fn a_record_is_put() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        let input = r#"{"StreamName":"jobs","PartitionKey":"<aws.scheduler.scheduled-time>","Data":"Z28="}"#;
        run(&stage, "kinesis:putRecord", input).await;
        assert_eq!(records(&stage).await, [("2026-01-01T00:00:01Z".to_owned(), "go".to_owned())]);
        let hop = hops(&stage).remove(0);
        assert_eq!((&hop.outcome, &*hop.account, &*hop.region), (&Outcome::Done, "000000000000", "us-east-1"));
        assert!(hop.resource.ends_with(" -> arn:aws:scheduler:::aws-sdk:kinesis:putRecord"), "{}", hop.resource);
    });
}

#[test]
fn an_item_is_put() {
    in_virtual_time(async |stage| {
        let dynamodb = aws_sdk_dynamodb::Client::new(&stage.config);
        let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build().unwrap();
        let id = AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S);
        let table = dynamodb.create_table().table_name("jobs").key_schema(key);
        let table = table.attribute_definitions(id.build().unwrap()).billing_mode(BillingMode::PayPerRequest);
        table.send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        run(&stage, "dynamodb:putItem", r#"{"TableName":"jobs","Item":{"id":{"S":"1"}}}"#).await;
        assert_eq!(dynamodb.scan().table_name("jobs").send().await.unwrap().count(), 1);
    });
}

#[test]
fn an_api_that_names_its_members_in_lower_case_takes_them_in_pascal_case() {
    in_virtual_time(async |stage| {
        let logs = aws_sdk_cloudwatchlogs::Client::new(&stage.config);
        run(&stage, "cloudwatchlogs:createLogGroup", r#"{"LogGroupName":"nightly"}"#).await;
        assert_eq!(outcome(&stage), Outcome::Done);
        let groups = logs.describe_log_groups().send().await.unwrap();
        assert_eq!(groups.log_groups()[0].log_group_name(), Some("nightly"));
    });
}

#[test]
fn events_are_put() {
    in_virtual_time(async |stage| {
        run(
            &stage,
            "eventbridge:putEvents",
            r#"{"Entries":[{"Source":"shop","DetailType":"tick","Detail":"{\"a\":1}"}]}"#,
        )
        .await;
        assert_eq!(outcome(&stage), Outcome::Done);
    });
}

#[test]
fn a_model_is_asked_whose_id_would_stand_in_the_path() {
    in_virtual_time(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("yes")).named("yes").mount();
        let id = "anthropic.claude-3-haiku-20240307-v1:0";
        let input = format!(r#"{{"modelId":"{id}","messages":[{{"role":"user","content":[{{"text":"go?"}}]}}]}}"#);
        run(&stage, "bedrockruntime:converse", &input).await;
        assert_eq!(outcome(&stage), Outcome::Done);
        assert_eq!(stage.emulator.bedrock().calls().len(), 1);
    });
}

#[test]
fn a_schedule_can_delete_another() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        create_group(&scheduler, "reports").await;
        create(&scheduler, "other", "cron(0 3 * * ? *)").group_name("reports").send().await.unwrap();
        run(&stage, "scheduler:deleteSchedule", r#"{"Name":"other","GroupName":"reports"}"#).await;
        let got = scheduler.get_schedule().name("other").group_name("reports").send().await;
        assert_eq!(refusal(got).0, "ResourceNotFoundException");
    });
}

#[test]
fn what_cannot_be_run_fails_on_the_timeline() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        for (name, operation, code) in [
            ("a", "ec2:startInstances", "NotImplemented"),
            ("b", "kinesis:startEverything", "NotImplemented"),
            ("c", "kinesis:putRecord", "ValidationException"),
        ] {
            create(&scheduler, name, "rate(1 day)").target(universal(operation, "{}")).send().await.unwrap();
            stage.advance(Duration::from_secs(1)).await;
            let last = hops(&stage).into_iter().rfind(|hop| hop.action == "deliver").unwrap();
            let Outcome::Error { code: found, message } = last.outcome else { panic!("{operation}: {last:?}") };
            assert_eq!(found, code, "{operation}: {message}");
        }
    });
}
