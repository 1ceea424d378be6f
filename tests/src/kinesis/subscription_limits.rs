//! The limits of enhanced fan-out, once they are switched on, and its dry runs.

use std::time::Duration;

use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::ShardIteratorType;
use rehearsal_emulator::service::kinesis::settings::Limits;

use super::subscribe_to_shard::{next, position, subscribe, subscribed};
use super::{ACCOUNT, SHARD, arn, put, refused, with_consumer, with_stream};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

fn enforce(stage: &Stage) {
    stage.emulator.handles().kinesis_limits.set(Limits::Enforced);
}

#[test]
fn a_subscription_gets_2_mib_a_second() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        for _ in 0..4 {
            let put = client.put_record().stream_name("orders").partition_key("a");
            put.data(Blob::new(vec![0; (1 << 20) - 1])).send().await.expect("there is no limit yet");
        }
        enforce(&stage);
        let before = stage.emulator.clock().now();
        let mut output = subscribed(&client, &consumer, ShardIteratorType::TrimHorizon).await;
        let mut arrivals = Vec::new();
        while arrivals.len() < 4 {
            let event = next(&mut output).await.expect("the stream goes on");
            assert_eq!(event.records.len(), 1);
            arrivals.push(stage.emulator.clock().now().since(before).as_millis());
        }
        assert_eq!(arrivals, [0, 0, 500, 1000]);
    });
}

#[test]
fn one_call_a_second_subscribes_a_consumer_to_a_shard() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        enforce(&stage);
        let latest = || subscribe(&client, &consumer, position(ShardIteratorType::Latest, None));
        latest().send().await.expect("it is the first");
        latest().shard_id("shardId-000000000001").send().await.expect("each shard counts for itself");
        let message =
            format!("Rate exceeded for consumer audit and shard {SHARD} in stream orders under account {ACCOUNT}.");
        assert_eq!(refusal(latest().send().await), refused("LimitExceededException", message));
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(refusal(latest().send().await).0, "ResourceInUseException");
    });
}

#[test]
fn five_consumers_are_creating_at_one_time() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let register = |number| {
            let register = client.register_stream_consumer().stream_arn(arn("orders"));
            register.consumer_name(format!("c{number}")).send()
        };
        for number in 0..5 {
            register(number).await.expect("there is room");
        }
        enforce(&stage);
        let message = format!(
            "This request would exceed the limit on the number of consumers that can simultaneously be in CREATING for \
             the account {ACCOUNT}. Limit: 5."
        );
        assert_eq!(refusal(register(5).await), refused("LimitExceededException", message));
        stage.advance(Duration::from_secs(1)).await;
        register(5).await.expect("the others are ACTIVE");
    });
}

#[test]
fn a_dry_run_subscribes_nobody() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let consumer = with_consumer(&stage, &client, "orders", "audit").await;
        let start = || position(ShardIteratorType::TrimHorizon, None);
        let message = "DryRunOperation validation succeeded while calling SubscribeToShard operation.: Request would \
                       have succeeded, but DryRun flag is set.";
        for _ in 0..2 {
            let dry = subscribe(&client, &consumer, start()).dry_run(true).send().await;
            assert_eq!(refusal(dry), refused("DryRunOperationException", message));
        }
        put(&client, "orders", "a", "1").await;
        subscribe(&client, &consumer, start()).dry_run(false).send().await.expect("nobody has subscribed");
        let dry = subscribe(&client, &consumer, start()).dry_run(true).send().await;
        assert_eq!(refusal(dry).0, "ResourceInUseException");
    });
}
