//! Deletes an application inference profile.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_DeleteInferenceProfile.html>

use serde::{Deserialize, Serialize};

use super::catalogue;
use super::inference_profile::no_profile;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::pattern::INFERENCE_PROFILE;

pub struct DeleteInferenceProfile;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    inference_profile_identifier: String,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteInferenceProfile {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteInferenceProfile";
    const BINDING: Binding = Binding::delete("/inference-profiles/{inferenceProfileIdentifier}");

    fn resource(input: &Input) -> String {
        input.inference_profile_identifier.clone()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let identifier = input.inference_profile_identifier;
        let mut violations = Violations::new();
        INFERENCE_PROFILE.check(&mut violations, "inferenceProfileIdentifier", Some(&identifier), 1, 2048);
        violations.finish()?;
        let profiles = &mut state.models.profiles;
        let id = profiles.id_of(&identifier, call.scope)?;
        if profiles.by_id.remove(id).is_some() {
            return Ok(Output {});
        }
        match catalogue::by_profile(id) {
            // assumed: the wording.
            Some(_) => Err(ApiError::validation("System-defined inference profiles can't be deleted.")),
            None => Err(no_profile(&identifier)),
        }
    }
}
