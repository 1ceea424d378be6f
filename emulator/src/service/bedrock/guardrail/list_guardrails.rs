//! Lists the drafts of all guardrails, or all versions of one.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListGuardrails.html>

use serde::{Deserialize, Serialize};

use super::version::Summary;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::page;
use crate::service::bedrock::control::pattern::GUARDRAIL;
use crate::wire::query;

pub struct ListGuardrails;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    guardrail_identifier: Option<String>,
    #[serde(default, deserialize_with = "query::number")]
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    guardrails: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl Operation for ListGuardrails {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListGuardrails";
    const BINDING: Binding = Binding::get("/guardrails");

    fn resource(input: &Input) -> String {
        input.guardrail_identifier.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { guardrail_identifier, max_results, next_token } = input;
        let mut violations = Violations::new();
        GUARDRAIL.check(&mut violations, "guardrailIdentifier", guardrail_identifier.as_deref(), 0, 2048);
        page::check(&mut violations, max_results, next_token.as_deref());
        violations.finish()?;
        let after: Option<(String, u32)> = page::after(Self::NAME, next_token.as_deref())?;
        let guardrails = &state.guardrails;
        let mut all = Vec::new();
        match guardrail_identifier {
            None => all.extend(guardrails.by_id.iter().map(|(id, guardrail)| (id.as_str(), 0, &guardrail.draft))),
            Some(identifier) => {
                let (id, guardrail) = guardrails.find(&identifier, call.scope)?;
                all.extend(guardrail.all().map(|(number, version)| (id, number, version)));
            }
        }
        let wanted = all
            .into_iter()
            .map(|(id, number, version)| ((id.to_owned(), number), Summary::of(id, number, version, call.scope)));
        let wanted = wanted.filter(|(place, _)| after.as_ref().is_none_or(|after| place > after));
        let (guardrails, next_token) = page::cut(Self::NAME, wanted, max_results);
        Ok(Output { guardrails, next_token })
    }
}
