//! Describes a registered consumer.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamConsumer.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::consumer_reference::ConsumerReference;
use super::register_stream_consumer::Registered;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeStreamConsumer;

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
#[serde(rename_all = "PascalCase")]
pub struct Output {
    consumer_description: ConsumerDescription,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ConsumerDescription {
    #[serde(flatten)]
    registered: Registered,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
}

impl Input {
    fn reference(&self) -> ConsumerReference<'_> {
        ConsumerReference {
            stream_arn: self.stream_arn.as_deref(),
            name: self.consumer_name.as_deref(),
            arn: self.consumer_arn.as_deref(),
        }
    }
}

impl Operation for DescribeStreamConsumer {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeStreamConsumer";

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
        let stream_arn = state.stream(&stream, call.scope)?.arn.to_string();
        Ok(Output { consumer_description: ConsumerDescription { registered: Registered::of(consumer), stream_arn } })
    }
}
