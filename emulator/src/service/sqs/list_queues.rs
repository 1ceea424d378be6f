//! Lists queues by name, in pages.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::page::Page;
use super::queue_url;
use crate::kernel::{ApiError, Call, Operation};

pub struct ListQueues;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_name_prefix: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    queue_urls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl Operation for ListQueues {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListQueues";

    fn resource(input: &Input) -> String {
        input.queue_name_prefix.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let prefix = input.queue_name_prefix.unwrap_or_default();
        let names = state.queues.keys().filter(|name| name.starts_with(&prefix));
        let Page { names, next_token } = Page::of(names, input.max_results, input.next_token.as_deref())?;
        let queue_urls = names.iter().map(|name| queue_url::of(name, call)).collect();
        Ok(Output { queue_urls, next_token })
    }
}
