//! What a `ResourceArn` names: a table or its stream.

use super::members::invalid;
use crate::kernel::{ApiError, Arn, Scope, Violations};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    pub table: String,
    /// The label of the stream, if it is one.
    pub stream: Option<String>,
}

/// What is wrong with the scope of an ARN: who looks decides how that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    Account,
    Region,
}

/// Checks the member as AWS's model does.
pub fn check(violations: &mut Violations, given: &Option<String>) {
    violations.required("resourceArn", given);
    if let Some(given) = given {
        violations.length("resourceArn", given, 1, 1283);
    }
}

/// The name that an ARN names, for the timeline, without any check.
pub fn shown(given: Option<&String>) -> String {
    let given = given.map(String::as_str).unwrap_or_default();
    given.rsplit_once(":table/").map_or(given, |(_, name)| name).to_owned()
}

/// A table or stream of this account and region.
pub fn resolve(given: &str, scope: &Scope, elsewhere: impl Fn(Elsewhere) -> ApiError) -> Result<Resource, ApiError> {
    if !given.starts_with("arn:") {
        return Err(invalid(format_args!("ARNs must start with 'arn:': {given}")));
    }
    let no_dynamodb_arn = || invalid(format_args!("Provided Arn is not a DynamoDB resource arn: {given}"));
    let arn = Arn::parse(given).filter(|arn| arn.service == "dynamodb").ok_or_else(no_dynamodb_arn)?;
    let resource = arn.resource_after("table").ok_or_else(no_dynamodb_arn)?;
    let parts: Vec<&str> = resource.split('/').collect();
    let resource = match parts.as_slice() {
        [table] => Resource { table: (*table).to_owned(), stream: None },
        [table, "stream", label] => Resource { table: (*table).to_owned(), stream: Some((*label).to_owned()) },
        [_, "index", _] => {
            return Err(invalid(format_args!(
                "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: {given}"
            )));
        }
        _ => return Err(no_dynamodb_arn()),
    };
    if arn.scope.account != scope.account {
        return Err(elsewhere(Elsewhere::Account));
    }
    if arn.scope.region != scope.region || !given.starts_with("arn:aws:") {
        return Err(elsewhere(Elsewhere::Region));
    }
    Ok(resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_names_a_table_a_stream_or_a_mistake() {
        let elsewhere = |elsewhere| ApiError::validation(format!("{elsewhere:?}"));
        let prefix = "One or more parameter values were invalid: ";
        let table = |table: &str, stream: Option<&str>| {
            Ok(Resource { table: table.to_owned(), stream: stream.map(str::to_owned) })
        };
        for (resource, expected) in [
            ("arn:aws:dynamodb:us-east-1:000000000000:table/t-1", table("t-1", None)),
            ("arn:aws:dynamodb:us-east-1:000000000000:table/t-1/stream/2026", table("t-1", Some("2026"))),
            ("arn:aws:dynamodb:us-east-1:111111111111:table/t-1", Err("Account".to_owned())),
            ("arn:aws:dynamodb:eu-west-1:000000000000:table/t-1", Err("Region".to_owned())),
            ("arn:aws-cn:dynamodb:us-east-1:000000000000:table/t-1", Err("Region".to_owned())),
            ("t-1", Err(format!("{prefix}ARNs must start with 'arn:': t-1"))),
            (
                "arn:aws:sqs:a:b:c",
                Err(format!("{prefix}Provided Arn is not a DynamoDB resource arn: arn:aws:sqs:a:b:c")),
            ),
            (
                "arn:aws:dynamodb:us-east-1:000000000000:table/t-1/backup/1",
                Err(format!(
                    "{prefix}Provided Arn is not a DynamoDB resource arn: \
                     arn:aws:dynamodb:us-east-1:000000000000:table/t-1/backup/1"
                )),
            ),
            (
                "arn:aws:dynamodb:us-east-1:000000000000:table/t-1/index/i-1",
                Err(format!(
                    "{prefix}Invalid resource arn provided, only table or stream is accepted. Provided resource arn: \
                     arn:aws:dynamodb:us-east-1:000000000000:table/t-1/index/i-1"
                )),
            ),
        ] {
            let found = resolve(resource, &Scope::default(), elsewhere).map_err(|error| error.message);
            assert_eq!(found, expected, "{resource}");
        }
    }
}
