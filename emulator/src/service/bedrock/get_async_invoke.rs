//! GetAsyncInvoke: how far an asynchronous invocation is. None can be started yet.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_GetAsyncInvoke.html>
//!
//! ```text
//! GET /async-invoke/arn%3Aaws%3Abedrock%3Aus-east-1%3A000000000000%3Aasync-invoke%2Fabcdefghijkl
//! ```

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::Bedrock;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};

pub struct GetAsyncInvoke;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    invocation_arn: String,
}

const PATTERN: &str = "arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:async-invoke/[a-z0-9]{12}";

static WELL_FORMED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!("^(?:{PATTERN})$")).expect("AWS's pattern is a regular expression"));

impl Operation for GetAsyncInvoke {
    type Service = Bedrock;
    type Input = Input;
    type Output = Value;
    const NAME: &'static str = "GetAsyncInvoke";
    const BINDING: Binding = Binding::get("/async-invoke/{invocationArn}");

    fn resource(input: &Input) -> String {
        input.invocation_arn.clone()
    }

    fn run(input: Input, _state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let arn = input.invocation_arn;
        let mut violations = Violations::new();
        violations.length("invocationArn", &arn, 1, 2048);
        if !WELL_FORMED.is_match(&arn) {
            let constraint = format!("satisfy regular expression pattern: {PATTERN}");
            violations.add(&arn, "invocationArn", constraint);
        }
        violations.finish()?;
        // AWS's model has no ResourceNotFoundException here. The text is assumed.
        Err(ApiError::validation(format!("Could not find an asynchronous invocation with the ARN {arn}.")))
    }
}
