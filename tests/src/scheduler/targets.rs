//! Templated targets: an ARN that says by itself what to do with it.

use std::time::Duration;

use aws_sdk_eventbridge::types::Target as RuleTarget;
use aws_sdk_scheduler::types::EventBridgeParameters;
use rehearsal_emulator::Outcome;
use serde_json::{Value, json};

use super::{ROLE, client, create, create_stream, hops, queue, records, stream, to};
use crate::stage::{Stage, in_virtual_time, on_both_stages};

const TWO_MINUTES: Duration = Duration::from_mins(2);

#[test]
fn a_stream_gets_the_input_under_its_partition_key() {
    on_both_stages(async |stage| {
        create_stream(&stage).await;
        let target = stream().input("no JSON at all").build().unwrap();
        create(&client(&stage), "nightly", "rate(1 day)").target(target).send().await.unwrap();
        stage.advance(TWO_MINUTES).await;
        assert_eq!(records(&stage).await, [("p".to_owned(), "no JSON at all".to_owned())]);
    });
}

#[test]
fn without_input_a_target_gets_the_default_notification() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        let target = stream().build().unwrap();
        create(&client(&stage), "nightly", "cron(1 0 * * ? *)").target(target).send().await.unwrap();
        stage.advance(TWO_MINUTES).await;
        let mut notification: Value = serde_json::from_str(&records(&stage).await[0].1).unwrap();
        assert_eq!(notification["id"].take().as_str().map(str::len), Some(36));
        let expected = json!({
            "version": "0",
            "id": null,
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": "000000000000",
            "time": "2026-01-01T00:01:00Z",
            "region": "us-east-1",
            "resources": ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly"],
            "detail": "{}",
        });
        assert_eq!(notification, expected);
    });
}

/// A rule of the default bus that sends events of the shop to the stream `jobs`.
async fn put_rule(stage: &Stage) {
    let events = aws_sdk_eventbridge::Client::new(&stage.config);
    events.put_rule().name("all").event_pattern(r#"{"source":["shop"]}"#).send().await.unwrap();
    let arn = "arn:aws:kinesis:us-east-1:000000000000:stream/jobs";
    let target = RuleTarget::builder().id("jobs").arn(arn).role_arn(ROLE).build().unwrap();
    events.put_targets().rule("all").targets(target).send().await.unwrap();
}

#[test]
fn a_bus_gets_an_event_of_the_source_and_type_that_were_given() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        put_rule(&stage).await;
        let parameters = EventBridgeParameters::builder().detail_type("tick").source("shop").build().unwrap();
        let bus = to("arn:aws:events:us-east-1:000000000000:event-bus/default").event_bridge_parameters(parameters);
        let scheduler = client(&stage);
        let target = bus.clone().input(r#"{"at":"<aws.scheduler.scheduled-time>"}"#).build().unwrap();
        create(&scheduler, "nightly", "cron(1 0 * * ? *)").target(target).send().await.unwrap();
        create(&scheduler, "plain", "cron(1 0 * * ? *)").target(bus.build().unwrap()).send().await.unwrap();
        stage.advance(TWO_MINUTES).await;
        let records = records(&stage).await;
        let events: Vec<Value> = records.iter().map(|(_, data)| serde_json::from_str(data).unwrap()).collect();
        assert_eq!(events.len(), 2);
        assert_eq!((&events[0]["source"], &events[0]["detail-type"]), (&json!("shop"), &json!("tick")));
        assert_eq!(events[0]["detail"], json!({"at": "2026-01-01T00:01:00Z"}));
        assert_eq!(events[0]["time"], "2026-01-01T00:01:00Z");
        let schedule = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly";
        assert_eq!(events[0]["resources"], json!([schedule]));
        assert_eq!(events[1]["detail"], json!({}));
    });
}

#[test]
fn what_cannot_be_delivered_is_on_the_timeline() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        for (name, target) in [
            ("gone", stream()),
            ("function", to("arn:aws:lambda:us-east-1:000000000000:function:f").input("{}")),
            ("queue", queue()),
        ] {
            create(&scheduler, name, "rate(1 day)").target(target.build().unwrap()).send().await.unwrap();
        }
        stage.advance(TWO_MINUTES).await;
        for name in ["gone", "function", "queue"] {
            let of = |hop: &&rehearsal_emulator::Event| hop.resource.contains(&format!("schedule/default/{name} -> "));
            let hops = hops(&stage);
            let hops: Vec<_> = hops.iter().filter(of).collect();
            assert!(matches!(hops[..], [rehearsal_emulator::Event { outcome: Outcome::Error { .. }, .. }]), "{hops:?}");
        }
    });
}
