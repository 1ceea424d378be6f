//! Creates a stream, which is CREATING until it is ACTIVE.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::account_quotas::{check_on_demand_streams, check_shards};
use super::lifecycle::Work;
use super::stream::{Mode, ON_DEMAND_SHARDS, RECORD_KIB_DEFAULT, Stream, invalid_argument};
use super::stream_reference::check_identifier;
use super::unsupported::{Unsupported, refuse};
use super::warm_throughput::WarmThroughput;
use super::{Kinesis, SERVICE, tags};
use crate::kernel::{ApiError, Call, Operation, Scope, Violations};

pub struct CreateStream;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    shard_count: Option<i32>,
    stream_mode_details: Option<StreamModeDetails>,
    #[serde(rename = "MaxRecordSizeInKiB")]
    max_record_size_in_kib: Option<i32>,
    tags: Option<BTreeMap<String, String>>,
    #[serde(rename = "WarmThroughputMiBps")]
    warm_throughput_mibps: Option<i32>,
    record_distribution_strategy: Unsupported,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamModeDetails {
    stream_mode: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for CreateStream {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateStream";

    fn resource(input: &Input) -> String {
        input.stream_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("RecordDistributionStrategy", input.record_distribution_strategy.is_some())])?;
        check(&input)?;
        let name = input.stream_name.as_deref().expect("it was checked to be there");
        let (mode, shard_count) = mode_and_shards(&input)?;
        if state.streams.contains_key(name) {
            return Err(already_exists(name, call.scope));
        }
        let tags = tags::checked(input.tags.unwrap_or_default(), name, call.scope)?;
        let warm = input.warm_throughput_mibps.map(i32::unsigned_abs);
        if let Some(mibps) = warm {
            state.check_warm_throughput(mode, mibps, call.now)?;
        }
        match mode {
            Mode::OnDemand => check_on_demand_streams(state, call.scope)?,
            Mode::Provisioned => check_shards(state, shard_count as usize, call.scope)?,
        }
        state.admit_stream(call)?;
        let arn = call.arn(SERVICE, format!("stream/{name}"));
        let mut stream = Stream::new(arn, mode, shard_count, call.now, call.event);
        stream.record_kib_max = input.max_record_size_in_kib.map_or(RECORD_KIB_DEFAULT, i32::unsigned_abs);
        stream.control.attached.tags = tags;
        stream.control.warm_throughput = warm.map(WarmThroughput::reached);
        state.streams.insert(name.to_owned(), stream);
        state.plan_transition(name, Work::Activate, call.now);
        Ok(Output {})
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("streamName", &input.stream_name);
    if let Some(name) = &input.stream_name {
        check_identifier(&mut violations, "streamName", name);
    }
    if let Some(count) = input.shard_count {
        violations.range("shardCount", count.into(), 1, i32::MAX.into());
    }
    if let Some(details) = &input.stream_mode_details {
        details.check(&mut violations);
    }
    if let Some(kib) = input.max_record_size_in_kib {
        violations.range("maxRecordSizeInKiB", kib.into(), 1024, 10_240);
    }
    tags::check(&mut violations, input.tags.as_ref());
    if let Some(mibps) = input.warm_throughput_mibps {
        violations.range("warmThroughputMiBps", mibps.into(), 0, i32::MAX.into());
    }
    violations.finish()
}

fn mode_and_shards(input: &Input) -> Result<(Mode, u32), ApiError> {
    let mode = input.stream_mode_details.as_ref().and_then(|details| details.stream_mode.as_deref());
    match (mode, input.shard_count) {
        // Wording, as CloudFormation passes it on: <https://github.com/aws/aws-cdk/issues/18247>
        (Some("ON_DEMAND"), Some(_)) => Err(invalid_argument("ShardCount is not expected when StreamMode=ON_DEMAND")),
        (Some("ON_DEMAND"), None) => Ok((Mode::OnDemand, ON_DEMAND_SHARDS)),
        (_, Some(count)) => Ok((Mode::Provisioned, count.unsigned_abs())),
        // assumed: the counterpart of the message above.
        (_, None) => Err(invalid_argument("ShardCount is expected when StreamMode=PROVISIONED")),
    }
}

impl StreamModeDetails {
    pub fn check(&self, violations: &mut Violations) {
        violations.required("streamModeDetails.streamMode", &self.stream_mode);
        if let Some(mode) = &self.stream_mode {
            violations.one_of("streamModeDetails.streamMode", mode, &["PROVISIONED", "ON_DEMAND"]);
        }
    }

    /// The mode, once checked.
    pub fn mode(&self) -> Mode {
        match self.stream_mode.as_deref() {
            Some("ON_DEMAND") => Mode::OnDemand,
            _ => Mode::Provisioned,
        }
    }
}

/// assumed: AWS's message contains "already exists"; the rest is as in its kin.
fn already_exists(name: &str, scope: &Scope) -> ApiError {
    let account = &scope.account;
    ApiError::new("ResourceInUseException", format!("Stream {name} under account {account} already exists."))
}
