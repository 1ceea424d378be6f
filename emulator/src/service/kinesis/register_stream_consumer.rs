//! Registers a consumer of a stream for enhanced fan-out; it is CREATING until it is ACTIVE.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::consumer::{CONSUMERS_MAX, Consumer, ConsumerStatus};
use super::lifecycle::Work;
use super::stream::not_usable;
use super::stream_reference::{StreamReference, check_identifier};
use super::unsupported::{Unsupported, refuse};
use super::{Kinesis, tags};
use crate::kernel::{ApiError, Call, Operation, Scope, Timestamp, Violations};

pub struct RegisterStreamConsumer;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    consumer_name: Option<String>,
    stream_id: Unsupported,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    consumer: Registered,
}

/// A consumer as AWS lists it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Registered {
    consumer_name: String,
    #[serde(rename = "ConsumerARN")]
    consumer_arn: String,
    consumer_status: ConsumerStatus,
    consumer_creation_timestamp: Timestamp,
}

impl Operation for RegisterStreamConsumer {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "RegisterStreamConsumer";

    fn resource(input: &Input) -> String {
        StreamReference { name: None, arn: input.stream_arn.as_deref() }.display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        check(&input)?;
        let stream_name = StreamReference { name: None, arn: input.stream_arn.as_deref() }.resolve(call.scope)?;
        let name = input.consumer_name.as_deref().expect("it was checked to be there");
        let stream = state.stream(&stream_name, call.scope)?;
        if !stream.status.is_usable() {
            return Err(not_usable(&stream_name, call.scope, stream.status));
        }
        if stream.consumers.get(name).is_some() {
            return Err(already_registered(name, &stream_name, call.scope));
        }
        if stream.consumers.len() >= CONSUMERS_MAX {
            return Err(too_many(&stream_name, call.scope));
        }
        let tags = tags::checked(input.tags.clone().unwrap_or_default(), name, call.scope)?;
        state.admit_consumer(call)?;
        let stream = state.usable_mut(&stream_name, call.scope)?;
        let consumer = stream.consumers.add(name, &stream_name, call.scope, call.now, call.event);
        consumer.attached.tags = tags;
        let (number, consumer) = (consumer.number, Registered::of(consumer));
        state.plan_transition(&stream_name, Work::ActivateConsumer(number), call.now);
        call.note(name);
        Ok(Output { consumer })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("streamARN", &input.stream_arn);
    StreamReference { name: None, arn: input.stream_arn.as_deref() }.check(&mut violations);
    violations.required("consumerName", &input.consumer_name);
    if let Some(name) = &input.consumer_name {
        check_identifier(&mut violations, "consumerName", name);
    }
    tags::check(&mut violations, input.tags.as_ref());
    violations.finish()
}

/// assumed: the code is documented, the wording is not.
fn already_registered(name: &str, stream: &str, scope: &Scope) -> ApiError {
    let account = &scope.account;
    let message = format!("Consumer {name} under stream {stream} already exists for account {account}.");
    ApiError::new("ResourceInUseException", message)
}

/// assumed: the code and the number are documented, the wording is not.
fn too_many(stream: &str, scope: &Scope) -> ApiError {
    let account = &scope.account;
    let message =
        format!("Stream {stream} under account {account} has reached its limit of {CONSUMERS_MAX} consumers.");
    ApiError::new("LimitExceededException", message)
}

impl Registered {
    pub fn of(consumer: &Consumer) -> Self {
        Self {
            consumer_name: consumer.name.clone(),
            consumer_arn: consumer.arn.to_string(),
            consumer_status: consumer.status,
            consumer_creation_timestamp: Timestamp::from_secs(consumer.created_secs),
        }
    }
}
