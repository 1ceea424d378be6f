//! What a Kinesis data stream gets of the changes of a table's items.

use std::time::Duration;

use aws_sdk_dynamodb::types::{ApproximateCreationDateTimePrecision, UpdateKinesisStreamingConfiguration};
use aws_sdk_kinesis::types::ShardIteratorType;
use rehearsal_emulator::kernel::timeline::{Kind, Outcome};
use serde_json::{Value, json};

use super::enable_kinesis_streaming_destination::{CHANGES, streaming};
use super::fixture::{item, n, put, s};
use super::update_time_to_live::ttl;
use crate::stage::{Stage, on_both_stages};

async fn with_stream(stage: &Stage) -> aws_sdk_kinesis::Client {
    let kinesis = aws_sdk_kinesis::Client::new(&stage.config);
    kinesis.create_stream().stream_name("changes").shard_count(1).send().await.expect("the name is free");
    stage.advance(Duration::from_secs(1)).await;
    kinesis
}

/// The partition key and the document of each record so far.
async fn records(kinesis: &aws_sdk_kinesis::Client) -> Vec<(String, Value)> {
    let iterator = kinesis.get_shard_iterator().stream_name("changes").shard_id("shardId-000000000000");
    let iterator = iterator.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
    let read = kinesis.get_records().set_shard_iterator(iterator.shard_iterator).send().await.unwrap();
    let record = |record: aws_sdk_kinesis::types::Record| {
        (record.partition_key.unwrap(), serde_json::from_slice(record.data.as_ref()).expect("a record is JSON"))
    };
    read.records.into_iter().map(record).collect()
}

#[test]
fn every_change_becomes_a_record_as_aws_documents_it() {
    on_both_stages(|stage| async move {
        let kinesis = with_stream(&stage).await;
        let client = streaming(&stage).await;
        put(&client, "profiles", item([("id", s("2")), ("name", s("Anoop"))])).await;
        put(&client, "profiles", item([("id", s("2")), ("name", s("Anoop"))])).await;
        let update = client.update_item().table_name("profiles").key("id", s("2"));
        let update = update.update_expression("SET #n = :n").expression_attribute_names("#n", "name");
        update.expression_attribute_values(":n", s("Anup")).send().await.unwrap();
        for _ in 0..2 {
            client.delete_item().table_name("profiles").key("id", s("2")).send().await.unwrap();
        }

        let records = records(&kinesis).await;
        let names: Vec<_> = records.iter().map(|(_, record)| record["eventName"].as_str().unwrap()).collect();
        assert_eq!(names, ["INSERT", "MODIFY", "REMOVE"], "a write that changes nothing is no change");
        let (key, insert) = &records[0];
        assert!(key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()), "{key}");
        assert!(records.iter().all(|(other, _)| other == key), "the changes of an item share a shard");
        let time = insert["dynamodb"]["ApproximateCreationDateTime"].as_i64().unwrap();
        let now = stage.emulator.clock().now().as_millis();
        assert!((now - 60_000..=now).contains(&time), "{time}");
        assert_eq!(
            *insert,
            json!({
                "awsRegion": "us-east-1",
                "eventID": insert["eventID"],
                "eventName": "INSERT",
                "userIdentity": null,
                "recordFormat": "application/json",
                "tableName": "profiles",
                "dynamodb": {
                    "ApproximateCreationDateTime": time,
                    "Keys": {"id": {"S": "2"}},
                    "NewImage": {"id": {"S": "2"}, "name": {"S": "Anoop"}},
                    "SizeBytes": 15,
                },
                "eventSource": "aws:dynamodb",
            })
        );
        assert_eq!(insert["eventID"].as_str().unwrap().len(), 36);
        let modify = &records[1].1["dynamodb"];
        assert_eq!(modify["OldImage"]["name"], json!({"S": "Anoop"}));
        assert_eq!(modify["NewImage"]["name"], json!({"S": "Anup"}));
        assert_eq!(modify["SizeBytes"], 26);
        assert_eq!(records[2].1["dynamodb"].get("NewImage"), None);
    });
}

#[test]
fn a_change_is_the_cause_of_its_record() {
    on_both_stages(|stage| async move {
        with_stream(&stage).await;
        let client = streaming(&stage).await;
        put(&client, "profiles", item([("id", s("a"))])).await;
        let events = stage.emulator.timeline().events();
        let written = events.iter().find(|event| event.action == "PutItem").expect("it was put");
        let hop = events.iter().find(|event| event.kind == Kind::Hop).expect("it was delivered");
        assert_eq!(hop.resource, format!("arn:aws:dynamodb:us-east-1:000000000000:table/profiles -> {CHANGES}"));
        assert_eq!((hop.cause.map(|cause| cause.event), &hop.outcome), (Some(written.id), &Outcome::Done));
    });
}

#[test]
fn an_expired_item_is_removed_by_the_service() {
    on_both_stages(|stage| async move {
        let kinesis = with_stream(&stage).await;
        let client = streaming(&stage).await;
        ttl(&client, true, "expires").send().await.unwrap();
        let expires = n(stage.emulator.clock().now().as_secs() + 60);
        put(&client, "profiles", item([("id", s("a")), ("expires", expires)])).await;
        stage.advance(Duration::from_mins(12)).await;
        let records = records(&kinesis).await;
        let (_, removed) = &records[1];
        assert_eq!(removed["eventName"], "REMOVE");
        assert_eq!(removed["userIdentity"], json!({"type": "Service", "principalId": "dynamodb.amazonaws.com"}));
    });
}

#[test]
fn records_flow_while_the_precision_changes_and_tell_it() {
    on_both_stages(|stage| async move {
        let kinesis = with_stream(&stage).await;
        let client = streaming(&stage).await;
        let micro = UpdateKinesisStreamingConfiguration::builder()
            .approximate_creation_date_time_precision(ApproximateCreationDateTimePrecision::Microsecond);
        let update = client.update_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        update.update_kinesis_streaming_configuration(micro.build()).send().await.unwrap();
        put(&client, "profiles", item([("id", s("a"))])).await;
        let records = records(&kinesis).await;
        let change = &records[0].1["dynamodb"];
        assert_eq!(change["ApproximateCreationDateTimePrecision"], "MICROSECOND");
        assert_eq!(change["ApproximateCreationDateTime"].as_i64().unwrap().to_string().len(), 16);
    });
}

#[test]
fn nothing_flows_before_a_destination_is_active_nor_after_it_is_disabled() {
    on_both_stages(|stage| async move {
        let kinesis = with_stream(&stage).await;
        let client = streaming(&stage).await;
        client.disable_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES).send().await.unwrap();
        put(&client, "profiles", item([("id", s("a"))])).await;
        stage.advance(Duration::from_secs(1)).await;
        let enable = client.enable_kinesis_streaming_destination().table_name("profiles").stream_arn(CHANGES);
        enable.send().await.unwrap();
        put(&client, "profiles", item([("id", s("b"))])).await;
        assert_eq!(records(&kinesis).await, []);
    });
}

#[test]
fn what_cannot_be_delivered_is_on_the_timeline() {
    on_both_stages(|stage| async move {
        let client = streaming(&stage).await;
        put(&client, "profiles", item([("id", s("a"))])).await;
        let events = stage.emulator.timeline().events();
        let hop = events.iter().find(|event| event.kind == Kind::Hop).expect("it was tried");
        let Outcome::Error { code, .. } = &hop.outcome else { panic!("there is no stream: {:?}", hop.outcome) };
        assert_eq!(code, "ResourceNotFoundException");
    });
}
