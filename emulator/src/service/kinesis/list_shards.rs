//! Lists the shards of a stream, filtered and page by page.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html>

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::describe_stream::{ShardDescription, after_shard, visible_shards};
use super::shard::{Shard, ShardId};
use super::shard_iterator::{java_date, too_old};
use super::stream::{Status, Stream, invalid_argument, not_found, not_usable};
use super::stream_reference::{StreamReference, check_identifier};
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Scope, Timestamp, Violations, opaque};

/// "If you specify a value greater than 1000, at most 1000 results are returned."
const PAGE_MAX: usize = 1000;
/// "Tokens expire after 300 seconds."
const TOKEN_LIFETIME: Duration = Duration::from_secs(300);
const TOKEN: &str = "list shards";
const FILTER_TYPES: [&str; 6] =
    ["AFTER_SHARD_ID", "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST", "AT_TIMESTAMP", "FROM_TIMESTAMP"];

pub struct ListShards;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    next_token: Option<String>,
    exclusive_start_shard_id: Option<String>,
    max_results: Option<i32>,
    stream_creation_timestamp: Option<Timestamp>,
    shard_filter: Option<ShardFilter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ShardFilter {
    #[serde(rename = "Type")]
    kind: Option<String>,
    shard_id: Option<String>,
    timestamp: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    shards: Vec<ShardDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A listing that a token can continue.
#[derive(Serialize, Deserialize)]
struct Listing {
    stream: String,
    stream_created: Option<Timestamp>,
    after: Option<ShardId>,
    which: Which,
    issued: Timestamp,
}

/// Which shards are listed: those that were open at a moment, those open at it or since, or all.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Which {
    All,
    OpenNow,
    OpenAt(Timestamp),
    OpenAtTrimHorizon,
    OpenSince(Timestamp),
}

impl Operation for ListShards {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListShards";

