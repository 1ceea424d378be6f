//! Deregisters a consumer; it is DELETING until it is gone, and who listens through it is told so.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeregisterStreamConsumer.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::consumer::ConsumerStatus;
use super::consumer_reference::{ConsumerReference, consumer_not_active};
use super::lifecycle::Work;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeregisterStreamConsumer;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    consumer_name: Option<String>,
    #[serde(rename = "ConsumerARN")]
    consumer_arn: Option<String>,
    stream_id: Unsupported,
}

#[derive(Serialize)]
pub struct Output {}

impl Input {
    fn reference(&self) -> ConsumerReference<'_> {
        ConsumerReference {
            stream_arn: self.stream_arn.as_deref(),
            name: self.consumer_name.as_deref(),
            arn: self.consumer_arn.as_deref(),
        }
    }
}

impl Operation for DeregisterStreamConsumer {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeregisterStreamConsumer";

    fn resource(input: &Input) -> String {
        input.reference().display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let mut violations = Violations::new();
        input.reference().check(&mut violations);
        violations.finish()?;
        let (stream, consumer) = input.reference().resolve(state, call.scope)?;
        call.note(&consumer.name);
        if consumer.status != ConsumerStatus::Active {
            // assumed: AWS does not say what it answers while a consumer is on its way.
            return Err(consumer_not_active(consumer, &stream, call.scope));
        }
        let number = consumer.number;
        let consumers = &mut state.usable_mut(&stream, call.scope)?.consumers;
        if let Some(consumer) = consumers.by_number(number) {
            consumer.end();
            consumer.changed_by = call.event;
        }
        state.listeners.end_consumer(&stream, number);
        state.plan_transition(&stream, Work::RemoveConsumer(number), call.now);
        Ok(Output {})
    }
}
