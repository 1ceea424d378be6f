//! One file an operation, through the official SDK.

use aws_sdk_bedrockagent::Client;

use crate::stage::{Stage, on_both_stages, refusal};

pub fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

#[test]
fn what_is_not_here_says_so() {
    on_both_stages(async |stage| {
        let refused = refusal(client(&stage).list_flows().send().await);
        assert_eq!(refused.0, "NotImplemented", "{}", refused.1);
        assert!(refused.1.contains("bedrock-agent ListFlows"), "{}", refused.1);
    });
}
