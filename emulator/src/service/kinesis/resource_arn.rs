//! What a `ResourceARN` names: a stream, for tags and policies.

use super::stream_reference::StreamReference;
use crate::kernel::{ApiError, Scope, Violations};

const PATTERN: &str = "arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+";

/// The consumers of a stream would be the other kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    Stream(String),
}

/// Checks the member as AWS's model does.
pub fn check(violations: &mut Violations, given: &Option<String>) {
    violations.required("resourceARN", given);
    if let Some(given) = given {
        violations.length("resourceARN", given, 1, 2048);
        if !is_resource_arn(given) {
            violations.add(given, "resourceARN", format_args!("satisfy regular expression pattern: {PATTERN}"));
        }
    }
}

/// The name that an ARN names, for the timeline, without any check.
pub fn shown(given: Option<&str>) -> String {
    StreamReference { name: None, arn: given }.display()
}

/// A resource of this account and region.
pub fn resolve(operation: &str, given: &str, scope: &Scope) -> Result<Resource, ApiError> {
    if given.contains("/consumer/") {
        return Err(ApiError::not_implemented(format_args!("a consumer as resource of kinesis {operation}")));
    }
    StreamReference { name: None, arn: Some(given) }.resolve(scope).map(Resource::Stream)
}

/// `arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+`
fn is_resource_arn(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next().unwrap_or("");
    let (arn, partition, service, _region, account, resource) = (next(), next(), next(), next(), next(), next());
    let name = resource.split_once("stream/").map_or("", |(_, name)| name);
    arn == "arn"
        && partition.starts_with("aws")
        && service == "kinesis"
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && !name.is_empty()
        && !name.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_names_a_stream_or_is_refused() {
        for (resource, expected) in [
            ("arn:aws:kinesis:us-east-1:000000000000:stream/orders", Ok("orders")),
            ("arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/a:1", Err("NotImplemented")),
            ("arn:aws:kinesis:eu-west-1:000000000000:stream/orders", Err("ResourceNotFoundException")),
            ("arn:aws:kinesis:us-east-1:000000000000:xstream/orders", Err("ResourceNotFoundException")),
        ] {
            let found = resolve("TagResource", resource, &Scope::default()).map_err(|error| error.code);
            let expected = expected.map(|name| Resource::Stream(name.to_owned())).map_err(str::to_owned);
            assert_eq!(found, expected, "{resource}");
            assert!(is_resource_arn(resource), "{resource}");
        }
        for resource in ["", "orders", "arn:aws:kinesis:r:1:stream/orders", "arn:aws:sqs:r:000000000000:stream/orders"]
        {
            assert!(!is_resource_arn(resource), "{resource}");
        }
    }
}
