//! Lists the resource policies of the account, in pages.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeResourcePolicies.html>

use std::ops::Bound;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::invalid::{finish, invalid_token, refuse};
use super::resource_policy::Entry;
use super::{Logs, PAGE_MAX, names};
use crate::kernel::{ApiError, Call, Operation, Violations, opaque};

pub struct DescribeResourcePolicies;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    next_token: Option<String>,
    limit: Option<i64>,
    resource_arn: Option<Value>,
    policy_scope: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    resource_policies: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

const TOKEN: &str = "resource policies";

impl Operation for DescribeResourcePolicies {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeResourcePolicies";

    fn resource(_input: &Input) -> String {
        String::new()
    }

    fn run(input: Input, state: &mut Logs, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        names::check_token(&mut violations, input.next_token.as_deref());
        names::check_limit(&mut violations, input.limit, PAGE_MAX as i64);
        if let Some(scope) = &input.policy_scope {
            violations.one_of("policyScope", scope, &["ACCOUNT", "RESOURCE"]);
        }
        finish(violations)?;
        let of_resources = input.policy_scope.as_deref() == Some("RESOURCE");
        refuse(Self::NAME, &[("resourceArn", input.resource_arn.is_some()), ("policyScope RESOURCE", of_resources)])?;
        let after: Option<String> = match &input.next_token {
            Some(token) => Some(opaque::open(TOKEN, token).ok_or_else(invalid_token)?),
            None => None,
        };
        let start = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE_MAX);
        let mut following = state.policies.range::<str, _>((start, Bound::Unbounded)).peekable();
        let page: Vec<_> = following.by_ref().take(limit).collect();
        let more = following.peek().is_some();
        let next_token = page.last().filter(|_| more).map(|(name, _)| opaque::seal(TOKEN, name));
        let resource_policies = page.into_iter().map(|(name, policy)| Entry::of(name, policy)).collect();
        Ok(Output { resource_policies, next_token })
    }
}
