//! Permissions: statements of a queue's policy, each with a label.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html>

use serde_json::{Value, json};

use super::refusal::{invalid_value, over_limit};
use crate::kernel::{ApiError, Arn};

/// "An Amazon SQS policy can have a maximum of seven actions per statement."
const ACTIONS_MAX: usize = 7;
const LABEL_CHARACTERS_MAX: usize = 80;
const ACTIONS: [&str; 10] = [
    "*",
    "SendMessage",
    "ReceiveMessage",
    "DeleteMessage",
    "ChangeMessageVisibility",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ListQueueTags",
];

pub struct Permission<'a> {
    pub label: &'a str,
    pub accounts: &'a [String],
    pub actions: &'a [String],
}

impl Permission<'_> {
    fn check(&self) -> Result<(), ApiError> {
        check_label(self.label)?;
        for account in self.accounts {
            if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(invalid_value(format_args!("[{account}]"), "PrincipalId", "Unable to verify."));
            }
        }
        for action in self.actions {
            if !ACTIONS.contains(&action.as_str()) {
                let reason = "Please refer to the appropriate WSDL for a list of valid actions.";
                return Err(invalid_value(format_args!("SQS:{action}"), "ActionName", reason));
            }
        }
        if self.actions.len() > ACTIONS_MAX {
            let count = self.actions.len();
            return Err(over_limit(format!("{count} Actions were found, maximum allowed is {ACTIONS_MAX}.")));
        }
        Ok(())
    }

    fn statement(&self, queue: &Arn) -> Value {
        let accounts = self.accounts.iter().map(|account| format!("arn:aws:iam::{account}:root"));
        let actions = self.actions.iter().map(|action| format!("SQS:{action}"));
        json!({
            "Sid": self.label,
            "Effect": "Allow",
            "Principal": { "AWS": one_or_many(accounts.collect()) },
            "Action": one_or_many(actions.collect()),
            "Resource": queue,
        })
    }
}

/// A policy with one more permission.
pub fn add(policy: Option<&str>, permission: &Permission<'_>, queue: &Arn) -> Result<String, ApiError> {
    permission.check()?;
    let empty = || json!({ "Version": "2012-10-17", "Id": format!("{queue}/SQSDefaultPolicy"), "Statement": [] });
    let mut policy = read(policy).unwrap_or_else(empty);
    let statements = statements(&mut policy);
    if statements.iter().any(|statement| statement["Sid"] == permission.label) {
        return Err(invalid_value(permission.label, "Label", "Already exists."));
    }
    statements.push(permission.statement(queue));
    Ok(policy.to_string())
}

/// A policy without the permission of that label; none, if it was the last.
pub fn remove(policy: Option<&str>, label: &str) -> Result<Option<String>, ApiError> {
    check_label(label)?;
    let absent = || invalid_value(label, "Label", "can't find label on existing policy.");
    let mut policy = read(policy).ok_or_else(absent)?;
    let statements = statements(&mut policy);
    let at = statements.iter().position(|statement| statement["Sid"] == label).ok_or_else(absent)?;
    statements.remove(at);
    let is_empty = statements.is_empty();
    Ok((!is_empty).then(|| policy.to_string()))
}

/// "Maximum 80 characters. Allowed characters include alphanumeric characters, hyphens, and underscores." assumed:
/// the wording.
fn check_label(label: &str) -> Result<(), ApiError> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if (1..=LABEL_CHARACTERS_MAX).contains(&label.len()) && label.chars().all(allowed) {
        return Ok(());
    }
    let reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
    Err(invalid_value(label, "Label", reason))
}

fn read(policy: Option<&str>) -> Option<Value> {
    serde_json::from_str(policy?).ok().filter(Value::is_object)
}

/// The statements of a policy, as a list.
fn statements(policy: &mut Value) -> &mut Vec<Value> {
    let statements = &mut policy["Statement"];
    if !statements.is_array() {
        let one = statements.take();
        *statements = Value::Array(if one.is_null() { Vec::new() } else { vec![one] });
    }
    statements.as_array_mut().expect("it was just made a list")
}

fn one_or_many(mut texts: Vec<String>) -> Value {
    if texts.len() == 1 { Value::String(texts.remove(0)) } else { json!(texts) }
}
