//! Amazon Bedrock Runtime.

use crate::kernel::{AnyOperation, ApiError, Protocol, Service, ServiceDescription};

/// One account and region's state.
#[derive(Default)]
pub struct BedrockRuntime {}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: "bedrock",
    title: "Amazon Bedrock Runtime",
    signing_name: "bedrock",
    target_prefix: "",
    protocol: Protocol::RestJson1,
    body_bytes_max: 25_000_000,
    error_namespace: |_| "",
    crc32: false,
    throttled: || ApiError::with_status(429, "ThrottlingException", "Rate exceeded"),
    not_implemented: &[],
    differences: &[],
};

impl Service for BedrockRuntime {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[];
}
