//! One file an operation, through the official SDK.

pub mod retrieve;
mod retrieve_and_generate;
mod retrieve_and_generate_stream;

use aws_sdk_bedrockagentruntime::Client;

use crate::stage::{Stage, on_both_stages, refusal};

pub fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

#[test]
fn what_is_not_here_says_so() {
    on_both_stages(async |stage| {
        let refused = refusal(client(&stage).list_sessions().send().await);
        assert_eq!(refused.0, "NotImplemented", "{}", refused.1);
        assert!(refused.1.contains("bedrock-agent-runtime ListSessions"), "{}", refused.1);
    });
}
