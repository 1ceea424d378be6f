//! Deletes a guardrail with all its versions, or one version.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_DeleteGuardrail.html>
//!
//! It is DELETING for a moment of the clock. That an agent uses it is not looked at.

use serde::{Deserialize, Serialize};

use super::refusal;
use super::version::{ChangeKind, DRAFT};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::pattern::{GUARDRAIL, GUARDRAIL_NUMBER};

pub struct DeleteGuardrail;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    guardrail_identifier: String,
    guardrail_version: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteGuardrail {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteGuardrail";
    const BINDING: Binding = Binding::delete("/guardrails/{guardrailIdentifier}");
    const STATUS: u16 = 202;

    fn resource(input: &Input) -> String {
        input.guardrail_identifier.clone()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { guardrail_identifier, guardrail_version } = input;
        let mut violations = Violations::new();
        GUARDRAIL.check(&mut violations, "guardrailIdentifier", Some(&guardrail_identifier), 0, 2048);
        GUARDRAIL_NUMBER.check(&mut violations, "guardrailVersion", guardrail_version.as_deref(), 0, 2048);
        violations.finish()?;
        let wanted = guardrail_version.as_deref().unwrap_or(DRAFT);
        let (id, number, version) = state.guardrails.find_version(&guardrail_identifier, wanted, call.scope)?;
        if !version.is_ready() {
            return Err(refusal::busy(version));
        }
        let id = id.to_owned();
        state.guardrails.begin_change(&id, number, ChangeKind::Deleting, call);
        Ok(Output {})
    }
}
