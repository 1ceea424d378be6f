use std::time::Duration;

use rehearsal_emulator::between;
use serde_json::Value;

use super::{client, create, create_stream, records, stream};
use crate::stage::{Stage, in_virtual_time};

async fn create_with_input(stage: &Stage, input: &str) {
    let target = stream().input(input).build().unwrap();
    create(&client(stage), "nightly", "cron(0/5 * * * ? *)").target(target).send().await.unwrap();
}

#[test]
fn they_say_which_schedule_it_is_and_which_time_was_meant() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        let input = r#"{"schedule":"<aws.scheduler.schedule-arn>","time":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>","attempt":<aws.scheduler.attempt-number>}"#;
        create_with_input(&stage, input).await;
        stage.advance(Duration::from_mins(10)).await;
        let records = records(&stage).await;
        let read: Vec<Value> = records.iter().map(|(_, data)| serde_json::from_str(data).unwrap()).collect();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0]["schedule"], "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly");
        assert_eq!(
            (&read[0]["time"], &read[1]["time"]),
            (&"2026-01-01T00:05:00Z".into(), &"2026-01-01T00:10:00Z".into())
        );
        assert_eq!(read[0]["attempt"], 1);
        let id = read[0]["id"].as_str().unwrap();
        assert!(id.len() == 16 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
        assert_ne!(read[0]["id"], read[1]["id"]);
    });
}

#[test]
fn attempts_are_counted() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        create_with_input(&stage, "attempt <aws.scheduler.attempt-number> of <aws.scheduler.execution-id>").await;
        let _busy = stage.emulator.bus_fault(between("*", "*").times(2).fail(503, "ServiceUnavailable", "busy"));
        stage.advance(Duration::from_mins(6)).await;
        let records = records(&stage).await;
        assert_eq!(records.len(), 1);
        assert!(records[0].1.starts_with("attempt 3 of "), "{records:?}");
    });
}