    fn resource(input: &Input) -> String {
        let token = input.next_token.as_deref().and_then(|token| opaque::open::<Listing>(TOKEN, token));
        let by_token = token.map(|listing| listing.stream);
        by_token.unwrap_or_else(|| StreamReference::new(&input.stream_name, &input.stream_arn).display())
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        check(&input)?;
        let listing = match &input.next_token {
            Some(token) => continued(token, &input, call)?,
            None => begun(&input, call)?,
        };
        let name = &listing.stream;
        let stream = state.stream(name, call.scope)?;
        if listing.stream_created.is_some_and(|created| created.as_secs() != stream.created.as_secs()) {
            return Err(not_found(name, call.scope));
        }
        if stream.status == Status::Creating {
            return Err(not_usable(name, call.scope, stream.status));
        }
        let limit = input.max_results.map_or(PAGE_MAX, |limit| (limit.unsigned_abs() as usize).min(PAGE_MAX));
        let mut shards: Vec<_> = visible_shards(stream, listing.after)
            .filter(|shard| listing.which.includes(shard, stream, call.now))
            .take(limit + 1)
            .collect();
        let more = shards.len() > limit;
        shards.truncate(limit);
        let next = shards.last().filter(|_| more).map(|last| Listing {
            stream_created: Some(stream.created),
            after: Some(last.id),
            issued: call.now,
            stream: name.clone(),
            which: listing.which,
        });
        let next_token = next.map(|next| opaque::seal(TOKEN, &next));
        Ok(Output { shards: shards.into_iter().map(ShardDescription::of).collect(), next_token })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    StreamReference::new(&input.stream_name, &input.stream_arn).check(&mut violations);
    if let Some(token) = &input.next_token {
        violations.length("nextToken", token, 1, 1 << 20);
    }
    if let Some(id) = &input.exclusive_start_shard_id {
        check_identifier(&mut violations, "exclusiveStartShardId", id);
    }
    if let Some(limit) = input.max_results {
        violations.range("maxResults", limit.into(), 1, 10_000);
    }
    if let Some(filter) = &input.shard_filter {
        violations.required("shardFilter.type", &filter.kind);
        if let Some(kind) = &filter.kind {
            violations.one_of("shardFilter.type", kind, &FILTER_TYPES);
        }
        if let Some(id) = &filter.shard_id {
            check_identifier(&mut violations, "shardFilter.shardId", id);
        }
    }
    violations.finish()
}

/// Wording: <https://github.com/aws/aws-cli/issues/9635>,
/// <https://github.com/awslabs/amazon-kinesis-scaling-utils/pull/82>,
/// <https://github.com/apache/beam/issues/33478>
fn continued(token: &str, input: &Input, call: &Call<'_>) -> Result<Listing, ApiError> {
    let excluded = [
        ("StreamName", input.stream_name.is_some()),
        ("StreamARN", input.stream_arn.is_some()),
        ("StreamCreationTimestamp", input.stream_creation_timestamp.is_some()),
        ("ExclusiveStartShardId", input.exclusive_start_shard_id.is_some()),
        ("ShardFilter", input.shard_filter.is_some()),
    ];
    if let Some((member, _)) = excluded.iter().find(|(_, given)| *given) {
        return Err(invalid_argument(format!("NextToken and {member} cannot be provided together.")));
    }
    // assumed: AWS's wording for a token that is none.
    let listing: Listing = opaque::open(TOKEN, token).ok_or_else(|| invalid_argument("Invalid NextToken."))?;
    let now = call.now;
    let latest = if call.circumstances.expired { too_old(now, TOKEN_LIFETIME) } else { now };
    let issued = listing.issued.min(latest);
    if now.since(issued) > TOKEN_LIFETIME {
        // assumed: worded as for an iterator that expired.
        return Err(ApiError::new(
            "ExpiredNextTokenException",
            format!(
                "NextToken expired. The token was created at time {} while right now it is {} which is further in the \
                 future than the tolerated delay of {} milliseconds.",
                java_date(issued),
                java_date(now),
                TOKEN_LIFETIME.as_millis()
            ),
        ));
    }
    Ok(listing)
}

fn begun(input: &Input, call: &Call<'_>) -> Result<Listing, ApiError> {
    let stream = stream_name(input, call.scope)?;
    let mut after = input.exclusive_start_shard_id.as_deref().map(after_shard).transpose()?;
    let mut which = Which::All;
    if let Some(filter) = &input.shard_filter {
        let kind = filter.kind.as_deref().unwrap_or_default();
        check_members(kind, filter)?;
        match (kind, &filter.shard_id, filter.timestamp) {
            ("AFTER_SHARD_ID", Some(id), _) => after = after.max(Some(after_shard(id)?)),
            ("AT_TIMESTAMP", _, Some(moment)) => which = Which::OpenAt(moment),
            ("FROM_TIMESTAMP", _, Some(moment)) => which = Which::OpenSince(moment),
            ("AT_TRIM_HORIZON", ..) => which = Which::OpenAtTrimHorizon,
            ("AT_LATEST", ..) => which = Which::OpenNow,
            _ => {}
        }
    }
    Ok(Listing { stream, stream_created: input.stream_creation_timestamp, after, which, issued: call.now })
}

fn stream_name(input: &Input, scope: &Scope) -> Result<String, ApiError> {
    let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
    if !reference.is_given() {
        // assumed: AWS's wording.
        return Err(invalid_argument("Either NextToken, StreamName or StreamARN must be provided."));
    }
    reference.resolve(scope)
}

/// Each type of filter has its own member, and no other. assumed: the rule is documented, the wording is not.
fn check_members(kind: &str, filter: &ShardFilter) -> Result<(), ApiError> {
    let by_id = kind == "AFTER_SHARD_ID";
    let by_time = matches!(kind, "AT_TIMESTAMP" | "FROM_TIMESTAMP");
    for (member, wanted, given) in
        [("ShardId", by_id, filter.shard_id.is_some()), ("Timestamp", by_time, filter.timestamp.is_some())]
    {
        if wanted && !given {
            return Err(invalid_argument(format!("{member} must be provided for a ShardFilter of type {kind}.")));
        }
        if given && !wanted {
            return Err(invalid_argument(format!("{member} cannot be provided for a ShardFilter of type {kind}.")));
        }
    }
    Ok(())
}

impl Which {
    fn includes(self, shard: &Shard, stream: &Stream, now: Timestamp) -> bool {
        let horizon = stream.horizon(now).max(stream.created);
        // A shard that closed at the moment has children that are open at it.
        let open_at = |moment| shard.created <= moment && shard.closed.is_none_or(|closed| closed > moment);
        match self {
            Which::All => true,
            Which::OpenNow => shard.closed.is_none(),
            Which::OpenAtTrimHorizon => open_at(horizon),
            // assumed: corrected to the trim horizon, as AWS documents it for FROM_TIMESTAMP.
            Which::OpenAt(moment) => open_at(moment.max(horizon)),
            Which::OpenSince(moment) => shard.closed.is_none_or(|closed| closed >= moment),
        }
    }
}
