//! The resource policy of an event bus: which other accounts may put events on it.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html>
//!
//! # Differences
//!
//! - Of conditions, those on `aws:PrincipalAccount`, `aws:SourceAccount`, `aws:SourceArn`, `aws:PrincipalArn`,
//!   `events:source` and `events:detail-type` are looked at. Every account belongs to whatever organization a
//!   condition on `aws:PrincipalOrgID` names, and every other condition is not met (assumed).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::kernel::{ApiError, Arn, glob};

/// AWS: "Maximum policy size, in characters."
const CHARACTERS_MAX: usize = 10_240;
const PUT_EVENTS: &str = "events:PutEvents";

/// A policy document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Policy {
    document: Map<String, Value>,
}

/// Who wants to put what on a bus.
pub struct Request<'a> {
    /// The rule or principal that sends.
    pub from: &'a Arn,
    pub bus: &'a Arn,
    pub source: &'a str,
    pub detail_type: &'a str,
}

impl Policy {
    /// Reads a whole policy. assumed: the wording.
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        let invalid = |reason: &str| ApiError::validation(format!("Parameter Policy is not valid. Reason: {reason}"));
        let Ok(Value::Object(document)) = serde_json::from_str::<Value>(text) else {
            return Err(invalid("Policy is not a valid JSON object."));
        };
        let is_statement = |value: &Value| {
            let has = |name: &str| value.get(name).is_some();
            let effect = value.get("Effect").and_then(Value::as_str);
            matches!(effect, Some("Allow" | "Deny")) && has("Principal") && has("Action") && has("Resource")
        };
        let statements = statements(&document);
        if statements.is_empty() || !statements.iter().all(|statement| is_statement(statement)) {
            return Err(invalid("Each statement must have an Effect, a Principal, an Action and a Resource."));
        }
        Ok(Self { document })
    }

    /// A policy of one statement.
    pub fn of(statement: Value) -> Self {
        let document = json!({"Version": "2012-10-17", "Statement": [statement]});
        let Value::Object(document) = document else { unreachable!("it was written as an object") };
        Self { document }
    }

    /// Adds a statement, in place of the one with its id.
    pub fn put(&mut self, statement: Value) {
        let id = statement.get("Sid").cloned();
        let mut all: Vec<Value> = statements(&self.document).into_iter().cloned().collect();
        match all.iter_mut().find(|known| known.get("Sid") == id.as_ref()) {
            Some(known) => *known = statement,
            None => all.push(statement),
        }
        self.document.insert("Statement".to_owned(), Value::Array(all));
    }

    /// Removes the statement with that id; says whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        let all = statements(&self.document);
        let rest: Vec<Value> =
            all.iter().filter(|known| sid(known) != Some(id)).map(|known| (*known).clone()).collect();
        let found = rest.len() < all.len();
        self.document.insert("Statement".to_owned(), Value::Array(rest));
        found
    }

    pub fn is_empty(&self) -> bool {
        statements(&self.document).is_empty()
    }

    /// Refuses what is too large to be kept.
    pub fn checked(self) -> Result<Self, ApiError> {
        if self.text().chars().count() > CHARACTERS_MAX {
            let message = "Policy size would be larger than the maximum allowed.";
            return Err(ApiError::new("PolicyLengthExceededException", message));
        }
        Ok(self)
    }

    pub fn text(&self) -> String {
        Value::Object(self.document.clone()).to_string()
    }

    /// Whether another account may put an event on the bus: a statement allows it, and none denies it.
    pub fn allows(&self, request: &Request<'_>) -> bool {
        let fits = |effect: &str| {
            let all = statements(&self.document);
            all.into_iter()
                .any(|one| one.get("Effect").and_then(Value::as_str) == Some(effect) && applies(one, request))
        };
        fits("Allow") && !fits("Deny")
    }
}

/// A statement as PutPermission's members describe it.
pub fn statement(id: &str, action: &str, principal: &str, condition: Option<(&str, &str, &str)>, bus: &Arn) -> Value {
    let principal = match principal {
        "*" => json!("*"),
        account => json!({"AWS": format!("arn:aws:iam::{account}:root")}),
    };
    let mut statement = json!({
        "Sid": id, "Effect": "Allow", "Principal": principal, "Action": action, "Resource": bus.to_string(),
    });
    if let Some((kind, key, value)) = condition {
        statement["Condition"] = json!({kind: {key: value}});
    }
    statement
}

