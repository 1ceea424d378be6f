//! Describes a foundation model.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetFoundationModel.html>

use serde::{Deserialize, Serialize};

use super::foundation_model::{self, FoundationModel};
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::pattern::FOUNDATION_MODEL;

pub struct GetFoundationModel;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    model_identifier: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    model_details: FoundationModel,
}

impl Operation for GetFoundationModel {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetFoundationModel";
    const BINDING: Binding = Binding::get("/foundation-models/{modelIdentifier}");

    fn resource(input: &Input) -> String {
        input.model_identifier.clone()
    }

    fn run(input: Input, _state: &mut Bedrock, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        FOUNDATION_MODEL.check(&mut violations, "modelIdentifier", Some(&input.model_identifier), 1, 2048);
        violations.finish()?;
        let model = foundation_model::named(&input.model_identifier)?;
        Ok(Output { model_details: FoundationModel::of(model, &call.scope.region) })
    }
}
