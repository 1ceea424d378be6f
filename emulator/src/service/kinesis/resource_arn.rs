//! What a `ResourceARN` names, a stream or a consumer, and what tags and policies are attached to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::consumer::ConsumerStatus;
use super::consumer_reference::{ConsumerReference, consumer_not_active};
use super::stream::{not_found, not_usable};
use super::stream_reference::{StreamReference, arn_of_kinesis, is_word};
use crate::kernel::{ApiError, Scope, Violations};

const PATTERN: &str = "arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+";

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    Stream(String),
    Consumer { stream: String, name: String },
}

impl Resource {
    pub fn name(&self) -> &str {
        match self {
            Resource::Stream(name) | Resource::Consumer { name, .. } => name,
        }
    }
}

/// What streams and consumers alike can be given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Attached {
    pub tags: BTreeMap<String, String>,
    /// The text as it was put.
    pub policy: Option<String>,
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

/// The name of the stream that an ARN names, for the timeline, without any check.
pub fn shown(given: Option<&str>) -> String {
    if given.is_some_and(is_of_consumer) {
        return ConsumerReference { stream_arn: None, name: None, arn: given }.display();
    }
    StreamReference { name: None, arn: given }.display()
}

/// A resource of this account and region. A stream may yet not be there.
pub fn resolve(given: &str, state: &Kinesis, scope: &Scope) -> Result<Resource, ApiError> {
    if is_of_consumer(given) {
        let reference = ConsumerReference { stream_arn: None, name: None, arn: Some(given) };
        let (stream, consumer) = reference.resolve(state, scope)?;
        return Ok(Resource::Consumer { stream, name: consumer.name.clone() });
    }
    StreamReference { name: None, arn: Some(given) }.resolve(scope).map(Resource::Stream)
}

fn is_of_consumer(arn: &str) -> bool {
    arn.contains("/consumer/")
}

impl Kinesis {
    pub fn attached(&self, resource: &Resource, scope: &Scope) -> Result<&Attached, ApiError> {
        match resource {
            Resource::Stream(name) => Ok(&self.stream(name, scope)?.control.attached),
            Resource::Consumer { stream, name } => {
                let consumer = self.stream(stream, scope)?.consumers.get(name);
                Ok(&consumer.ok_or_else(|| not_found(stream, scope))?.attached)
            }
        }
    }

    /// "For successful operation, the resource must be in the ACTIVE state." Changing it does not
    /// make it UPDATING, and assumed: a stream that is UPDATING can be changed, too.
    pub fn attached_mut(&mut self, resource: &Resource, scope: &Scope) -> Result<&mut Attached, ApiError> {
        let (Resource::Stream(name) | Resource::Consumer { stream: name, .. }) = resource;
        let stream = self.streams.get_mut(name).ok_or_else(|| not_found(name, scope))?;
        let Resource::Consumer { name: consumer, .. } = resource else {
            if stream.status.is_usable() {
                return Ok(&mut stream.control.attached);
            }
            return Err(not_usable(name, scope, stream.status));
        };
        let consumer = stream.consumers.get_mut(consumer).ok_or_else(|| not_found(name, scope))?;
        // Wording: <https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2442>
        if consumer.status != ConsumerStatus::Active {
            return Err(consumer_not_active(consumer, name, scope));
        }
        Ok(&mut consumer.attached)
    }
}

/// `arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+`
fn is_resource_arn(text: &str) -> bool {
    let named = arn_of_kinesis(text).and_then(|arn| arn.resource.split_once("stream/"));
    named.is_some_and(|(_, name)| is_word(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_one_of_kinesis_or_breaks_the_model() {
        for (resource, fits) in [
            ("arn:aws:kinesis:us-east-1:000000000000:stream/orders", true),
            ("arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/a:1", true),
            ("arn:aws-cn:kinesis:r:000000000000:xstream/orders", true),
            ("", false),
            ("orders", false),
            ("arn:aws:kinesis:r:1:stream/orders", false),
            ("arn:aws:kinesis:r:000000000000:stream/", false),
            ("arn:aws:kinesis:r:000000000000:stream/a b", false),
            ("arn:aws:sqs:r:000000000000:stream/orders", false),
        ] {
            assert_eq!(is_resource_arn(resource), fits, "{resource}");
        }
    }
}
