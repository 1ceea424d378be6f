//! A model that hangs for a minute, under a timeout of five seconds, in virtual time.

use std::time::Duration;

use aws_sdk_bedrockruntime::Client;
use aws_smithy_types::timeout::TimeoutConfig;
use rehearsal_emulator::{Emulator, Fault, Reply, prompt_contains};

use super::ask;

/// Asks a model that hangs once; gives how long that took and the timeline.
async fn hang_once() -> (Duration, String) {
    let emulator = Emulator::builder().seed(7).start().await;
    let hang = Reply::fault(Fault::Hang(Some(Duration::from_secs(60))));
    let rule = emulator.bedrock().given(prompt_contains("refund")).respond_with(hang);
    rule.then(Reply::text("approved")).expect(2).named("hangs once").mount();

    let timeout = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(5)).build();
    let config = emulator.sdk_config().await.into_builder().timeout_config(timeout).build();
    let before = emulator.clock().now();
    assert_eq!(ask(&Client::new(&config), "refund?").await.as_deref(), Ok("approved"));
    (emulator.clock().now().since(before), emulator.timeline().to_string())
}

#[tokio::test(start_paused = true)]
async fn the_timeout_and_one_backoff_pass_in_virtual_time_and_the_same_every_time() {
    let (took, timeline) = hang_once().await;
    assert_eq!(took, Duration::from_secs(6), "five seconds of timeout, one of backoff\n{timeline}");
    assert!(timeline.contains("> hung") && timeline.contains("attempt 2  retry of #1"), "{timeline}");
    for _ in 0..5 {
        assert_eq!(hang_once().await, (took, timeline.clone()));
    }
}
