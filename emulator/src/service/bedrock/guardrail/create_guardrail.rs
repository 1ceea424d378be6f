//! Makes a guardrail, whose draft is CREATING for a moment of the clock.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateGuardrail.html>
//!
//! ```text
//! POST /guardrails
//! {"name":"shop","blockedInputMessaging":"Not here.","blockedOutputsMessaging":"Not that.",
//!  "wordPolicyConfig":{"wordsConfig":[{"text":"stock tips"}]}}
//!
//! {"guardrailId":"0a1b2c3d4e5f","guardrailArn":"arn:aws:bedrock:us-east-1:000000000000:guardrail/0a1b2c3d4e5f",
//!  "version":"DRAFT","createdAt":"2026-01-01T00:00:00Z"}
//! ```
//!
//! A guardrail that is CREATING acts already (assumed).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::definition::Definition;
use super::version::{self, ChangeKind, DRAFT, Guardrail, Rules, Version};
use super::{GUARDRAILS_MAX, refusal};
use crate::kernel::{ApiError, Binding, Call, Operation, Timestamp, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::tags::{self, Tag, Tags};
use crate::service::bedrock::control::{iso_8601, quota_exceeded, request_tokens};

pub struct CreateGuardrail;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    #[serde(flatten)]
    definition: Definition,
    tags: Option<Vec<Tag>>,
    client_request_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    guardrail_id: String,
    guardrail_arn: String,
    version: &'static str,
    #[serde(serialize_with = "iso_8601")]
    created_at: Timestamp,
}

impl Operation for CreateGuardrail {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateGuardrail";
    const BINDING: Binding = Binding::post("/guardrails");
    const STATUS: u16 = 202;

    fn resource(input: &Input) -> String {
        input.definition.name().to_owned()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { definition, tags, client_request_token } = input;
        let mut violations = Violations::new();
        definition.check(&mut violations);
        tags::check(&mut violations, tags.as_deref());
        request_tokens::check(&mut violations, client_request_token.as_deref());
        violations.finish()?;
        let guardrails = &mut state.guardrails;
        let output = |id: &str, created_at| Output {
            guardrail_id: id.to_owned(),
            guardrail_arn: version::arn(id, call.scope),
            version: DRAFT,
            created_at,
        };
        if let Some((id, created)) = guardrails.created.answer(client_request_token.as_deref(), call.now) {
            return Ok(output(&id, created));
        }
        let definition = definition.settle()?;
        if guardrails.by_id.values().any(|guardrail| guardrail.name() == definition.name()) {
            return Err(refusal::name_taken(definition.name()));
        }
        if guardrails.by_id.len() >= GUARDRAILS_MAX {
            let message = format!("You have reached the limit of {GUARDRAILS_MAX} guardrails in this Region.");
            return Err(quota_exceeded(message));
        }
        let id: String =
            call.ids().draw(|random| (0..12).map(|_| random.alphanumeric().to_ascii_lowercase()).collect());
        let mut tagged = Tags::new();
        tags::add(&mut tagged, tags.unwrap_or_default(), &version::arn(&id, call.scope))?;
        let description = definition.description.clone();
        let rules = Rules::new(definition);
        let draft = Version { rules, description, created: call.now, updated: call.now, change: None };
        let made = Guardrail { draft, versions: BTreeMap::new(), versions_so_far: 0, tags: tagged };
        guardrails.by_id.insert(id.clone(), made);
        guardrails.begin_change(&id, 0, ChangeKind::Creating, call);
        guardrails.created.remember(client_request_token, (id.clone(), call.now), call.now);
        Ok(output(&id, call.now))
    }
}
