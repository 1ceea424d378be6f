//! Puts another definition in the place of a guardrail's draft. Its versions stay as they are.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_UpdateGuardrail.html>

use serde::{Deserialize, Serialize};

use super::definition::Definition;
use super::refusal;
use super::version::{self, ChangeKind, DRAFT, Rules};
use crate::kernel::{ApiError, Binding, Call, Operation, Timestamp, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::iso_8601;
use crate::service::bedrock::control::pattern::GUARDRAIL;

pub struct UpdateGuardrail;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    guardrail_identifier: String,
    #[serde(flatten)]
    definition: Definition,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    guardrail_id: String,
    guardrail_arn: String,
    version: &'static str,
    #[serde(serialize_with = "iso_8601")]
    updated_at: Timestamp,
}

impl Operation for UpdateGuardrail {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateGuardrail";
    const BINDING: Binding = Binding::put("/guardrails/{guardrailIdentifier}");
    const STATUS: u16 = 202;

    fn resource(input: &Input) -> String {
        input.guardrail_identifier.clone()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { guardrail_identifier, definition } = input;
        let mut violations = Violations::new();
        GUARDRAIL.check(&mut violations, "guardrailIdentifier", Some(&guardrail_identifier), 0, 2048);
        definition.check(&mut violations);
        violations.finish()?;
        let guardrails = &mut state.guardrails;
        let id = guardrails.find(&guardrail_identifier, call.scope)?.0.to_owned();
        let definition = definition.settle()?;
        let mut others = guardrails.by_id.iter().filter(|(other, _)| **other != id);
        if others.any(|(_, guardrail)| guardrail.name() == definition.name()) {
            return Err(refusal::name_taken(definition.name()));
        }
        let Some(guardrail) = guardrails.by_id.get_mut(&id) else {
            return Err(refusal::no_guardrail(&guardrail_identifier));
        };
        let draft = &mut guardrail.draft;
        if !draft.is_ready() {
            return Err(refusal::busy(draft));
        }
        draft.description = definition.description.clone();
        draft.rules = Rules::new(definition);
        draft.updated = call.now;
        guardrails.begin_change(&id, 0, ChangeKind::Updating, call);
        let guardrail_arn = version::arn(&id, call.scope);
        Ok(Output { guardrail_id: id, guardrail_arn, version: DRAFT, updated_at: call.now })
    }
}
