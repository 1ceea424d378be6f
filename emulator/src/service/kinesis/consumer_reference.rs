//! How requests say which consumer they mean: by its ARN, or by its stream's ARN and its name, or by all of them.

use super::Kinesis;
use super::consumer::Consumer;
use super::stream::{invalid_argument, not_found};
use super::stream_reference::{ArnOfKinesis, StreamReference, arn_of_kinesis, check_identifier};
use crate::kernel::{ApiError, Arn, Scope, Violations};

const ARN_PATTERN: &str =
    "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+";

/// The consumer of a request as it was given.
#[derive(Clone, Copy, Debug)]
pub struct ConsumerReference<'a> {
    pub stream_arn: Option<&'a str>,
    pub name: Option<&'a str>,
    pub arn: Option<&'a str>,
}

/// A consumer's ARN, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct ConsumerArn<'a> {
    scope: Scope,
    stream: &'a str,
    name: &'a str,
    created_secs: i64,
}

impl<'a> ConsumerReference<'a> {
    /// For the timeline: the name of the stream, as far as there is one.
    pub fn display(&self) -> String {
        if let Some(stream) = self.stream_arn {
            return StreamReference { name: None, arn: Some(stream) }.display();
        }
        let arn = self.arn.unwrap_or_default();
        parse(arn).map_or_else(|| arn.to_owned(), |arn| arn.stream.to_owned())
    }

    pub fn check(&self, violations: &mut Violations) {
        StreamReference { name: None, arn: self.stream_arn }.check(violations);
        if let Some(name) = self.name {
            check_identifier(violations, "consumerName", name);
        }
        if let Some(arn) = self.arn {
            violations.length("consumerARN", arn, 1, 2048);
            if parse(arn).is_none() {
                violations.add(arn, "consumerARN", format_args!("satisfy regular expression pattern: {ARN_PATTERN}"));
            }
        }
    }

    /// The stream's name and the consumer in the caller's account and region.
    pub fn resolve<'s>(&self, state: &'s Kinesis, scope: &Scope) -> Result<(String, &'s Consumer), ApiError> {
        let Some(text) = self.arn else { return self.resolve_by_name(state, scope) };
        // What does not look like a consumer's ARN was refused before.
        let arn = parse(text).ok_or_else(|| invalid_argument(format!("Invalid ConsumerARN: {text}")))?;
        if self.name.is_some_and(|name| name != arn.name) || !self.fits_stream(&arn)? {
            // assumed: "as long as they don't conflict with each other" is all that AWS says.
            return Err(invalid_argument("StreamARN, ConsumerName and ConsumerARN do not name the same consumer."));
        }
        if arn.scope != *scope {
            return Err(not_found(arn.stream, &arn.scope));
        }
        let consumer = state.stream(arn.stream, scope)?.consumers.get(arn.name);
        let consumer = consumer.filter(|consumer| consumer.created_secs == arn.created_secs);
        // assumed: the code is documented, the wording is not.
        let missing = || {
            let ConsumerArn { stream, name, created_secs, .. } = &arn;
            let account = &scope.account;
            ApiError::new(
                "ResourceNotFoundException",
                format!(
                    "Consumer {name} with creation timestamp {created_secs} under stream {stream} and account \
                     {account} not found."
                ),
            )
        };
        Ok((arn.stream.to_owned(), consumer.ok_or_else(missing)?))
    }

    fn resolve_by_name<'s>(&self, state: &'s Kinesis, scope: &Scope) -> Result<(String, &'s Consumer), ApiError> {
        let (Some(_), Some(name)) = (self.stream_arn, self.name) else {
            // assumed: AWS's wording.
            return Err(invalid_argument("Either ConsumerARN or both StreamARN and ConsumerName must be provided."));
        };
        let stream = StreamReference { name: None, arn: self.stream_arn }.resolve(scope)?;
        let consumer = state.stream(&stream, scope)?.consumers.get(name);
        // assumed: the code is documented, the wording is not.
        let missing = || {
            let account = &scope.account;
            let message = format!("Consumer {name} under stream {stream} and account {account} not found.");
            ApiError::new("ResourceNotFoundException", message)
        };
        let consumer = consumer.ok_or_else(missing)?;
        Ok((stream, consumer))
    }

    fn fits_stream(&self, arn: &ConsumerArn<'_>) -> Result<bool, ApiError> {
        let Some(text) = self.stream_arn else { return Ok(true) };
        let given = Arn::parse(text).ok_or_else(|| invalid_argument(format!("Invalid StreamARN: {text}")))?;
        Ok(given.scope == arn.scope && given.resource_after("stream") == Some(arn.stream))
    }
}

/// `^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+`
fn parse(text: &str) -> Option<ConsumerArn<'_>> {
    let ArnOfKinesis { region, account, resource } = arn_of_kinesis(text)?;
    let (stream, consumer) = resource.strip_prefix("stream/")?.split_once("/consumer/")?;
    let (name, secs) = consumer.split_once(':')?;
    let is_name = |text: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
        !text.is_empty() && text.bytes().all(allowed)
    };
    if !is_name(stream) || !is_name(name) || secs.is_empty() || !secs.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Digits beyond all time name nobody.
    let created_secs = secs.parse().unwrap_or(i64::MAX);
    Some(ConsumerArn { scope: Scope::new(account, region), stream, name, created_secs })
}

/// Wording: <https://github.com/awslabs/kinesis-hot-shard-advisor/issues/37>
pub fn consumer_not_active(consumer: &Consumer, stream: &str, scope: &Scope) -> ApiError {
    let Consumer { name, created_secs, .. } = consumer;
    let account = &scope.account;
    ApiError::new(
        "ResourceInUseException",
        format!(
            "Consumer {name} with creation timestamp {created_secs} under stream: {stream} , account {account} is not \
             in ACTIVE status."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consumers_arn_names_its_stream_and_when_it_was_registered() {
        let arn = parse("arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/audit:1767225600");
        let scope = Scope::new("123456789012", "eu-west-1");
        assert_eq!(arn, Some(ConsumerArn { scope, stream: "orders", name: "audit", created_secs: 1_767_225_600 }));
        let late = parse("arn:aws-cn:kinesis:r:123456789012:stream/o/consumer/c:99999999999999999999");
        assert_eq!(late.map(|arn| arn.created_secs), Some(i64::MAX));
        for bad in [
            "",
            "arn:aws:kinesis:r:123456789012:stream/orders",
            "arn:aws:kinesis:r:123456789012:stream/orders/consumer/audit",
            "arn:aws:kinesis:r:123456789012:stream/orders/consumer/audit:",
            "arn:aws:kinesis:r:123456789012:stream/orders/consumer/audit:x",
            "arn:aws:kinesis:r:123456789012:stream/orders/consumer/:1",
            "arn:aws:kinesis:r:123456789012:stream//consumer/audit:1",
            "arn:aws:kinesis:r:12345678901:stream/orders/consumer/audit:1",
            "arn:aws:dynamodb:r:123456789012:stream/orders/consumer/audit:1",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
