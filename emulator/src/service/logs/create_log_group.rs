//! Creates a log group, whose events do not expire until a retention policy is put.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::invalid::{finish, invalid_parameter, refuse};
use super::log_group::{CLASSES, Class, LogGroup};
use super::{Logs, names, tags};
use crate::kernel::store::Kept;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct CreateLogGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    log_group_name: Option<String>,
    kms_key_id: Option<Value>,
    tags: Option<BTreeMap<String, String>>,
    log_group_class: Option<String>,
    deletion_protection_enabled: Option<bool>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for CreateLogGroup {
    type Service = Logs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateLogGroup";

    fn resource(input: &Input) -> String {
        input.log_group_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Logs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let protected = input.deletion_protection_enabled == Some(true);
        let unsupported = [("kmsKeyId", input.kms_key_id.is_some()), ("deletionProtectionEnabled", protected)];
        refuse(Self::NAME, &unsupported)?;
        let (name, tags) = (input.log_group_name.unwrap_or_default(), input.tags.unwrap_or_default());
        // "Log group names can't start with the string aws/", whatever the case (assumed).
        if name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws/")) {
            return Err(invalid_parameter("Log groups starting with AWS/ are reserved for AWS."));
        }
        tags::refuse_reserved(tags.keys())?;
        if state.groups.contains_key(&name) {
            let message = "The specified log group already exists";
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        let group = LogGroup {
            created: call.now,
            class: input.log_group_class.as_deref().and_then(Class::parse).unwrap_or(Class::Standard),
            retention_days: None,
            tags,
            streams: Kept::default(),
            stored_bytes: 0,
            sweep: None,
        };
        state.groups.insert(name, group);
        Ok(Output {})
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    names::check_required_group(&mut violations, input.log_group_name.as_deref());
    tags::check(&mut violations, input.tags.as_ref());
    if let Some(class) = &input.log_group_class {
        violations.one_of("logGroupClass", class, &CLASSES);
    }
    finish(violations)
}
