//! Amazon EventBridge.

use crate::kernel::{AnyOperation, ApiError, Protocol, Service, ServiceDescription};

/// One account and region's state.
#[derive(Default)]
pub struct Events {}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: "events",
    title: "Amazon EventBridge",
    signing_name: "events",
    target_prefix: "AWSEvents",
    protocol: Protocol::AwsJson1_1,
    body_bytes_max: 2 << 20,
    error_namespace: |_| "",
    crc32: false,
    throttled: || ApiError::with_status(400, "ThrottlingException", "Rate exceeded"),
    not_implemented: &[],
    differences: &[],
};

impl Service for Events {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[];
}
