//! Describes a stream without its shards.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::describe_stream::{About, visible_shards};
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use super::warm_throughput::WarmThroughput;
use crate::kernel::{ApiError, Call, Operation};

pub struct DescribeStreamSummary;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    stream_description_summary: StreamDescriptionSummary,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamDescriptionSummary {
    #[serde(flatten)]
    about: About,
    open_shard_count: usize,
    consumer_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    warm_throughput: Option<WarmThroughput>,
    #[serde(rename = "MaxRecordSizeInKiB")]
    max_record_size_in_kib: u32,
}

impl Operation for DescribeStreamSummary {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeStreamSummary";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let name = reference.name(reference.violations(), call.scope)?;
        let stream = state.stream(&name, call.scope)?;
        let summary = StreamDescriptionSummary {
            about: About::of(stream, &name),
            open_shard_count: visible_shards(stream, None).filter(|shard| shard.closed.is_none()).count(),
            consumer_count: stream.consumers.len(),
            warm_throughput: stream.control.warm_throughput,
            max_record_size_in_kib: stream.record_kib_max,
        };
        Ok(Output { stream_description_summary: summary })
    }
}
