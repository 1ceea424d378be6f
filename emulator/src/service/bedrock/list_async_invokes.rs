//! ListAsyncInvokes: the asynchronous invocations, of which there can be none yet.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ListAsyncInvokes.html>
//!
//! ```text
//! GET /async-invoke?statusEquals=InProgress
//!
//! {"asyncInvokeSummaries":[]}
//! ```

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Bedrock;
use crate::kernel::{ApiError, Binding, Call, Operation, Violations};
use crate::wire::query;

pub struct ListAsyncInvokes;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    status_equals: Option<String>,
    #[serde(default, deserialize_with = "query::number")]
    max_results: Option<i64>,
    next_token: Option<String>,
    sort_by: Option<String>,
    sort_order: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    async_invoke_summaries: Vec<Value>,
}

impl Operation for ListAsyncInvokes {
    type Service = Bedrock;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListAsyncInvokes";
    const BINDING: Binding = Binding::get("/async-invoke");

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(input: Input, _state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { status_equals, max_results, next_token, sort_by, sort_order } = input;
        let mut violations = Violations::new();
        let enumerations: [(&str, Option<String>, &[&str]); 3] = [
            ("statusEquals", status_equals, &["InProgress", "Completed", "Failed"]),
            ("sortBy", sort_by, &["SubmissionTime"]),
            ("sortOrder", sort_order, &["Ascending", "Descending"]),
        ];
        for (member, value, values) in enumerations {
            if let Some(value) = value {
                violations.one_of(member, &value, values);
            }
        }
        if let Some(max_results) = max_results {
            violations.range("maxResults", max_results, 1, 1000);
        }
        if let Some(token) = next_token {
            violations.length("nextToken", &token, 1, 2048);
            violations.pattern("nextToken", &token, "\\S*", |letter| !letter.is_whitespace());
        }
        violations.finish()?;
        Ok(Output { async_invoke_summaries: Vec::new() })
    }
}
