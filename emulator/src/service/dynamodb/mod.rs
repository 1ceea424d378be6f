//! Amazon DynamoDB.

use crate::kernel::{AnyOperation, ApiError, Protocol, Service, ServiceDescription};

/// One account and region's state.
#[derive(Default)]
pub struct DynamoDb {}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: "dynamodb",
    title: "Amazon DynamoDB",
    signing_name: "dynamodb",
    target_prefix: "DynamoDB_20120810",
    protocol: Protocol::AwsJson1_0,
    body_bytes_max: 16 << 20,
    error_namespace: |_| "",
    crc32: true,
    throttled: || ApiError::with_status(400, "ProvisionedThroughputExceededException", "Rate exceeded"),
    not_implemented: &[],
    differences: &[],
};

impl Service for DynamoDb {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[];
}
