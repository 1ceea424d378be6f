//! Amazon Resource Names: `arn:aws:service:region:account:resource`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Scope;

/// A parsed ARN. The resource part keeps its own slashes and colons.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arn {
    pub service: String,
    pub scope: Scope,
    pub resource: String,
}

impl Arn {
    pub fn new(service: &str, scope: &Scope, resource: impl Into<String>) -> Self {
        Self { service: service.to_owned(), scope: scope.clone(), resource: resource.into() }
    }

    /// Reads `arn:partition:service:region:account:resource`. The partition is
    /// not kept: this world is `aws`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        let (_partition, service, region, account, resource) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if service.is_empty() || resource.is_empty() {
            return None;
        }
        Some(Self { service: service.to_owned(), scope: Scope::new(account, region), resource: resource.to_owned() })
    }

    /// What follows `kind` and its separator: `name` of `table/name` or `rule/bus/name`.
    pub fn resource_after(&self, kind: &str) -> Option<&str> {
        self.resource.strip_prefix(kind)?.strip_prefix(['/', ':'])
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { account, region } = &self.scope;
        write!(f, "arn:aws:{}:{region}:{account}:{}", self.service, self.resource)
    }
}

impl Serialize for Arn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Arn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not an ARN")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_reads_and_writes_itself() {
        let text = "arn:aws:kinesis:eu-west-1:000000000000:stream/user-interactions";
        let arn = Arn::parse(text).unwrap();
        assert_eq!(arn.to_string(), text);
        assert_eq!(arn.resource_after("stream"), Some("user-interactions"));
        assert_eq!(arn.resource_after("table"), None);
        for bad in ["", "arn", "arn:aws:kinesis:eu-west-1:0", "urn:aws:kinesis:r:a:x", "arn:aws::r:a:x"] {
            assert_eq!(Arn::parse(bad), None, "{bad}");
        }
    }
}
