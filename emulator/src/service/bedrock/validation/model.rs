//! What a model does not do, by the catalogue. Of a model that is not in it, nothing is refused.

use super::super::conversation::{ContentBlock, Conversation, InferenceConfig};
use super::super::model::catalogue::{self, Model};
use super::super::model::model_id;
use super::super::native::anthropic::thinking;
use super::super::script::ModelOperation;
use super::media::not_supported;
use super::said_by_the_model;
use crate::kernel::ApiError;

/// Whether the model can be called so: by this id, in a conversation, with a stream.
pub fn check_invocation(id: &str, operation: ModelOperation) -> Result<(), ApiError> {
    let Some(model) = catalogue::find(id) else { return Ok(()) };
    let by_its_own_id = model_id::short(id) == model.id && !id.contains(":provisioned-model/");
    if by_its_own_id && !model.on_demand {
        return Err(ApiError::validation(format!(
            "Invocation of model ID {id} with on-demand throughput isn’t supported. Retry your request with the ID or ARN \
             of an inference profile that contains this model."
        )));
    }
    let talks = [ModelOperation::Converse, ModelOperation::ConverseStream];
    if talks.contains(&operation) && !model.output.contains(&"TEXT") {
        return Err(ApiError::validation(
            "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
        ));
    }
    if operation.is_stream() && !model.streams {
        return Err(ApiError::validation("The model is unsupported for streaming."));
    }
    Ok(())
}

/// Whether that many tokens fit, by the estimate.
pub fn check_length(id: &str, input_tokens: u32) -> Result<(), ApiError> {
    if catalogue::find(id).is_some_and(|model| input_tokens > model.context_window) {
        return Err(ApiError::validation("Input is too long for requested model."));
    }
    Ok(())
}

pub fn check(conversation: &Conversation) -> Result<(), ApiError> {
    let id = &conversation.model_id;
    if let Some(model) = catalogue::find(id) {
        check_modality(conversation, model)?;
        if let Some(config) = &conversation.inference_config {
            check_inference(config, model)?;
        }
        check_end(conversation, model)?;
    }
    check_own_fields(conversation)?;
    check_length(id, conversation.estimate().tokens())
}

/// Whether a block shows something of a kind.
type Shown = fn(&ContentBlock) -> bool;

fn check_modality(conversation: &Conversation, model: &Model) -> Result<(), ApiError> {
    let kinds: [(&str, &str, Shown); 2] =
        [("image", "IMAGE", |block| block.image.is_some()), ("video", "VIDEO", |block| block.video.is_some())];
    for message in conversation.messages() {
        for (name, modality, shown) in kinds {
            if !model.input.contains(&modality) && message.blocks().iter().any(shown) {
                return Err(not_supported(name, message));
            }
        }
    }
    Ok(())
}

fn check_inference(config: &InferenceConfig, model: &Model) -> Result<(), ApiError> {
    if config.max_tokens.is_some_and(|max_tokens| max_tokens > i64::from(model.output_max)) {
        let limit = model.output_max;
        return Err(ApiError::validation(format!(
            "The maximum tokens you requested exceeds the model limit of {limit}. Try again with a maximum tokens value \
             that is lower than {limit}."
        )));
    }
    if model.one_of_temperature_and_top_p && config.temperature.is_some() && config.top_p.is_some() {
        return Err(said_by_the_model(
            "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
        ));
    }
    Ok(())
}

/// A conversation may end with the beginning of the answer, where the model goes on from there.
fn check_end(conversation: &Conversation, model: &Model) -> Result<(), ApiError> {
    let Some(last) = conversation.messages().last().filter(|last| last.is_of("assistant")) else { return Ok(()) };
    if !model.prefill {
        return Err(said_by_the_model(
            "This model does not support assistant message prefill. The conversation must end with a user message.",
        ));
    }
    let text = last.blocks().last().and_then(|block| block.text.as_deref());
    if model.provider == "Anthropic" && text.is_some_and(|text| text.ends_with(char::is_whitespace)) {
        return Err(said_by_the_model("messages: final assistant content cannot end with trailing whitespace"));
    }
    Ok(())
}

/// What Anthropic's models say of their own settings.
fn check_own_fields(conversation: &Conversation) -> Result<(), ApiError> {
    let fields = conversation.additional_model_request_fields.as_ref();
    let Some(settings) = fields.and_then(|fields| fields.get("thinking")) else { return Ok(()) };
    if model_id::provider(&conversation.model_id) != "anthropic" {
        return Ok(());
    }
    let max_tokens = conversation.inference_config.as_ref().and_then(|config| config.max_tokens);
    let choice = conversation.tool_config.as_ref().and_then(|config| config.tool_choice.as_ref());
    let forced = choice.is_some_and(|choice| choice.auto.is_none());
    thinking::check(settings, max_tokens, forced).map_err(said_by_the_model)
}
