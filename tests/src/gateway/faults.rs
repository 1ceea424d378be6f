//! Fault rules, as an SDK feels them.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::error::SdkError;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use rehearsal_emulator::kernel::fault::{Cut, Verdict};
use rehearsal_emulator::{Emulator, on};

use crate::stage::{Stage, on_both_stages, refusal};

async fn retrying(emulator: &Emulator) -> Client {
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(10));
    Client::new(&emulator.sdk_config().await.into_builder().retry_config(retries).build())
}

#[test]
fn a_throttle_is_the_services_own_and_ends_with_its_guard() {
    on_both_stages(|stage: Stage| async move {
        let client = Client::new(&stage.config);
        let outage = stage.emulator.fault(on("kinesis", "List*").throttle());
        let (code, message) = refusal(client.list_streams().send().await);
        assert_eq!(code, "LimitExceededException", "{message}");
        assert_eq!(outage.acted(), 1);
        drop(outage);
        client.list_streams().send().await.expect("the fault is over");
    });
}

#[test]
fn dynamodb_throttles_tables_and_items_each_in_its_own_words() {
    on_both_stages(|stage: Stage| async move {
        let client = aws_sdk_dynamodb::Client::new(&stage.config);
        let _outage = stage.emulator.fault(on("dynamodb", "*").throttle());
        let (code, message) = refusal(client.delete_table().table_name("orders").send().await);
        assert_eq!((&*code, &*message), ("ThrottlingException", "Rate of requests exceeds the allowed throughput."));
        let answer = refusal(client.describe_table().table_name("orders").send().await);
        assert_eq!((&*answer.0, &*answer.1), ("ThrottlingException", "Rate exceeded"));
        let (code, _) = refusal(client.scan().table_name("orders").send().await);
        assert_eq!(code, "ProvisionedThroughputExceededException");
    });
}

#[test]
fn a_reset_is_a_broken_connection() {
    on_both_stages(|stage: Stage| async move {
        let _reset = stage.emulator.fault(on("kinesis", "*").reset());
        let error = Client::new(&stage.config).list_streams().send().await.expect_err("the connection breaks");
        assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
    });
}

#[tokio::test(start_paused = true)]
async fn a_hang_is_ended_by_the_callers_timeout_in_virtual_time() {
    let emulator = Emulator::start().await;
    let _hang = emulator.fault(on("kinesis", "ListStreams").hang().times(1));
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(5)).build();
    let config = emulator.sdk_config().await.into_builder().timeout_config(timeouts);
    let retries = RetryConfig::standard().with_use_static_exponential_base(true);
    let client = Client::new(&config.retry_config(retries).build());
    let before = emulator.clock().now();
    client.list_streams().send().await.expect("the second attempt succeeds");
    let took = emulator.clock().now().since(before);
    assert!(took >= Duration::from_secs(5) && took < Duration::from_secs(8), "{took:?}");
    let timeline = emulator.timeline().to_string();
    assert!(timeline.contains("> hung"), "{timeline}");
    assert!(timeline.contains("attempt 2  retry of #1"), "{timeline}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_leaves_its_effect_behind() {
    let emulator = Emulator::start().await;
    let lost = emulator.fault(on("kinesis", "CreateStream").lose_response().times(1));
    let client = retrying(&emulator).await;
    let (code, _) = refusal(client.create_stream().stream_name("twice").shard_count(1).send().await);
    assert_eq!(code, "ResourceInUseException", "the first attempt did its work, the second finds it done");
    assert_eq!(lost.acted(), 1);
    assert!(emulator.timeline().to_string().contains("> response lost"));
}

#[test]
fn a_cut_answer_breaks_off() {
    on_both_stages(|stage: Stage| async move {
        let _cut = stage.emulator.fault(on("kinesis", "*").verdict(Verdict::CutAfter(Cut::Bytes(5))));
        let error = Client::new(&stage.config).list_streams().send().await.expect_err("half an answer is none");
        assert!(!matches!(error, SdkError::ServiceError(_)), "{error:?}");
        assert!(stage.emulator.timeline().to_string().contains("> cut after 5 bytes"), "{}", stage.emulator.timeline());
    });
}

#[tokio::test(start_paused = true)]
async fn a_delay_comes_before_the_answer_and_a_rule_may_choose_its_caller() {
    let emulator = Emulator::start().await;
    let _slow = emulator.fault(on("kinesis", "ListStreams").caller("123456789012").delay(Duration::from_secs(9)));
    for (account, seconds) in [("test", 0), ("123456789012", 9)] {
        let before = emulator.clock().now();
        Client::new(&emulator.sdk_config_for(account).await).list_streams().send().await.unwrap();
        assert_eq!(emulator.clock().now().since(before), Duration::from_secs(seconds), "{account}");
    }
}
