//! An event as rules and targets see it.

use serde::Serialize;
use serde_json::Value;

use crate::kernel::{Scope, Timestamp};

/// The envelope that EventBridge puts around what a caller sends, in AWS's order.
///
/// <https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Event {
    version: &'static str,
    pub id: String,
    detail_type: String,
    source: String,
    account: String,
    time: String,
    region: String,
    resources: Vec<String>,
    detail: Value,
}

/// What the caller says of an event.
pub struct Content {
    pub source: String,
    pub detail_type: String,
    pub detail: Value,
    pub resources: Vec<String>,
}

impl Event {
    pub fn new(id: String, time: Timestamp, scope: &Scope, content: Content) -> Self {
        Self {
            version: "0",
            id,
            detail_type: content.detail_type,
            source: content.source,
            account: scope.account.to_string(),
            // AWS keeps whole seconds.
            time: Timestamp::from_secs(time.as_secs()).to_rfc3339(),
            region: scope.region.to_string(),
            resources: content.resources,
            detail: content.detail,
        }
    }

    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("an event is plain data with text keys")
    }
}
