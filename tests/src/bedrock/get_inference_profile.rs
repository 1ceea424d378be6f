use aws_sdk_bedrock::types::{InferenceProfileStatus, InferenceProfileType};

use super::control;
use crate::stage::{on_both_stages, refusal};

#[test]
fn aws_s_own_profile_is_found_by_id_and_by_arn() {
    on_both_stages(async |stage| {
        let id = "us.anthropic.claude-3-haiku-20240307-v1:0";
        let arn = format!("arn:aws:bedrock:us-east-1:000000000000:inference-profile/{id}");
        for identifier in [id, &arn] {
            let get = control(&stage).get_inference_profile().inference_profile_identifier(identifier);
            let found = get.send().await.unwrap();
            assert_eq!(found.inference_profile_name(), "US Anthropic Claude 3 Haiku");
            let description = "Routes requests to Anthropic Claude 3 Haiku in us-east-1, us-east-2 and us-west-2.";
            assert_eq!(found.description(), Some(description));
            assert_eq!((found.inference_profile_id(), found.inference_profile_arn()), (id, &*arn));
            assert_eq!(found.status(), &InferenceProfileStatus::Active);
            assert_eq!(found.r#type(), &InferenceProfileType::SystemDefined);
            assert_eq!(
                found.models()[2].model_arn(),
                Some("arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-3-haiku-20240307-v1:0")
            );
        }
    });
}

#[test]
fn what_is_not_offered_here_is_not_found() {
    on_both_stages(async |stage| {
        for (identifier, code) in [
            ("eu.anthropic.claude-3-haiku-20240307-v1:0", "ResourceNotFoundException"),
            ("anthropic.claude-3-haiku-20240307-v1:0", "ResourceNotFoundException"),
            ("my profile", "ValidationException"),
        ] {
            let get = control(&stage).get_inference_profile().inference_profile_identifier(identifier);
            assert_eq!(refusal(get.send().await).0, code, "{identifier}");
        }
    });
}
