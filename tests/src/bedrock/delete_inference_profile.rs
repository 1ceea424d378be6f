use aws_sdk_bedrock::types::InferenceProfileModelSource;

use super::control;
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_own_profile_goes_and_aws_s_stay() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let source = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
        let source = InferenceProfileModelSource::CopyFrom(source.to_owned());
        let made = control.create_inference_profile().inference_profile_name("shop").model_source(source).send().await;
        let made = made.unwrap();
        let delete =
            |identifier: &str| control.delete_inference_profile().inference_profile_identifier(identifier).send();
        delete(made.inference_profile_arn()).await.unwrap();
        assert_eq!(refusal(delete(made.inference_profile_arn()).await).0, "ResourceNotFoundException");
        assert_eq!(refusal(delete("us.amazon.nova-lite-v1:0").await).0, "ValidationException");
    });
}
