//! Server-side encryption: which key a stream has. Nothing is encrypted, and any key will do.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html>

use super::Kinesis;
use super::stream::invalid_argument;
use crate::kernel::{ApiError, Call, Violations};

/// "You can successfully apply a new key 25 times in a rolling 24-hour period", and disable it as often.
const CHANGES_MAX: usize = 25;

pub fn check(violations: &mut Violations, encryption_type: &Option<String>, key_id: &Option<String>) {
    violations.required("encryptionType", encryption_type);
    if let Some(encryption_type) = encryption_type {
        violations.one_of("encryptionType", encryption_type, &["NONE", "KMS"]);
    }
    violations.required("keyId", key_id);
    if let Some(key_id) = key_id {
        violations.length("keyId", key_id, 1, 2048);
    }
}

/// "The only valid value is KMS." assumed: the wording.
pub fn check_type(encryption_type: Option<&str>) -> Result<(), ApiError> {
    match encryption_type {
        Some("KMS") => Ok(()),
        _ => Err(invalid_argument("Encryption type must be KMS.")),
    }
}

/// assumed: a stream that is not encrypted, or with another key, is refused; AWS documents neither.
pub fn check_key_in_use(state: &mut Kinesis, name: &str, key_id: &str, call: &Call<'_>) -> Result<(), ApiError> {
    match &state.active_mut(name, call.scope)?.control.key_id {
        Some(in_use) if in_use == key_id => Ok(()),
        Some(_) => Err(invalid_argument(format!("Stream {name} is not encrypted with the key {key_id}."))),
        None => Err(invalid_argument(format!("Stream {name} is not encrypted."))),
    }
}

/// assumed: both directions count together, and the wording.
pub fn count_change(state: &mut Kinesis, name: &str, call: &Call<'_>) -> Result<(), ApiError> {
    let changes = &mut state.active_mut(name, call.scope)?.control.encryption_changed;
    if changes.count(call.now) >= 2 * CHANGES_MAX {
        return Err(ApiError::new(
            "LimitExceededException",
            format!("Stream {name} has changed its encryption too often within the last 24 hours."),
        ));
    }
    changes.note(call.now);
    Ok(())
}
