//! A policy that lets AWS's services write to log groups: kept and answered, not enforced.

use serde::{Deserialize, Serialize};

use crate::kernel::Timestamp;

/// "An account can have a maximum of 10 policies without resourceARN".
pub const POLICIES_MAX: usize = 10;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResourcePolicy {
    pub document: String,
    pub updated: Timestamp,
}

/// A policy as answers carry it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    policy_name: String,
    policy_document: String,
    last_updated_time: i64,
    policy_scope: &'static str,
}

impl Entry {
    pub fn of(name: &str, policy: &ResourcePolicy) -> Self {
        Self {
            policy_name: name.to_owned(),
            policy_document: policy.document.clone(),
            last_updated_time: policy.updated.as_millis(),
            policy_scope: "ACCOUNT",
        }
    }
}
