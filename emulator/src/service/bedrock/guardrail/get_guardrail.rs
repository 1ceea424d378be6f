//! Describes the draft of a guardrail, or a version of it.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetGuardrail.html>

use serde::{Deserialize, Serialize};

use super::definition::CrossRegionDetails;
use super::policy::Policies;
use super::version::{self, DRAFT};
use crate::kernel::{ApiError, Binding, Call, Operation, Timestamp, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::iso_8601;
use crate::service::bedrock::control::pattern::{GUARDRAIL, GUARDRAIL_VERSION};

pub struct GetGuardrail;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    guardrail_identifier: String,
    guardrail_version: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    guardrail_id: String,
    guardrail_arn: String,
    version: String,
    status: &'static str,
    #[serde(flatten)]
    policies: Policies,
    #[serde(skip_serializing_if = "Option::is_none")]
    cross_region_details: Option<CrossRegionDetails>,
    #[serde(serialize_with = "iso_8601")]
    created_at: Timestamp,
    #[serde(serialize_with = "iso_8601")]
    updated_at: Timestamp,
    blocked_input_messaging: Option<String>,
    blocked_outputs_messaging: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_arn: Option<String>,
}

impl Operation for GetGuardrail {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetGuardrail";
    const BINDING: Binding = Binding::get("/guardrails/{guardrailIdentifier}");

    fn resource(input: &Input) -> String {
        input.guardrail_identifier.clone()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { guardrail_identifier, guardrail_version } = input;
        let mut violations = Violations::new();
        GUARDRAIL.check(&mut violations, "guardrailIdentifier", Some(&guardrail_identifier), 0, 2048);
        GUARDRAIL_VERSION.check(&mut violations, "guardrailVersion", guardrail_version.as_deref(), 0, 2048);
        violations.finish()?;
        let version = guardrail_version.as_deref().unwrap_or(DRAFT);
        let (id, number, version) = state.guardrails.find_version(&guardrail_identifier, version, call.scope)?;
        let definition = &version.rules.definition;
        Ok(Output {
            name: definition.name().to_owned(),
            description: version.description.clone(),
            guardrail_id: id.to_owned(),
            guardrail_arn: version::arn(id, call.scope),
            version: version::written(number),
            status: version.status(),
            policies: definition.policies.clone(),
            cross_region_details: definition.cross_region_details(call.scope),
            created_at: version.created,
            updated_at: version.updated,
            blocked_input_messaging: definition.blocked_input_messaging.clone(),
            blocked_outputs_messaging: definition.blocked_outputs_messaging.clone(),
            kms_key_arn: definition.kms_key_arn(call.scope),
        })
    }
}
