//! Shard-level metrics: which are on. Nothing is measured.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::control::Change;
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Violations};

/// In the order of AWS's model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Metric {
    IncomingBytes,
    IncomingRecords,
    OutgoingBytes,
    OutgoingRecords,
    WriteProvisionedThroughputExceeded,
    ReadProvisionedThroughputExceeded,
    IteratorAgeMilliseconds,
}

const ALL: [Metric; 7] = [
    Metric::IncomingBytes,
    Metric::IncomingRecords,
    Metric::OutgoingBytes,
    Metric::OutgoingRecords,
    Metric::WriteProvisionedThroughputExceeded,
    Metric::ReadProvisionedThroughputExceeded,
    Metric::IteratorAgeMilliseconds,
];
const NAMES: &str = "IncomingBytes, IncomingRecords, OutgoingBytes, OutgoingRecords, WriteProvisionedThroughputExceeded, \
                     ReadProvisionedThroughputExceeded, IteratorAgeMilliseconds, ALL";

/// The input of both operations.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    shard_level_metrics: Option<Vec<String>>,
}

/// The output of both operations.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    stream_name: String,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    current_shard_level_metrics: Vec<Metric>,
    desired_shard_level_metrics: Vec<Metric>,
}

impl Input {
    pub fn resource(&self) -> String {
        StreamReference::new(&self.stream_name, &self.stream_arn).display()
    }

    /// Changes which metrics are on: `change` gets those that are, and those of the request.
    pub fn run(
        self,
        operation: &str,
        state: &mut Kinesis,
        call: &Call<'_>,
        change: impl FnOnce(&BTreeSet<Metric>, &BTreeSet<Metric>) -> BTreeSet<Metric>,
    ) -> Result<Output, ApiError> {
        refuse(operation, &[("StreamId", self.stream_id.is_some())])?;
        let reference = StreamReference::new(&self.stream_name, &self.stream_arn);
        let mut violations = reference.violations();
        check(&mut violations, self.shard_level_metrics.as_deref());
        let name = reference.name(violations, call.scope)?;
        let stream = state.active_mut(&name, call.scope)?;
        let current = stream.control.metrics.clone();
        let desired = change(&current, &chosen(&self.shard_level_metrics.unwrap_or_default()));
        let output = Output {
            stream_arn: stream.arn.to_string(),
            stream_name: name.clone(),
            current_shard_level_metrics: current.into_iter().collect(),
            desired_shard_level_metrics: desired.iter().copied().collect(),
        };
        state.begin_change(&name, Change::Metrics(desired), call)?;
        Ok(output)
    }
}

fn parse(name: &str) -> Option<Metric> {
    ALL.into_iter().find(|metric| format!("{metric:?}") == name)
}

fn check(violations: &mut Violations, given: Option<&[String]>) {
    violations.required("shardLevelMetrics", &given);
    let Some(given) = given else { return };
    let shown = format!("[{}]", given.join(", "));
    if given.is_empty() {
        violations.add(&shown, "shardLevelMetrics", "have length greater than or equal to 1");
    }
    if given.len() > ALL.len() {
        violations.add(&shown, "shardLevelMetrics", format_args!("have length less than or equal to {}", ALL.len()));
    }
    if given.iter().any(|name| name != "ALL" && parse(name).is_none()) {
        let constraint = format!("satisfy constraint: [Member must satisfy enum value set: [{NAMES}]]");
        violations.add(&shown, "shardLevelMetrics", constraint);
    }
}

/// `ALL` stands for every metric.
fn chosen(names: &[String]) -> BTreeSet<Metric> {
    if names.iter().any(|name| name == "ALL") {
        return ALL.into();
    }
    names.iter().filter_map(|name| parse(name)).collect()
}
