//! CountTokens: what a request would cost, without asking the model.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html>
//!
//! ```text
//! POST /model/anthropic.claude-3-haiku-20240307-v1%3A0/count-tokens
//! {"input":{"converse":{"messages":[{"role":"user","content":[{"text":"hello"}]}]}}}
//!
//! {"inputTokens":2}
//! ```
//!
//! The request is validated as the one that it would be, and counted by the same
//! [estimate](super::estimate). As on AWS, a model is named by its own id: an
//! inference profile is told that it does not count.

use serde::{Deserialize, Serialize};

use super::Bedrock;
use super::conversation::Conversation;
use super::model::model_id;
use super::native::{self, Body};
use super::validation;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::wire::Blob;

pub struct CountTokens;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    model_id: String,
    input: Option<Counted>,
}

/// A union.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counted {
    converse: Option<Conversation>,
    invoke_model: Option<InvokeModelBody>,
}

#[derive(Deserialize)]
struct InvokeModelBody {
    body: Option<Blob>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    input_tokens: u32,
}

/// AWS's model has a pattern of its own for the id here.
const MODEL_PATTERN: &str = "[a-zA-Z_\\.\\-/0-9:]+";

impl Operation for CountTokens {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CountTokens";
    const BINDING: Binding = Binding::post("/model/{modelId}/count-tokens");

    fn resource(input: &Input) -> String {
        input.model_id.clone()
    }

    fn run(input: Input, _state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { model_id, input } = input;
        let mut violations = Violations::new();
        violations.length("modelId", &model_id, 1, 256);
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_.-/:".contains(letter);
        violations.pattern("modelId", &model_id, MODEL_PATTERN, allowed);
        violations.required("input", &input);
        if let Some(Counted { invoke_model: Some(native), .. }) = &input {
            violations.required("input.invokeModel.body", &native.body);
        }
        violations.finish()?;
        model_id::resolve(&model_id)?;
        if model_id::is_inference_profile(&model_id) {
            return Err(does_not_count());
        }
        let input_tokens = match input {
            Some(Counted { converse: Some(conversation), invoke_model: None }) => {
                let conversation = Conversation { model_id, ..conversation };
                validation::validate_counted(&conversation)?;
                conversation.estimate().tokens()
            }
            Some(Counted { converse: None, invoke_model: Some(InvokeModelBody { body: Some(body) }) }) => {
                match native::read(&model_id, &body.0)? {
                    Body::Speech(body) => body.question().estimate.tokens(),
                    Body::Embedding(_) => return Err(does_not_count()),
                }
            }
            // Assumed, as for the unions of a conversation.
            _ => {
                return Err(ApiError::validation(
                    "The format of the value at input is invalid. Provide exactly one member of the CountTokensInput union \
                     and try again.",
                ));
            }
        };
        Ok(Output { input_tokens })
    }
}

fn does_not_count() -> ApiError {
    ApiError::validation("The provided model doesn't support counting tokens.")
}
