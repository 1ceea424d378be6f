//! A foundation model as answers describe it.

use serde::Serialize;

use super::catalogue::{self, Model};
use super::model_id;
use crate::kernel::ApiError;
use crate::service::bedrock::control::not_found;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundationModel {
    model_arn: String,
    model_id: &'static str,
    model_name: &'static str,
    provider_name: &'static str,
    input_modalities: &'static [&'static str],
    output_modalities: &'static [&'static str],
    response_streaming_supported: bool,
    customizations_supported: Vec<&'static str>,
    inference_types_supported: Vec<&'static str>,
    model_lifecycle: Lifecycle,
}

#[derive(Debug, Serialize)]
struct Lifecycle {
    status: &'static str,
}

impl FoundationModel {
    pub fn of(model: &Model, region: &str) -> Self {
        Self {
            model_arn: model.arn(region),
            model_id: model.id,
            model_name: model.name,
            provider_name: model.provider,
            input_modalities: model.input,
            output_modalities: model.output,
            response_streaming_supported: model.streams,
            customizations_supported: Vec::new(),
            inference_types_supported: model.inference_types(),
            model_lifecycle: Lifecycle { status: model.lifecycle },
        }
    }
}

/// The model of an id or an ARN. assumed: the wording.
pub fn named(identifier: &str) -> Result<&'static Model, ApiError> {
    let model = catalogue::by_id(model_id::short(identifier));
    model.ok_or_else(|| not_found("Could not resolve the foundation model from the provided model identifier."))
}
