//! Lists the registered consumers of a stream by name, page by page.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreamConsumers.html>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::register_stream_consumer::Registered;
use super::shard_iterator::java_date;
use super::stream::{Status, invalid_argument, not_active, not_found};
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Timestamp, Violations, opaque};

/// "If you specify a value greater than 100, at most 100 results are returned."
const PAGE_MAX: usize = 100;
/// "Tokens expire after 300 seconds."
const TOKEN_LIFETIME: Duration = Duration::from_secs(300);
const TOKEN: &str = "list stream consumers";

pub struct ListStreamConsumers;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    next_token: Option<String>,
    max_results: Option<i32>,
    stream_creation_timestamp: Option<Timestamp>,
    stream_id: Unsupported,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    consumers: Vec<Registered>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A listing that a token can continue.
#[derive(Serialize, Deserialize)]
struct Listing {
    stream: String,
    stream_created: Option<Timestamp>,
    after: Option<String>,
    issued: Timestamp,
}

impl Input {
    fn stream(&self) -> StreamReference<'_> {
        StreamReference { name: None, arn: self.stream_arn.as_deref() }
    }
}

impl Operation for ListStreamConsumers {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListStreamConsumers";

    fn resource(input: &Input) -> String {
        input.stream().display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        check(&input)?;
        let Listing { stream: name, stream_created, after, .. } = listing(&input, call)?;
        let stream = state.stream(&name, call.scope)?;
        if stream_created.is_some_and(|created| created.as_secs() != stream.created.as_secs()) {
            return Err(not_found(&name, call.scope));
        }
        if stream.status == Status::Creating {
            return Err(not_active(&name, call.scope, stream.status));
        }
        let limit = input.max_results.map_or(PAGE_MAX, |limit| (limit.unsigned_abs() as usize).min(PAGE_MAX));
        let mut following = stream.consumers.after(after.as_deref());
        let page: Vec<_> = following.by_ref().take(limit).collect();
        let more = following.next().is_some();
        let next = page.last().filter(|_| more).map(|last| Listing {
            stream: name,
            stream_created: Some(stream.created),
            after: Some(last.name.clone()),
            issued: call.now,
        });
        let next_token = next.map(|next| opaque::seal(TOKEN, &next));
        Ok(Output { consumers: page.into_iter().map(Registered::of).collect(), next_token })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("streamARN", &input.stream_arn);
    input.stream().check(&mut violations);
    if let Some(token) = &input.next_token {
        violations.length("nextToken", token, 1, 1 << 20);
    }
    if let Some(limit) = input.max_results {
        violations.range("maxResults", limit.into(), 1, 10_000);
    }
    violations.finish()
}

/// assumed: the texts for tokens are those of ListShards.
fn listing(input: &Input, call: &Call<'_>) -> Result<Listing, ApiError> {
    let stream = input.stream().resolve(call.scope)?;
    let Some(token) = &input.next_token else {
        return Ok(Listing { stream, stream_created: input.stream_creation_timestamp, after: None, issued: call.now });
    };
    if input.stream_creation_timestamp.is_some() {
        return Err(invalid_argument("NextToken and StreamCreationTimestamp cannot be provided together."));
    }
    let listing: Option<Listing> = opaque::open(TOKEN, token);
    let listing = listing.filter(|listing| listing.stream == stream);
    let listing = listing.ok_or_else(|| invalid_argument("Invalid NextToken."))?;
    if call.now.since(listing.issued) > TOKEN_LIFETIME {
        return Err(ApiError::new(
            "ExpiredNextTokenException",
            format!(
                "NextToken expired. The token was created at time {} while right now it is {} which is further in the \
                 future than the tolerated delay of {} milliseconds.",
                java_date(listing.issued),
                java_date(call.now),
                TOKEN_LIFETIME.as_millis()
            ),
        ));
    }
    Ok(listing)
}
