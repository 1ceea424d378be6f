//! Subscribes a consumer to a shard: what is written to it is pushed to the caller for five minutes.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html>
//!
//! ```text
//! POST / X-Amz-Target: Kinesis_20131202.SubscribeToShard
//! {"ConsumerARN":"arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:1767225600",
//!  "ShardId":"shardId-000000000000","StartingPosition":{"Type":"TRIM_HORIZON"}}
//!
//! initial-response      {}
//! SubscribeToShardEvent {"Records":[..],"ContinuationSequenceNumber":"4966..","MillisBehindLatest":0}
//! ```

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::Notify;

use super::Kinesis;
use super::consumer::ConsumerStatus;
use super::consumer_reference::{ConsumerReference, consumer_not_active};
use super::put_record::check_number;
use super::starting_position::{Start, TYPES};
use super::stream_reference::check_identifier;
use super::subscription::{Listener, Subscribed, in_use};
use super::unsupported::{Unsupported, refuse};
use crate::kernel::answer::{Answer, Body, Reply};
use crate::kernel::operation::{Encode, Prepared};
use crate::kernel::{AnyOperation, ApiError, Binding, Call, Cell, Live, Timestamp, Violations};
use crate::wire::{self, event_stream};

const NAME: &str = "SubscribeToShard";
/// "If you call SubscribeToShard again with the same ConsumerARN and ShardId within 5 seconds of a successful
/// call, you'll get a ResourceInUseException."
const TAKEOVER_AFTER: Duration = Duration::from_secs(5);

pub struct SubscribeToShard;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    #[serde(rename = "ConsumerARN")]
    consumer_arn: Option<String>,
    shard_id: Option<String>,
    starting_position: Option<StartingPosition>,
    stream_id: Unsupported,
    dry_run: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StartingPosition {
    #[serde(rename = "Type")]
    kind: Option<String>,
    sequence_number: Option<String>,
    timestamp: Option<Timestamp>,
}

impl AnyOperation<Kinesis> for SubscribeToShard {
    fn name(&self) -> &'static str {
        NAME
    }

    fn binding(&self) -> Binding {
        Binding::ROOT
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Kinesis>>, ApiError> {
        Ok(Box::new(request.decode::<Input>()?))
    }
}

impl Prepared<Kinesis> for Input {
    fn resource(&self) -> String {
        self.consumer().display()
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<Kinesis>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let subscribed = self.subscribe(&mut cell.exclusive(call), call)?;
        let mut reply = Reply::new(200, "").with_header("content-type", event_stream::CONTENT_TYPE);
        reply.body = Body::Live(Live::new(Listener::new(Arc::clone(cell), subscribed, call.now)));
        Ok(Box::new(Answer::Reply(reply)))
    }
}

impl Input {
    fn consumer(&self) -> ConsumerReference<'_> {
        ConsumerReference { stream_arn: None, name: None, arn: self.consumer_arn.as_deref() }
    }

    /// assumed: of several mistakes, those of the request come before those of the consumer, and these before
    /// those of the shard.
    fn subscribe(&self, state: &mut Kinesis, call: &Call<'_>) -> Result<Subscribed, ApiError> {
        refuse(NAME, &[("StreamId", self.stream_id.is_some())])?;
        self.check()?;
        let (Some(shard), Some(position)) = (&self.shard_id, &self.starting_position) else {
            unreachable!("they were checked to be there")
        };
        let kind = position.kind.as_deref().unwrap_or_default();
        let start = Start::parse(kind, position.sequence_number.as_deref(), position.timestamp, call.now)?;
        let (stream_name, consumer) = self.consumer().resolve(state, call.scope)?;
        let stream = state.usable(&stream_name, call.scope)?;
        if consumer.status != ConsumerStatus::Active {
            return Err(consumer_not_active(consumer, &stream_name, call.scope));
        }
        let shard = stream.shard(shard, &stream_name, call.scope)?;
        let counter = start.counter(shard, &stream_name, call.scope, NAME)?;
        state.admit_subscription(&stream_name, consumer, shard.id, call)?;
        let earlier = state.listeners.get(&stream_name, shard.id, consumer.number);
        if earlier.is_some_and(|earlier| call.now.since(earlier.began) < TAKEOVER_AFTER) {
            return Err(in_use(&stream_name, shard.id, &consumer.name, call.scope));
        }
        if self.dry_run == Some(true) {
            return Err(state.dry_run(NAME, &stream_name, call));
        }
        call.note(format!("{} {} {kind}", consumer.name, shard.id));
        let (shard, consumer, consumer_number) = (shard.id, consumer.name.clone(), consumer.number);
        let (stream_created, woken) = (stream.created, Arc::new(Notify::new()));
        let listener = Arc::clone(&woken);
        Ok(Subscribed {
            // From here on, this call has the subscription; who had it before is told so.
            number: state.listeners.subscribe(&stream_name, shard, consumer_number, call.now, listener),
            stream_created,
            consumer,
            shard,
            // A reader that meets its last records again stands that many before its place.
            counter: counter.saturating_sub(call.circumstances.repeated),
            lag: call.circumstances.stale.unwrap_or_default(),
            woken,
            stream: stream_name,
        })
    }

    fn check(&self) -> Result<(), ApiError> {
        let mut violations = Violations::new();
        violations.required("consumerARN", &self.consumer_arn);
        self.consumer().check(&mut violations);
        violations.required("shardId", &self.shard_id);
        if let Some(id) = &self.shard_id {
            check_identifier(&mut violations, "shardId", id);
        }
        violations.required("startingPosition", &self.starting_position);
        if let Some(StartingPosition { kind, sequence_number, .. }) = &self.starting_position {
            violations.required("startingPosition.type", kind);
            if let Some(kind) = kind {
                violations.one_of("startingPosition.type", kind, &TYPES);
            }
            if let Some(number) = sequence_number {
                check_number(&mut violations, "startingPosition.sequenceNumber", number);
            }
        }
        violations.finish()
    }
}
