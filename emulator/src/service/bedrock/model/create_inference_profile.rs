//! Makes an application inference profile of a model or of another profile.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateInferenceProfile.html>
//!
//! ```text
//! POST /inference-profiles
//! {"inferenceProfileName":"shop","modelSource":{"copyFrom":"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"}}
//!
//! {"inferenceProfileArn":"arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/0a1b2c3d4e5f","status":"ACTIVE"}
//! ```

use serde::{Deserialize, Serialize};

use super::inference_profile::{self, ApplicationProfile};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::pattern::{
    INFERENCE_PROFILE_DESCRIPTION, INFERENCE_PROFILE_NAME, INFERENCE_PROFILE_SOURCE,
};
use crate::service::bedrock::control::tags::{self, Tag, Tags};
use crate::service::bedrock::control::{conflict, quota_exceeded, request_tokens};

/// AWS's default quota of an account and region.
/// <https://docs.aws.amazon.com/general/latest/gr/bedrock.html>
const PROFILES_MAX: usize = 1000;

pub struct CreateInferenceProfile;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    inference_profile_name: Option<String>,
    description: Option<String>,
    client_request_token: Option<String>,
    model_source: Option<ModelSource>,
    tags: Option<Vec<Tag>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ModelSource {
    copy_from: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    inference_profile_arn: String,
    status: &'static str,
}

impl Operation for CreateInferenceProfile {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateInferenceProfile";
    const BINDING: Binding = Binding::post("/inference-profiles");
    const STATUS: u16 = 201;

    fn resource(input: &Input) -> String {
        input.inference_profile_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        input.check()?;
        let profiles = &mut state.models.profiles;
        if let Some(arn) = profiles.tokens.answer(input.client_request_token.as_deref(), call.now) {
            return Ok(Output { inference_profile_arn: arn, status: "ACTIVE" });
        }
        let name = input.inference_profile_name.unwrap_or_default();
        let source = input.model_source.and_then(|source| source.copy_from).unwrap_or_default();
        let models = profiles.models_of(&source, call.scope)?;
        if profiles.by_id.values().any(|profile| profile.name == name) {
            // assumed: the wording.
            return Err(conflict(format!("An inference profile with the name {name} already exists.")));
        }
        if profiles.by_id.len() >= PROFILES_MAX {
            return Err(quota_exceeded(format!(
                "You have reached the limit of {PROFILES_MAX} application inference profiles."
            )));
        }
        let id = inference_profile::new_id(call);
        let arn = inference_profile::arn(&id, call.scope);
        let mut tagged = Tags::new();
        tags::add(&mut tagged, input.tags.unwrap_or_default(), &arn)?;
        let description = input.description;
        let profile = ApplicationProfile { name, description, created: call.now, models, tags: tagged };
        profiles.by_id.insert(id, profile);
        profiles.tokens.remember(input.client_request_token, arn.clone(), call.now);
        Ok(Output { inference_profile_arn: arn, status: "ACTIVE" })
    }
}

impl Input {
    fn check(&self) -> Result<(), ApiError> {
        let mut violations = Violations::new();
        let v = &mut violations;
        v.required("inferenceProfileName", &self.inference_profile_name);
        INFERENCE_PROFILE_NAME.check(v, "inferenceProfileName", self.inference_profile_name.as_deref(), 1, 64);
        INFERENCE_PROFILE_DESCRIPTION.check(v, "description", self.description.as_deref(), 1, 200);
        request_tokens::check(v, self.client_request_token.as_deref());
        v.required("modelSource", &self.model_source);
        let source = self.model_source.as_ref();
        if source.is_some_and(|source| source.copy_from.is_none()) {
            v.missing("modelSource.copyFrom");
        }
        let source = source.and_then(|source| source.copy_from.as_deref());
        INFERENCE_PROFILE_SOURCE.check(v, "modelSource.copyFrom", source, 1, 2048);
        tags::check(v, self.tags.as_deref());
        violations.finish()
    }
}
