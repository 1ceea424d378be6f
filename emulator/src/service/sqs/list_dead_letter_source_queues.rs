//! Lists the queues whose messages go to a dead-letter queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListDeadLetterSourceQueues.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::page::Page;
use super::queue::Queue;
use super::queue_url::{self, queue_name};
use crate::kernel::{ApiError, Arn, Call, Operation};

pub struct ListDeadLetterSourceQueues;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
pub struct Output {
    /// In lower case, unlike that of ListQueues.
    #[serde(rename = "queueUrls")]
    queue_urls: Vec<String>,
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl Operation for ListDeadLetterSourceQueues {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListDeadLetterSourceQueues";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let target = state.queue(name)?.arn(call.scope);
        let names = state.sources_of(&target);
        let Page { names, next_token } = Page::of(names, input.max_results, input.next_token.as_deref())?;
        let queue_urls = names.iter().map(|name| queue_url::of(name, call)).collect();
        Ok(Output { queue_urls, next_token })
    }
}

impl Sqs {
    /// The queues with this one as their dead-letter queue.
    pub fn sources_of<'a>(&'a self, target: &'a Arn) -> impl Iterator<Item = &'a String> {
        let leads_there = move |queue: &Queue| {
            let policy = queue.attributes.redrive_policy.as_ref();
            policy.is_some_and(|policy| policy.dead_letter_target == *target)
        };
        self.queues.iter().filter(move |(_, queue)| leads_there(queue)).map(|(name, _)| name)
    }
}
