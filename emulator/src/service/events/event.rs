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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_has_the_members_of_aws_in_their_order() {
        let content = Content {
            source: "shop".to_owned(),
            detail_type: "order".to_owned(),
            detail: serde_json::json!({"z": 1, "a": [2.5, null]}),
            resources: vec!["arn:aws:s3:::bucket".to_owned()],
        };
        let scope = Scope::new("123456789012", "eu-west-1");
        let event = Event::new("e-1".to_owned(), Timestamp::from_millis(1_767_225_600_999), &scope, content);
        let expected = concat!(
            r#"{"version":"0","id":"e-1","detail-type":"order","source":"shop","account":"123456789012","#,
            r#""time":"2026-01-01T00:00:00Z","region":"eu-west-1","resources":["arn:aws:s3:::bucket"],"#,
            r#""detail":{"z":1,"a":[2.5,null]}}"#
        );
        assert_eq!(event.to_value().to_string(), expected);
    }
}
