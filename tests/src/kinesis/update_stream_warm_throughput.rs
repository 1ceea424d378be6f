//! UpdateStreamWarmThroughput.

use std::time::Duration;

use aws_sdk_kinesis::types::{
    MinimumThroughputBillingCommitmentInput, MinimumThroughputBillingCommitmentInputStatus, StreamMode,
    StreamModeDetails,
};

use super::{summary, with_stream};
use crate::stage::{in_virtual_time, refusal};

#[test]
fn an_on_demand_stream_of_a_committed_account_is_warmed() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "provisioned", 1).await;
        let on_demand = StreamModeDetails::builder().stream_mode(StreamMode::OnDemand).build().expect("it has a mode");
        let create = client.create_stream().stream_name("orders").stream_mode_details(on_demand);
        assert_eq!(refusal(create.clone().warm_throughput_mibps(8).send().await).0, "ValidationException");
        let enabled = MinimumThroughputBillingCommitmentInputStatus::Enabled;
        let commitment =
            MinimumThroughputBillingCommitmentInput::builder().status(enabled).build().expect("it has a status");
        client.update_account_settings().minimum_throughput_billing_commitment(commitment).send().await.unwrap();
        create.warm_throughput_mibps(8).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let update =
            |name: &str, mibps| client.update_stream_warm_throughput().stream_name(name).warm_throughput_mibps(mibps);
        assert_eq!(refusal(update("provisioned", 16).send().await).0, "ValidationException");
        assert_eq!(refusal(update("orders", 10_241).send().await).0, "InvalidArgumentException");
        let warm = update("orders", 16).send().await.unwrap().warm_throughput.expect("it was set");
        assert_eq!((warm.target_mibps, warm.current_mibps), (Some(16), Some(8)));
        stage.advance(Duration::from_secs(1)).await;
        let warm = summary(&client, "orders").await.warm_throughput.expect("it was set");
        assert_eq!((warm.target_mibps, warm.current_mibps), (Some(16), Some(16)));
    });
}
