//! Server-side encryption: which key a table says it is encrypted with.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html>
//!
//! # Differences
//!
//! There is no KMS here: every key is taken to exist and to be usable. The ARN
//! of the AWS managed key, and of a key given by alias, is made from its name.

use std::time::Duration;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::account_limits::limit_exceeded;
use super::due::Due;
use super::members::invalid;
use crate::kernel::{ApiError, Arn, Scope, Timestamp, Violations};

const AWS_MANAGED: &str = "alias/aws/dynamodb";
/// "you can switch encryption keys ... up to four times, on a per table basis, in a 24-hour window"; and once more if
/// six hours have passed.
const CHANGES_MAX: usize = 4;
const CHANGES_WINDOW: Duration = Duration::from_hours(24);
const BETWEEN_FURTHER_CHANGES: Duration = Duration::from_hours(6);

/// The member `SSESpecification` of a request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GivenEncryption {
    enabled: Option<bool>,
    #[serde(rename = "SSEType")]
    kind: Option<String>,
    #[serde(rename = "KMSMasterKeyId")]
    key: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Encryption {
    /// The key, unless it is the one that AWS owns.
    key: Option<Arn>,
    pub changing: Option<Due<Option<Arn>>>,
    /// The changes that still count.
    changes: Vec<Timestamp>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptionDescription {
    status: &'static str,
    #[serde(rename = "SSEType", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(rename = "KMSMasterKeyArn", skip_serializing_if = "Option::is_none")]
    key: Option<Arn>,
}

impl GivenEncryption {
    pub fn check_model(&self, violations: &mut Violations) {
        if let Some(kind) = &self.kind {
            violations.one_of("sSESpecification.sSEType", kind, &["AES256", "KMS"]);
        }
        if let Some(key) = &self.key {
            violations.length("sSESpecification.kMSMasterKeyId", key, 1, 2048);
        }
    }

    /// The key that it asks for; none is AWS's own.
    pub fn key(&self, scope: &Scope) -> Result<Option<Arn>, ApiError> {
        let (kind, key) = (self.kind.as_deref(), self.key.as_deref());
        if self.enabled == Some(false) {
            for (name, given) in [("SSEType", kind), ("KMSMasterKeyId", key)] {
                if given.is_some() {
                    return Err(invalid(format_args!("{name} can not be specified if Enabled is false")));
                }
            }
            return Ok(None);
        }
        if kind == Some("AES256") {
            return Err(invalid("SSEType AES256 is not supported"));
        }
        if key.is_some() && kind.is_none() {
            return Err(invalid("SSEType KMS is required if KMSMasterKeyId is specified"));
        }
        let asked = self.enabled == Some(true) || kind.is_some();
        Ok(asked.then(|| key_arn(key.unwrap_or(AWS_MANAGED), scope)))
    }
}

impl Encryption {
    pub fn new(key: Option<Arn>) -> Self {
        Self { key, ..Self::default() }
    }

    /// What is so already is refused, but for another name of the same key.
    pub fn check_change(&self, given: &GivenEncryption, key: &Option<Arn>, now: Timestamp) -> Result<(), ApiError> {
        match (key, &self.key) {
            (None, None) => return Err(invalid("Table is already encrypted by default")),
            (Some(key), Some(current)) if key == current && given.key == Some(current.to_string()) => {
                return Err(invalid(
                    "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to \
                     change Master Key",
                ));
            }
            _ => {}
        }
        let recent: Vec<_> = self.changes.iter().filter(|at| **at + CHANGES_WINDOW > now).collect();
        let (Some(first), Some(last)) = (recent.first(), recent.last()) else { return Ok(()) };
        let (ends, next) = (**first + CHANGES_WINDOW, **last + BETWEEN_FURTHER_CHANGES);
        if recent.len() < CHANGES_MAX || now >= next {
            return Ok(());
        }
        Err(limit_exceeded(format!(
            "Encryption mode changes are limited in the 24h window ending at {}. After the first {CHANGES_MAX} change, \
             each subsequent change in the same window can be performed at most once every 21600 seconds. Number of \
             updates today: {}. Last change at {}. Next changes can be made at {}.",
            ends.to_rfc3339(),
            recent.len(),
            last.to_rfc3339(),
            next.to_rfc3339()
        )))
    }

    /// Begins to change the key.
    pub fn change(&mut self, due: Due<Option<Arn>>, now: Timestamp) {
        self.changes.retain(|at| *at + CHANGES_WINDOW > now);
        self.changes.push(now);
        self.changing = Some(due);
    }

    pub fn end_change(&mut self, key: Option<Arn>) {
        self.key = key;
    }

    /// AWS says nothing of a table with its own key. While the key changes, it shows the old one.
    pub fn describe(&self) -> Option<EncryptionDescription> {
        let status = match (&self.changing, &self.key) {
            (Some(_), _) => "UPDATING",
            (None, Some(_)) => "ENABLED",
            (None, None) => return None,
        };
        Some(EncryptionDescription { status, kind: self.key.as_ref().map(|_| "KMS"), key: self.key.clone() })
    }
}

/// The key's ARN: itself, or made from an id or an alias.
fn key_arn(given: &str, scope: &Scope) -> Arn {
    match Arn::parse(given) {
        Some(arn) if arn.resource_after("key").is_some() => arn,
        Some(arn) => Arn::new("kms", &arn.scope, format!("key/{}", made_of(&arn.resource))),
        None if given.starts_with("alias/") => Arn::new("kms", scope, format!("key/{}", made_of(given))),
        None => Arn::new("kms", scope, format!("key/{given}")),
    }
}

/// An id that is always the same for this alias.
fn made_of(alias: &str) -> String {
    let hex = hex::encode(Md5::digest(alias));
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_specification_names_a_key_or_the_mistake_in_it() {
        let scope = Scope::default();
        let managed = key_arn(AWS_MANAGED, &scope).to_string();
        let arn = "arn:aws:kms:us-east-1:000000000000:key/k-1";
        for (given, expected) in [
            (json!({}), Ok(None)),
            (json!({"Enabled": false}), Ok(None)),
            (json!({"Enabled": true}), Ok(Some(managed.as_str()))),
            (json!({"SSEType": "KMS"}), Ok(Some(managed.as_str()))),
            (json!({"SSEType": "KMS", "KMSMasterKeyId": "k-1"}), Ok(Some(arn))),
            (json!({"SSEType": "KMS", "KMSMasterKeyId": arn}), Ok(Some(arn))),
            (json!({"Enabled": false, "SSEType": "KMS"}), Err("SSEType can not be specified if Enabled is false")),
            (
                json!({"Enabled": false, "KMSMasterKeyId": "k"}),
                Err("KMSMasterKeyId can not be specified if Enabled is false"),
            ),
            (json!({"SSEType": "AES256"}), Err("SSEType AES256 is not supported")),
            (
                json!({"Enabled": true, "KMSMasterKeyId": "k"}),
                Err("SSEType KMS is required if KMSMasterKeyId is specified"),
            ),
        ] {
            let parsed: GivenEncryption = serde_json::from_value(given.clone()).unwrap();
            let key = parsed.key(&scope).map(|key| key.map(|arn| arn.to_string())).map_err(|error| error.message);
            let expected = expected
                .map(|key| key.map(str::to_owned))
                .map_err(|text| format!("One or more parameter values were invalid: {text}"));
            assert_eq!(key, expected, "{given}");
        }
    }
}