fn statements(document: &Map<String, Value>) -> Vec<&Value> {
    match document.get("Statement") {
        Some(Value::Array(all)) => all.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

fn sid(statement: &Value) -> Option<&str> {
    statement.get("Sid").and_then(Value::as_str)
}

fn applies(statement: &Value, request: &Request<'_>) -> bool {
    let bus = request.bus.to_string();
    let principal = match statement.get("Principal") {
        Some(Value::Object(kinds)) => kinds.get("AWS"),
        other => other,
    };
    texts(principal).iter().any(|principal| is_principal(principal, &request.from.scope.account))
        && texts(statement.get("Action")).iter().any(|action| glob::matches(action, PUT_EVENTS))
        && texts(statement.get("Resource")).iter().any(|resource| glob::matches(resource, &bus))
        && conditions_hold(statement.get("Condition"), request)
}

/// A policy names an account by its number, or by the ARN of its root or of something in it.
fn is_principal(principal: &str, account: &str) -> bool {
    principal == "*" || principal == account || principal.split(':').nth(4) == Some(account)
}

/// One text, or a list of them.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn conditions_hold(conditions: Option<&Value>, request: &Request<'_>) -> bool {
    let Some(conditions) = conditions else { return true };
    let Some(operators) = conditions.as_object() else { return false };
    operators.iter().all(|(operator, keys)| {
        let Some(keys) = keys.as_object() else { return false };
        keys.iter().all(|(key, wanted)| condition_holds(operator, key, &texts(Some(wanted)), request))
    })
}

fn condition_holds(operator: &str, key: &str, wanted: &[&str], request: &Request<'_>) -> bool {
    let from = request.from.to_string();
    let actual = match key {
        "aws:PrincipalAccount" | "aws:SourceAccount" => &*request.from.scope.account,
        "aws:SourceArn" | "aws:PrincipalArn" => from.as_str(),
        "events:source" => request.source,
        "events:detail-type" => request.detail_type,
        "aws:PrincipalOrgID" => return matches!(operator, "StringEquals" | "StringLike"),
        _ => return false,
    };
    // `ForAllValues:` and `ForAnyValue:` are the same for keys with one value.
    let (_, operator) = operator.split_once(':').unwrap_or(("", operator));
    match operator {
        "StringEquals" | "ArnEquals" => wanted.contains(&actual),
        "StringLike" | "ArnLike" => wanted.iter().any(|pattern| glob::matches(pattern, actual)),
        "StringNotEquals" | "ArnNotEquals" => !wanted.contains(&actual),
        "StringNotLike" | "ArnNotLike" => !wanted.iter().any(|pattern| glob::matches(pattern, actual)),
        "StringEqualsIgnoreCase" => wanted.iter().any(|one| one.eq_ignore_ascii_case(actual)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/orders";

    fn allows(statements: &Value) -> bool {
        let policy = Policy::parse(&json!({"Statement": statements}).to_string()).unwrap();
        policy.allows(&Request {
            from: &Arn::parse("arn:aws:events:us-east-1:111111111111:rule/all").unwrap(),
            bus: &Arn::parse(BUS).unwrap(),
            source: "shop",
            detail_type: "order",
        })
    }

    #[test]
    fn a_statement_lets_in_whom_it_names_for_what_it_names() {
        for (principal, action, resource, expected) in [
            (json!("*"), json!("events:PutEvents"), json!(BUS), true),
            (json!({"AWS": "111111111111"}), json!("events:PutEvents"), json!(BUS), true),
            (json!({"AWS": "arn:aws:iam::111111111111:root"}), json!(["events:PutEvents"]), json!("*"), true),
            (json!({"AWS": ["222222222222", "arn:aws:iam::111111111111:role/r"]}), json!("events:*"), json!(BUS), true),
            (json!({"AWS": "222222222222"}), json!("events:PutEvents"), json!(BUS), false),
            (json!({"Service": "s3.amazonaws.com"}), json!("events:PutEvents"), json!(BUS), false),
            (json!("*"), json!("events:PutRule"), json!(BUS), false),
            (json!("*"), json!("events:PutEvents"), json!("arn:aws:events:us-east-1:0:event-bus/others"), false),
        ] {
            let one = json!([{"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}]);
            assert_eq!(allows(&one), expected, "{one}");
        }
    }

    #[test]
    fn conditions_narrow_a_statement() {
        for (condition, expected) in [
            (json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), true),
            (json!({"StringEquals": {"events:source": ["shop", "zoo"]}}), true),
            (json!({"StringEquals": {"events:source": "zoo"}}), false),
            (json!({"StringNotEquals": {"events:source": "zoo"}}), true),
            (json!({"ForAnyValue:StringLike": {"events:detail-type": "ord*"}}), true),
            (json!({"ArnLike": {"aws:SourceArn": "arn:aws:events:*:111111111111:rule/*"}}), true),
            (json!({"StringEquals": {"aws:SourceAccount": "222222222222"}}), false),
            (json!({"StringEquals": {"events:source": "shop", "events:detail-type": "other"}}), false),
            (json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), false),
            (json!("?"), false),
        ] {
            let one = json!([{
                "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition,
            }]);
            assert_eq!(allows(&one), expected, "{condition}");
        }
    }

    #[test]
    fn a_denial_wins() {
        let all = |effect: &str| json!({"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*"});
        assert!(allows(&all("Allow")));
        assert!(!allows(&json!([all("Allow"), all("Deny")])));
    }

    #[test]
    fn other_texts_are_no_policies() {
        for text in ["", "[]", "{}", r#"{"Statement":[]}"#, r#"{"Statement":[{"Effect":"Allow"}]}"#] {
            assert_eq!(Policy::parse(text).unwrap_err().code, "ValidationException", "{text}");
        }
    }
}
