//! Lists the foundation models of the catalogue.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html>
//!
//! ```text
//! GET /foundation-models?byProvider=Amazon&byOutputModality=EMBEDDING
//!
//! {"modelSummaries":[{"modelArn":"arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0",
//!  "modelId":"amazon.titan-embed-text-v2:0","modelName":"Titan Text Embeddings V2","providerName":"Amazon",
//!  "inputModalities":["TEXT"],"outputModalities":["EMBEDDING"],"responseStreamingSupported":false,
//!  "customizationsSupported":[],"inferenceTypesSupported":["ON_DEMAND"],"modelLifecycle":{"status":"ACTIVE"}}]}
//! ```

use serde::{Deserialize, Serialize};

use super::catalogue::{self, Model};
use super::foundation_model::FoundationModel;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::pattern::PROVIDER;

const CUSTOMIZATIONS: &[&str] = &["FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION"];
const MODALITIES: &[&str] = &["TEXT", "IMAGE", "EMBEDDING"];
const INFERENCE_TYPES: &[&str] = &["ON_DEMAND", "PROVISIONED"];

pub struct ListFoundationModels;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    by_provider: Option<String>,
    by_customization_type: Option<String>,
    by_output_modality: Option<String>,
    by_inference_type: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    model_summaries: Vec<FoundationModel>,
}

impl Operation for ListFoundationModels {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListFoundationModels";
    const BINDING: Binding = Binding::get("/foundation-models");

    fn resource(input: &Input) -> String {
        input.by_provider.clone().unwrap_or_default()
    }

    fn run(input: Input, _state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        PROVIDER.check(&mut violations, "byProvider", input.by_provider.as_deref(), 0, usize::MAX);
        for (member, value, values) in [
            ("byCustomizationType", &input.by_customization_type, CUSTOMIZATIONS),
            ("byOutputModality", &input.by_output_modality, MODALITIES),
            ("byInferenceType", &input.by_inference_type, INFERENCE_TYPES),
        ] {
            if let Some(value) = value {
                violations.one_of(member, value, values);
            }
        }
        violations.finish()?;
        let wanted = catalogue::models().iter().filter(|model| input.wants(model));
        let region = &call.scope.region;
        Ok(Output { model_summaries: wanted.map(|model| FoundationModel::of(model, region)).collect() })
    }
}

impl Input {
    fn wants(&self, model: &Model) -> bool {
        let provider = self.by_provider.as_ref();
        let modality = self.by_output_modality.as_deref();
        let inference = self.by_inference_type.as_deref();
        // No model here says that it can be customized.
        self.by_customization_type.is_none()
            && provider.is_none_or(|provider| provider.eq_ignore_ascii_case(model.provider))
            && modality.is_none_or(|modality| model.output.contains(&modality))
            && inference.is_none_or(|kind| model.inference_types().contains(&kind))
    }
}
