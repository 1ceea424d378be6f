//! Keeps the configuration of model invocation logging.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_PutModelInvocationLoggingConfiguration.html>

use serde::{Deserialize, Serialize};

use super::logging::LoggingConfig;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::service::bedrock::Bedrock;

pub struct PutModelInvocationLoggingConfiguration;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    logging_config: Option<LoggingConfig>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for PutModelInvocationLoggingConfiguration {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutModelInvocationLoggingConfiguration";
    const BINDING: Binding = Binding::put("/logging/modelinvocations");

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(input: Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        match &input.logging_config {
            Some(config) => config.check(&mut violations, "loggingConfig"),
            None => violations.missing("loggingConfig"),
        }
        violations.finish()?;
        *state.models.logging = input.logging_config;
        Ok(Output {})
    }
}
