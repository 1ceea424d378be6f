//! Forgets the configuration of model invocation logging.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_DeleteModelInvocationLoggingConfiguration.html>

use serde::{Deserialize, Serialize};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;

pub struct DeleteModelInvocationLoggingConfiguration;

#[derive(Deserialize)]
pub struct Input {}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteModelInvocationLoggingConfiguration {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteModelInvocationLoggingConfiguration";
    const BINDING: Binding = Binding::delete("/logging/modelinvocations");

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(_input: Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        *state.models.logging = None;
        Ok(Output {})
    }
}
