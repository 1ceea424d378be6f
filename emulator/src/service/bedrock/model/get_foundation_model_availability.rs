//! Tells whether a foundation model can be used: here, all of the catalogue can, everywhere.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetFoundationModelAvailability.html>

use serde::{Deserialize, Serialize};

use super::foundation_model;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::control::pattern::BEDROCK_MODEL_ID;

pub struct GetFoundationModelAvailability;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    model_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    model_id: String,
    agreement_availability: Agreement,
    authorization_status: &'static str,
    entitlement_availability: &'static str,
    region_availability: &'static str,
}

#[derive(Serialize)]
struct Agreement {
    status: &'static str,
}

impl Operation for GetFoundationModelAvailability {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetFoundationModelAvailability";
    const BINDING: Binding = Binding::get("/foundation-model-availability/{modelId}");

    fn resource(input: &Input) -> String {
        input.model_id.clone()
    }

    fn run(input: Input, _state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        BEDROCK_MODEL_ID.check(&mut violations, "modelId", Some(&input.model_id), 0, 140);
        violations.finish()?;
        foundation_model::named(&input.model_id)?;
        Ok(Output {
            model_id: input.model_id,
            agreement_availability: Agreement { status: "AVAILABLE" },
            authorization_status: "AUTHORIZED",
            entitlement_availability: "AVAILABLE",
            region_availability: "AVAILABLE",
        })
    }
}
