//! How requests say which stream they mean: by name, by ARN, or by both.

use crate::kernel::{ApiError, Arn, Scope, Violations};

use super::stream::{invalid_argument, not_found};

const NAME_PATTERN: &str = "[a-zA-Z0-9_.-]+";
const ARN_PATTERN: &str = "arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+";

/// The stream of a request as it was given.
#[derive(Clone, Copy, Debug)]
pub struct StreamReference<'a> {
    pub name: Option<&'a str>,
    pub arn: Option<&'a str>,
}

impl<'a> StreamReference<'a> {
    pub fn new(name: &'a Option<String>, arn: &'a Option<String>) -> Self {
        Self { name: name.as_deref(), arn: arn.as_deref() }
    }

    pub fn is_given(&self) -> bool {
        self.name.is_some() || self.arn.is_some()
    }

    /// For the timeline: the name, as far as there is one.
    pub fn display(&self) -> String {
        let of_arn = self.arn.map(|arn| arn.split_once(":stream/").map_or(arn, |(_, name)| name));
        self.name.or(of_arn).unwrap_or_default().to_owned()
    }

    pub fn check(&self, violations: &mut Violations) {
        if let Some(name) = self.name {
            check_identifier(violations, "streamName", name);
        }
        if let Some(arn) = self.arn {
            violations.length("streamARN", arn, 1, 2048);
            if !is_stream_arn(arn) {
                violations.add(arn, "streamARN", format_args!("satisfy regular expression pattern: {ARN_PATTERN}"));
            }
        }
    }

    /// The head of an operation: what its members violate so far, to which it adds its own.
    pub fn violations(&self) -> Violations {
        let mut violations = Violations::new();
        self.check(&mut violations);
        violations
    }

    /// The rest of the head: the violations as AWS's one refusal, or the name of the stream.
    pub fn name(&self, violations: Violations, scope: &Scope) -> Result<String, ApiError> {
        violations.finish()?;
        self.resolve(scope)
    }

    /// The name of the stream in the caller's account and region.
    pub fn resolve(&self, scope: &Scope) -> Result<String, ApiError> {
        let Some(text) = self.arn else {
            // assumed: AWS's text for a request that names no stream.
            let name = self.name.ok_or_else(|| invalid_argument("Either StreamName or StreamARN must be provided."))?;
            return Ok(name.to_owned());
        };
        // Any partition is taken for this one: a test may be written for `aws-cn`.
        let arn = Arn::parse(text).ok_or_else(|| not_found(text, scope))?;
        let name = arn.resource_after("stream").ok_or_else(|| not_found(text, scope))?;
        if self.name.is_some_and(|given| given != name) {
            // assumed: AWS says only that both may be given.
            return Err(invalid_argument("StreamName and StreamARN do not name the same stream."));
        }
        if arn.scope != *scope {
            return Err(not_found(name, &arn.scope));
        }
        Ok(name.to_owned())
    }
}

/// Stream names and shard ids follow the same rules.
pub fn check_identifier(violations: &mut Violations, member: &str, value: &str) {
    violations.length(member, value, 1, 128);
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if value.is_empty() {
        violations.add(value, member, format_args!("satisfy regular expression pattern: {NAME_PATTERN}"));
    }
    violations.pattern(member, value, NAME_PATTERN, allowed);
}

/// `arn:aws.*:kinesis:.*:\d{12}:stream/\S+`
fn is_stream_arn(text: &str) -> bool {
    let name = arn_of_kinesis(text).and_then(|arn| arn.resource.strip_prefix("stream/"));
    name.is_some_and(is_word)
}

/// `\S+`
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

/// The parts of an ARN that say what of Kinesis it names.
pub struct ArnOfKinesis<'a> {
    pub region: &'a str,
    pub account: &'a str,
    pub resource: &'a str,
}

/// How every ARN of Kinesis begins in AWS's model: `arn:aws.*:kinesis:.*:\d{12}:`.
pub fn arn_of_kinesis(text: &str) -> Option<ArnOfKinesis<'_>> {
    let mut parts = text.splitn(6, ':');
    let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = arn == "arn"
        && partition.starts_with("aws")
        && service == "kinesis"
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(ArnOfKinesis { region, account, resource })
}
