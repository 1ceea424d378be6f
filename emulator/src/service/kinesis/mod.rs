//! Amazon Kinesis Data Streams.

use crate::kernel::{AnyOperation, ApiError, Protocol, Service, ServiceDescription};

/// One account and region's state.
#[derive(Default)]
pub struct Kinesis {}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: "kinesis",
    title: "Amazon Kinesis Data Streams",
    signing_name: "kinesis",
    target_prefix: "Kinesis_20131202",
    protocol: Protocol::AwsJson1_1,
    body_bytes_max: 15 << 20,
    error_namespace: |_| "",
    crc32: false,
    throttled: || ApiError::with_status(400, "ProvisionedThroughputExceededException", "Rate exceeded"),
    not_implemented: &[],
    differences: &[],
};

impl Service for Kinesis {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[];
}
