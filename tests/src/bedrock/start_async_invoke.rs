use aws_sdk_bedrockruntime::types::{AsyncInvokeOutputDataConfig, AsyncInvokeS3OutputDataConfig};
use aws_smithy_types::Document;

use super::{client, object};
use crate::stage::{on_both_stages, refusal};

fn output(uri: &str) -> AsyncInvokeOutputDataConfig {
    let config = AsyncInvokeS3OutputDataConfig::builder().s3_uri(uri).build().expect("the URI is set");
    AsyncInvokeOutputDataConfig::S3OutputDataConfig(config)
}

#[test]
fn output_has_nowhere_to_go_and_that_is_said() {
    on_both_stages(async |stage| {
        let input = object([("taskType", Document::String("TEXT_VIDEO".to_owned()))]);
        let start = client(&stage).start_async_invoke().model_id("amazon.nova-reel-v1:0").model_input(input);
        let (code, message) = refusal(start.output_data_config(output("s3://videos/mine")).send().await);
        assert_eq!(code, "NotImplemented");
        assert!(message.contains("output to Amazon S3"), "{message}");
    });
}

#[test]
fn a_bad_request_is_refused_as_on_aws() {
    on_both_stages(async |stage| {
        let start = client(&stage).start_async_invoke().model_id("amazon.nova-reel-v1:0").model_input(object([]));
        let start = start.client_request_token("").output_data_config(output("videos"));
        let (code, message) = refusal(start.send().await);
        assert_eq!(code, "ValidationException");
        assert_eq!(
            message,
            "2 validation errors detected: Value '' at 'clientRequestToken' failed to satisfy constraint: Member must have \
             length greater than or equal to 1; Value 'videos' at 'outputDataConfig.s3OutputDataConfig.s3Uri' failed to \
             satisfy constraint: Member must satisfy regular expression pattern: \
             s3://[a-z0-9][\\.\\-a-z0-9]{1,61}[a-z0-9](/.*)?"
        );
    });
}
