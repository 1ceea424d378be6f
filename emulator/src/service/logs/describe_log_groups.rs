//! Lists log groups by name, in pages.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html>
//!
//! # Differences
//!
//! - Linked accounts are refused.
//! - `storedBytes` counts at once; AWS takes hours.

use std::ops::Bound;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::invalid::{finish, invalid_parameter, invalid_token, refuse};
use super::log_group::{self, CLASSES, Class, LogGroup};
use super::{Logs, PAGE_MAX, group_reference, names};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeLogGroups;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    account_identifiers: Option<Value>,
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
    include_linked_accounts: Option<bool>,
    log_group_class: Option<String>,
    log_group_identifiers: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    log_groups: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    log_group_name: String,
    creation_time: i64,
    arn: String,
    #[serde(flatten)]
    more: Option<More>,
}

/// "If you specify logGroupNamePattern in your request, then only arn, creationTime, and logGroupName are included in
/// the response."
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct More {
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_in_days: Option<u32>,
    metric_filter_count: u32,
    stored_bytes: u64,
    log_group_class: Class,
    log_group_arn: String,
}

impl Operation for DescribeLogGroups {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeLogGroups";

    fn resource(input: &Input) -> String {
        let part = input.log_group_name_prefix.as_ref().or(input.log_group_name_pattern.as_ref());
        part.cloned().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let linked = input.include_linked_accounts == Some(true);
        refuse(
            Self::NAME,
            &[("includeLinkedAccounts", linked), ("accountIdentifiers", input.account_identifiers.is_some())],
        )?;
        if input.log_group_name_prefix.is_some() && input.log_group_name_pattern.is_some() {
            let message = "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.";
            return Err(invalid_parameter(message));
        }
        // AWS's token is the name of the last group of the page.
        let after = input.next_token.clone();
        let mut named = Violations::new();
        names::check_group(&mut named, "nextToken", after.as_deref().unwrap_or("none"));
        named.finish().map_err(|_| invalid_token())?;
        let identified = identified(&input, call)?;
        let class = input.log_group_class.as_deref().and_then(Class::parse);
        let prefix = input.log_group_name_prefix.as_deref().unwrap_or_default();
        let part = input.log_group_name_pattern.as_deref().unwrap_or_default();
        let wanted = |(name, group): &(&String, &LogGroup)| {
            name.starts_with(prefix)
                && name.contains(part)
                && class.is_none_or(|class| group.class == class)
                && identified.as_ref().is_none_or(|names| names.contains(name))
        };
        let start = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut following = state.groups.range::<str, _>((start, Bound::Unbounded)).filter(wanted).peekable();
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE_MAX);
        let whole = input.log_group_name_pattern.is_none();
        let entry = |(name, group): (&String, &LogGroup)| Entry::of(name, group, whole, call);
        let log_groups: Vec<_> = following.by_ref().take(limit).map(entry).collect();
        let more = following.peek().is_some();
        let next_token = log_groups.last().filter(|_| more).map(|last| last.log_group_name.clone());
        Ok(Output { log_groups, next_token })
    }
}

impl Entry {
    fn of(name: &str, group: &LogGroup, whole: bool, call: &Call<'_>) -> Self {
        let log_group_arn = log_group::arn(name, call);
        let arn = format!("{log_group_arn}:*");
        let more = whole.then_some(More {
            retention_in_days: group.retention_days,
            metric_filter_count: 0,
            stored_bytes: group.stored_bytes,
            log_group_class: group.class,
            log_group_arn,
        });
        Self { log_group_name: name.to_owned(), creation_time: group.created.as_millis(), arn, more }
    }
}

/// "If you specify this parameter, the only other filter that you can choose to specify is includeLinkedAccounts."
/// assumed: the wording.
fn identified(input: &Input, call: &Call<'_>) -> Result<Option<Vec<String>>, ApiError> {
    let Some(identifiers) = &input.log_group_identifiers else { return Ok(None) };
    let others = [&input.log_group_name_prefix, &input.log_group_name_pattern, &input.log_group_class];
    if others.iter().any(|other| other.is_some()) {
        let message = "LogGroup identifiers and other LogGroup filters are mutually exclusive parameters.";
        return Err(invalid_parameter(message));
    }
    identifiers
        .iter()
        .map(|identifier| group_reference::named(identifier, call.scope))
        .collect::<Result<_, _>>()
        .map(Some)
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    if let Some(prefix) = &input.log_group_name_prefix {
        names::check_group(&mut violations, "logGroupNamePrefix", prefix);
    }
    if let Some(part) = &input.log_group_name_pattern {
        names::check_group_pattern(&mut violations, "logGroupNamePattern", part);
    }
    names::check_token(&mut violations, input.next_token.as_deref());
    names::check_limit(&mut violations, input.limit, PAGE_MAX as i64);
    if let Some(class) = &input.log_group_class {
        violations.one_of("logGroupClass", class, &CLASSES);
    }
    if let Some(identifiers) = &input.log_group_identifiers {
        if identifiers.is_empty() {
            violations.add("[]", "logGroupIdentifiers", "have length greater than or equal to 1");
        }
        if identifiers.len() > 50 {
            let shown = format!("[{}]", identifiers.join(", "));
            violations.add(shown, "logGroupIdentifiers", "have length less than or equal to 50");
        }
        for (index, identifier) in identifiers.iter().enumerate() {
            names::check_identifier(&mut violations, &format!("logGroupIdentifiers.{}.member", index + 1), identifier);
        }
    }
    finish(violations)
}
