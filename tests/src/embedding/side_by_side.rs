//! Two emulators in one test do not see each other.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use rehearsal_emulator::{Emulator, Reply, anything, on};

use super::ask;

#[tokio::test(start_paused = true)]
async fn state_faults_script_and_timeline_are_each_emulators_own() {
    let (ours, theirs) = (Emulator::start().await, Emulator::start().await);
    let our_kinesis = Client::new(&ours.sdk_config().await);
    let their_kinesis = Client::new(&theirs.sdk_config().await);
    our_kinesis.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
    let _outage = theirs.fault(on("bedrock", "*").throttle());
    ours.bedrock().given(anything()).respond_with(Reply::text("ours")).expect(1).mount();
    let bedrock = aws_sdk_bedrockruntime::Client::new(&ours.sdk_config().await);
    assert_eq!(ask(&bedrock, "whose?").await.as_deref(), Ok("ours"));
    assert_eq!(their_kinesis.list_streams().send().await.unwrap().stream_names().len(), 0);
    assert_eq!(ours.timeline().events().len(), 3, "{}", ours.timeline());
    assert_eq!(theirs.timeline().events().len(), 1, "{}", theirs.timeline());
    // Time is the runtime's, and so the same for both.
    ours.clock().advance(Duration::from_mins(1)).await;
    assert_eq!(ours.clock().now(), theirs.clock().now());
}
