use std::time::Duration;

use aws_sdk_scheduler::types::RetryPolicy;
use rehearsal_emulator::{Event, Outcome, between};

use super::{client, create, create_stream, hops, records, stream};
use crate::stage::{Stage, in_virtual_time};

async fn create_with_policy(stage: &Stage, attempts: i32, age_seconds: i32) {
    let policy = RetryPolicy::builder().maximum_retry_attempts(attempts).maximum_event_age_in_seconds(age_seconds);
    let target = stream().input("go").retry_policy(policy.build()).build().unwrap();
    create(&client(stage), "nightly", "at(2026-01-01T00:01:00)").target(target).send().await.unwrap();
}

fn detail(event: &Event) -> (&str, &str) {
    (&event.action, &event.detail)
}

#[test]
fn what_fails_for_a_while_is_tried_until_it_arrives() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        create_with_policy(&stage, 185, 86_400).await;
        let outage = stage.emulator.bus_fault(between("*schedule/*", "*").times(3).fail(500, "InternalFailure", "no"));
        stage.advance(Duration::from_hours(1)).await;
        assert_eq!(outage.acted(), 3);
        assert_eq!(records(&stage).await, [("p".to_owned(), "go".to_owned())]);
        let attempts: Vec<u32> = hops(&stage).iter().map(|hop| hop.attempt).collect();
        assert_eq!(attempts, [1, 2, 3, 4]);
    });
}

#[test]
fn it_is_given_up_after_as_many_retries_as_the_policy_has() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        create_with_policy(&stage, 2, 86_400).await;
        let _outage = stage.emulator.bus_fault(between("*schedule/*", "*").fail(500, "InternalFailure", "no"));
        stage.advance(Duration::from_hours(1)).await;
        let hops = hops(&stage);
        assert_eq!(hops.len(), 4, "{hops:?}");
        assert_eq!(detail(&hops[3]), ("give up", "MaximumRetryAttempts, no dead-letter queue"));
        assert!(records(&stage).await.is_empty());
    });
}

#[test]
fn it_is_given_up_when_it_is_too_old() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        create_with_policy(&stage, 185, 60).await;
        let _outage = stage.emulator.bus_fault(between("*schedule/*", "*").fail(429, "ThrottlingException", "slow"));
        stage.advance(Duration::from_hours(1)).await;
        let last = hops(&stage).pop().unwrap();
        assert_eq!(detail(&last), ("give up", "MaximumEventAgeInSeconds, no dead-letter queue"));
        assert_eq!(last.at_ms, 120_000);
    });
}

#[test]
fn a_mistake_is_not_repeated() {
    in_virtual_time(async |stage| {
        create_stream(&stage).await;
        create_with_policy(&stage, 185, 86_400).await;
        let _refusal = stage.emulator.bus_fault(between("*schedule/*", "*").fail(403, "AccessDenied", "no"));
        stage.advance(Duration::from_hours(1)).await;
        let [hop] = &hops(&stage)[..] else { panic!("{:?}", hops(&stage)) };
        assert!(matches!(&hop.outcome, Outcome::Error { code, .. } if code == "AccessDenied"), "{hop:?}");
    });
}
