//! Lists inference profiles: those of AWS that are offered in the region, and the account's own.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListInferenceProfiles.html>

use serde::{Deserialize, Serialize};

use super::inference_profile::{APPLICATION, Described, InferenceProfiles, SYSTEM_DEFINED};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::page;
use crate::wire::query;

pub struct ListInferenceProfiles;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    #[serde(default, deserialize_with = "query::number")]
    max_results: Option<i64>,
    next_token: Option<String>,
    #[serde(rename = "type")]
    type_equals: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    inference_profile_summaries: Vec<Described>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl Operation for ListInferenceProfiles {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListInferenceProfiles";
    const BINDING: Binding = Binding::get("/inference-profiles");

    fn resource(input: &Input) -> String {
        input.type_equals.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        page::check(&mut violations, input.max_results, input.next_token.as_deref());
        if let Some(kind) = &input.type_equals {
            // In AWS's messages, the member is that of the model, not the parameter.
            violations.one_of("typeEquals", kind, &[SYSTEM_DEFINED, APPLICATION]);
        }
        violations.finish()?;
        let after: usize = page::after(Self::NAME, input.next_token.as_deref())?.unwrap_or(0);
        let mut all = Vec::new();
        if input.type_equals.as_deref() != Some(APPLICATION) {
            all.extend(InferenceProfiles::system_defined(call.scope));
        }
        // assumed: without a type, both kinds are listed.
        if input.type_equals.as_deref() != Some(SYSTEM_DEFINED) {
            let own = state.models.profiles.by_id.iter();
            all.extend(own.map(|(id, profile)| profile.described(id, call.scope)));
        }
        let entries = all.into_iter().enumerate().skip(after).map(|(index, profile)| (index + 1, profile));
        let (inference_profile_summaries, next_token) = page::cut(Self::NAME, entries, input.max_results);
        Ok(Output { inference_profile_summaries, next_token })
    }
}
