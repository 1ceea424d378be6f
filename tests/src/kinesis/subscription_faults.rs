//! What faults do to a subscription.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::error::SdkError;
use aws_sdk_kinesis::types::ShardIteratorType;
use aws_smithy_types::timeout::TimeoutConfig;
use rehearsal_emulator::kernel::fault::{Cut, RuleBuilder};
use rehearsal_emulator::on;

use super::subscribe_to_shard::{next, position, subscribe, subscribed, texts};
use super::{put, with_consumer, with_stream};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

async fn with_orders(stage: &Stage) -> (Client, String) {
    let client = with_stream(stage, "orders", 1).await;
    let consumer = with_consumer(stage, &client, "orders", "audit").await;
    put(&client, "orders", "a", "1").await;
    (client, consumer)
}

fn on_subscribe() -> RuleBuilder {
    on("kinesis", "SubscribeToShard").resource("orders")
}

#[test]
fn a_subscription_can_break_off_after_some_frames() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let _cut = stage.emulator.fault(on_subscribe().cut_after(Cut::Frames(2)));
        let mut output = subscribed(&client, &consumer, ShardIteratorType::TrimHorizon).await;
        let event = next(&mut output).await.expect("the first two frames arrive");
        assert_eq!(texts(&event), ["1"]);
        let error = output.event_stream.recv().await.expect_err("the connection breaks");
        assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("TRIM_HORIZON  > cut after 2 frames"), "{timeline}");
    });
}

#[test]
fn a_subscription_can_break_off_within_a_frame_or_before_the_first() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        for cut in [Cut::Bytes(20), Cut::Frames(0)] {
            let _cut = stage.emulator.fault(on_subscribe().cut_after(cut));
            let start = position(ShardIteratorType::TrimHorizon, None);
            let error = subscribe(&client, &consumer, start).send().await.expect_err("not even a beginning arrives");
            assert!(!matches!(error, SdkError::ServiceError(_)), "{error:?}");
            stage.advance(Duration::from_secs(5)).await;
        }
    });
}

#[test]
fn a_lost_response_has_subscribed_all_the_same() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let lost = stage.emulator.fault(on_subscribe().lose_response().times(1));
        let start = || position(ShardIteratorType::TrimHorizon, None);
        let error = subscribe(&client, &consumer, start()).send().await.expect_err("the connection breaks");
        assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
        assert_eq!(lost.acted(), 1);
        let (code, _) = refusal(subscribe(&client, &consumer, start()).send().await);
        assert_eq!(code, "ResourceInUseException");
        stage.advance(Duration::from_secs(5)).await;
        let mut output = subscribed(&client, &consumer, ShardIteratorType::TrimHorizon).await;
        assert_eq!(texts(&next(&mut output).await.expect("the stream goes on")), ["1"]);
    });
}

#[test]
fn errors_take_the_place_of_a_subscription() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let start = || position(ShardIteratorType::TrimHorizon, None);
        for (rule, expected) in [
            (on_subscribe().throttle(), "LimitExceededException"),
            (on_subscribe().fail(400, "AccessDeniedException", "no"), "AccessDeniedException"),
        ] {
            let _fault = stage.emulator.fault(rule);
            assert_eq!(refusal(subscribe(&client, &consumer, start()).send().await).0, expected);
        }
        subscribed(&client, &consumer, ShardIteratorType::TrimHorizon).await;
    });
}

#[test]
fn a_delay_comes_before_the_first_frame() {
    in_virtual_time(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let _slow = stage.emulator.fault(on_subscribe().delay(Duration::from_secs(9)));
        let before = stage.emulator.clock().now();
        let mut output = subscribed(&client, &consumer, ShardIteratorType::TrimHorizon).await;
        assert_eq!(stage.emulator.clock().now().since(before), Duration::from_secs(9));
        assert_eq!(texts(&next(&mut output).await.expect("the stream goes on")), ["1"]);
    });
}

#[test]
fn a_hang_is_ended_by_the_callers_timeout() {
    in_virtual_time(|stage| async move {
        let (_, consumer) = with_orders(&stage).await;
        let _hang = stage.emulator.fault(on_subscribe().hang());
        let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_secs(5)).build();
        let client = Client::new(&stage.config.to_builder().timeout_config(timeouts).build());
        let start = position(ShardIteratorType::Latest, None);
        let error = subscribe(&client, &consumer, start).send().await.expect_err("nothing is answered");
        assert!(matches!(error, SdkError::TimeoutError(_)), "{error:?}");
    });
}

#[test]
fn a_subscription_can_see_each_record_later() {
    in_virtual_time(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        let _lag = stage.emulator.fault(on_subscribe().stale(Duration::from_secs(3)));
        let before = stage.emulator.clock().now();
        let mut output = subscribed(&client, &consumer, ShardIteratorType::TrimHorizon).await;
        let event = next(&mut output).await.expect("the stream goes on");
        let elapsed = || stage.emulator.clock().now().since(before);
        assert_eq!((texts(&event), elapsed()), (vec!["1"], Duration::from_secs(3)));
        stage.advance(Duration::from_secs(1)).await;
        put(&client, "orders", "a", "2").await;
        let event = next(&mut output).await.expect("the stream goes on");
        assert_eq!((texts(&event), elapsed()), (vec!["2"], Duration::from_secs(7)));
    });
}

#[test]
fn a_subscription_can_begin_with_records_that_were_read_before() {
    on_both_stages(|stage| async move {
        let (client, consumer) = with_orders(&stage).await;
        put(&client, "orders", "a", "2").await;
        let _again = stage.emulator.fault(on_subscribe().duplicate(1));
        let mut output = subscribed(&client, &consumer, ShardIteratorType::Latest).await;
        assert_eq!(texts(&next(&mut output).await.expect("the stream goes on")), ["2"]);
    });
}
