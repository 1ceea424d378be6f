//! What EventBridge does when a target fails: tried again on the clock, given up, written to a dead-letter queue.

use std::time::Duration;

use aws_sdk_eventbridge::types::{DeadLetterConfig, PutEventsRequestEntry, RetryPolicy, Target};
use rehearsal_emulator::kernel::timeline::Event;
use rehearsal_emulator::{Emulator, Kind, Outcome, between};

const DAY: Duration = Duration::from_hours(24);
const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:letters";

/// A rule that sends every event of the shop to a stream that is there, and a fault that the stream never mends.
struct Shop {
    emulator: Emulator,
    events: aws_sdk_eventbridge::Client,
    /// When the first event is sent, on the timeline.
    begins: u64,
}

impl Shop {
    async fn open(seed: u64, policy: Option<RetryPolicy>, queue: Option<&str>) -> Self {
        let emulator = Emulator::builder().seed(seed).start().await;
        let config = emulator.sdk_config().await;
        let (events, kinesis) = (aws_sdk_eventbridge::Client::new(&config), aws_sdk_kinesis::Client::new(&config));
        kinesis.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
        emulator.clock().advance(Duration::from_mins(1)).await;
        events.put_rule().name("orders").event_pattern(r#"{"source":["shop"]}"#).send().await.unwrap();
        let stream = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
        let target = Target::builder().id("stream").arn(stream).role_arn("arn:aws:iam::000000000000:role/events");
        let letters = queue.map(|queue| DeadLetterConfig::builder().arn(queue).build());
        let target = target.set_retry_policy(policy).set_dead_letter_config(letters);
        let put = events.put_targets().rule("orders").targets(target.build().unwrap()).send().await.unwrap();
        assert_eq!(put.failed_entry_count(), 0, "{put:?}");
        Self { emulator, events, begins: 60_000 }
    }

    async fn sell(&self) {
        let entry = PutEventsRequestEntry::builder().source("shop").detail_type("order").detail(r#"{"order":1}"#);
        let put = self.events.put_events().entries(entry.build()).send().await.unwrap();
        assert_eq!(put.failed_entry_count(), 0);
    }

    async fn advance(&self, by: Duration) {
        self.emulator.clock().advance(by).await;
    }

    fn hops(&self) -> Vec<Event> {
        self.emulator.timeline().events().into_iter().filter(|event| event.kind == Kind::Hop).collect()
    }

    /// When the stream was tried, from when the event was sent.
    fn attempts(&self) -> Vec<u64> {
        let hops = self.hops().into_iter().filter(|hop| hop.action == "deliver" && hop.resource.ends_with("orders"));
        hops.map(|hop| hop.at_ms - self.begins).collect()
    }

    /// When and why EventBridge gave up.
    fn given_up(&self) -> Vec<(u64, String)> {
        let hops = self.hops().into_iter().filter(|hop| hop.action == "give up");
        hops.map(|hop| (hop.at_ms - self.begins, hop.detail)).collect()
    }
}

fn policy(age_seconds: i32, attempts: i32) -> RetryPolicy {
    RetryPolicy::builder().maximum_event_age_in_seconds(age_seconds).maximum_retry_attempts(attempts).build()
}

#[tokio::test(start_paused = true)]
async fn by_default_it_is_tried_for_a_day() {
    let shop = Shop::open(7, None, None).await;
    let _down = shop.emulator.bus_fault(between("*", "*stream/orders").fail(503, "ServiceUnavailable", "down"));
    shop.sell().await;
    shop.advance(DAY - Duration::from_millis(1)).await;
    assert_eq!(shop.given_up(), []);
    shop.advance(Duration::from_millis(1)).await;
    assert_eq!(shop.given_up(), [(86_400_000, "MaximumEventAgeInSeconds, no dead-letter queue".to_owned())]);
    let attempts = shop.attempts();
    assert!((140..=186).contains(&attempts.len()), "{}", attempts.len());
    shop.advance(DAY).await;
    assert_eq!(shop.attempts(), attempts, "and not any more");
}

#[tokio::test(start_paused = true)]
async fn the_seed_repeats_when_it_is_tried() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let shop = Shop::open(seed, Some(policy(3600, 10)), None).await;
        let _down = shop.emulator.bus_fault(between("*", "*stream/orders").fail(503, "ServiceUnavailable", "down"));
        shop.sell().await;
        shop.advance(DAY).await;
        runs.push(shop.attempts());
    }
    assert_eq!(runs[0].len(), 11);
    assert!(runs[0] == runs[1] && runs[0] != runs[2], "{runs:?}");
}

