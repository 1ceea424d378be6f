//! Gives back the configuration of model invocation logging, if there is one.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetModelInvocationLoggingConfiguration.html>

use serde::{Deserialize, Serialize};

use super::logging::LoggingConfig;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;

pub struct GetModelInvocationLoggingConfiguration;

#[derive(Deserialize)]
pub struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    logging_config: Option<LoggingConfig>,
}

impl Operation for GetModelInvocationLoggingConfiguration {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "GetModelInvocationLoggingConfiguration";
    const BINDING: Binding = Binding::get("/logging/modelinvocations");

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(_input: Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        Ok(Output { logging_config: (*state.models.logging).clone() })
    }
}
