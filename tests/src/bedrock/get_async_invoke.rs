use super::client;
use crate::stage::{on_both_stages, refusal};

#[test]
fn there_is_none_to_find() {
    on_both_stages(async |stage| {
        let arn = "arn:aws:bedrock:us-east-1:000000000000:async-invoke/abcdefghijkl";
        let (code, message) = refusal(client(&stage).get_async_invoke().invocation_arn(arn).send().await);
        assert_eq!(code, "ValidationException");
        assert_eq!(message, format!("Could not find an asynchronous invocation with the ARN {arn}."));
        let (_, message) = refusal(client(&stage).get_async_invoke().invocation_arn("mine").send().await);
        assert!(message.contains("Value 'mine' at 'invocationArn' failed to satisfy constraint"), "{message}");
    });
}