#[tokio::test(start_paused = true)]
async fn a_policy_bounds_retries_or_age() {
    for (policy, condition) in
        [(policy(86_400, 2), "MaximumRetryAttempts"), (policy(60, 185), "MaximumEventAgeInSeconds")]
    {
        let shop = Shop::open(7, Some(policy), None).await;
        let _down = shop.emulator.bus_fault(between("*", "*stream/orders").fail(500, "InternalFailure", "down"));
        shop.sell().await;
        shop.advance(DAY).await;
        let [(at, why)] = &shop.given_up()[..] else { panic!("{:?}", shop.given_up()) };
        assert_eq!(*why, format!("{condition}, no dead-letter queue"));
        match condition {
            "MaximumRetryAttempts" => assert_eq!((shop.attempts().len(), shop.attempts().last()), (3, Some(at))),
            _ => assert_eq!(*at, 60_000),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_retries_are_none() {
    let shop = Shop::open(7, Some(policy(86_400, 0)), None).await;
    let _down = shop.emulator.bus_fault(between("*", "*stream/orders").times(1).fail(500, "InternalFailure", "down"));
    shop.sell().await;
    shop.advance(DAY).await;
    assert_eq!(shop.attempts(), [0]);
    assert_eq!(shop.given_up(), [(0, "MaximumRetryAttempts, no dead-letter queue".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn what_no_retry_mends_goes_to_the_dead_letter_queue_at_once() {
    let shop = Shop::open(7, None, Some(QUEUE)).await;
    let _gone = shop.emulator.bus_fault(between("*", "*stream/orders").fail(400, "ResourceNotFoundException", "gone"));
    shop.sell().await;
    assert_eq!((shop.attempts(), shop.given_up()), (vec![0], vec![(0, "no retry would help".to_owned())]));
    let hops = shop.hops();
    let [first, gave_up, letter] = &hops[..] else { panic!("{hops:?}") };
    assert!(matches!(&first.outcome, Outcome::Error { code, .. } if code == "ResourceNotFoundException"));
    assert!(letter.resource.ends_with(&format!("rule/orders -> {QUEUE}")), "{letter:?}");
    assert_eq!(letter.cause.map(|cause| cause.event), Some(gave_up.id));
}

#[tokio::test(start_paused = true)]
async fn a_letter_that_cannot_be_written_is_told_once_and_lost() {
    let shop = Shop::open(7, Some(policy(60, 0)), Some(QUEUE)).await;
    let _down = shop.emulator.bus_fault(between("*", "*stream/orders").fail(503, "ServiceUnavailable", "down"));
    let _full = shop.emulator.bus_fault(between("*", QUEUE).fail(503, "ServiceUnavailable", "full"));
    shop.sell().await;
    shop.advance(DAY).await;
    let letters: Vec<_> = shop.hops().into_iter().filter(|hop| hop.resource.ends_with(QUEUE)).collect();
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    assert!(matches!(&letter.outcome, Outcome::Error { message, .. } if message == "full"), "{letter:?}");
}

#[tokio::test(start_paused = true)]
async fn a_target_that_recovers_gets_what_it_missed_once() {
    let shop = Shop::open(7, None, Some(QUEUE)).await;
    let down = shop.emulator.bus_fault(between("*", "*stream/orders").fail(503, "ServiceUnavailable", "down"));
    shop.sell().await;
    shop.advance(Duration::from_hours(3)).await;
    let missed = shop.attempts().len();
    drop(down);
    shop.advance(DAY).await;
    assert_eq!((shop.attempts().len(), shop.given_up()), (missed + 1, vec![]));
    assert_eq!(shop.hops().last().map(|hop| hop.outcome.clone()), Some(Outcome::Done));
}
