//! Makes a numbered version of a guardrail's draft, which never changes.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateGuardrailVersion.html>
//!
//! ```text
//! POST /guardrails/0a1b2c3d4e5f
//! {"description":"first"}
//!
//! {"guardrailId":"0a1b2c3d4e5f","version":"1"}
//! ```

use serde::{Deserialize, Serialize};

use super::version::{ChangeKind, Version};
use super::{VERSIONS_MAX, refusal};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::pattern::GUARDRAIL;
use crate::service::bedrock::control::{quota_exceeded, request_tokens};

pub struct CreateGuardrailVersion;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    guardrail_identifier: String,
    description: Option<String>,
    client_request_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    guardrail_id: String,
    version: String,
}

impl Operation for CreateGuardrailVersion {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateGuardrailVersion";
    const BINDING: Binding = Binding::post("/guardrails/{guardrailIdentifier}");
    const STATUS: u16 = 202;

    fn resource(input: &Input) -> String {
        input.guardrail_identifier.clone()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { guardrail_identifier, description, client_request_token } = input;
        let mut violations = Violations::new();
        GUARDRAIL.check(&mut violations, "guardrailIdentifier", Some(&guardrail_identifier), 0, 2048);
        if let Some(description) = &description {
            violations.length("description", description, 1, 200);
        }
        request_tokens::check(&mut violations, client_request_token.as_deref());
        violations.finish()?;
        let guardrails = &mut state.guardrails;
        if let Some((id, number)) = guardrails.versioned.answer(client_request_token.as_deref(), call.now) {
            return Ok(Output { guardrail_id: id, version: number.to_string() });
        }
        let id = guardrails.find(&guardrail_identifier, call.scope)?.0.to_owned();
        let Some(guardrail) = guardrails.by_id.get_mut(&id) else {
            return Err(refusal::no_guardrail(&guardrail_identifier));
        };
        if !guardrail.draft.is_ready() {
            return Err(refusal::busy(&guardrail.draft));
        }
        if guardrail.versions.len() >= VERSIONS_MAX {
            return Err(quota_exceeded(format!(
                "You have reached the limit of {VERSIONS_MAX} versions per guardrail."
            )));
        }
        guardrail.versions_so_far += 1;
        let number = guardrail.versions_so_far;
        let rules = guardrail.draft.rules.clone();
        let description = description.or_else(|| guardrail.draft.description.clone());
        let version = Version { rules, description, created: call.now, updated: call.now, change: None };
        guardrail.versions.insert(number, version);
        guardrails.begin_change(&id, number, ChangeKind::Versioning, call);
        guardrails.versioned.remember(client_request_token, (id.clone(), number), call.now);
        Ok(Output { guardrail_id: id, version: number.to_string() })
    }
}
