//! Describes an inference profile, AWS's own or the account's.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetInferenceProfile.html>
//!
//! ```text
//! GET /inference-profiles/us.amazon.nova-lite-v1%3A0
//!
//! {"inferenceProfileName":"US Nova Lite","description":"Routes requests to Nova Lite in us-east-1, us-east-2 and us-west-2.",
//!  "inferenceProfileArn":"arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-lite-v1:0",
//!  "models":[{"modelArn":"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"},...],
//!  "inferenceProfileId":"us.amazon.nova-lite-v1:0","status":"ACTIVE","type":"SYSTEM_DEFINED"}
//! ```

use serde::Deserialize;

use super::inference_profile::Described;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::pattern::INFERENCE_PROFILE;

pub struct GetInferenceProfile;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    inference_profile_identifier: String,
}

impl Operation for GetInferenceProfile {
    type Service = Bedrock;
    type Input = Input;
    type Output = Described;
    const NAME: &'static str = "GetInferenceProfile";
    const BINDING: Binding = Binding::get("/inference-profiles/{inferenceProfileIdentifier}");

    fn resource(input: &Input) -> String {
        input.inference_profile_identifier.clone()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Described, ApiError> {
        let identifier = input.inference_profile_identifier;
        let mut violations = Violations::new();
        INFERENCE_PROFILE.check(&mut violations, "inferenceProfileIdentifier", Some(&identifier), 1, 2048);
        violations.finish()?;
        state.models.profiles.find(&identifier, call.scope)
    }
}
