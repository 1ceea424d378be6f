//! What AWS lets an account provision in a region, unless asked for more.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>

use super::throughput::Units;
use crate::kernel::{ApiError, Scope};

/// Of all tables of a region together.
pub const ACCOUNT_UNITS_MAX: i64 = 80_000;
/// Of one table with its indexes.
pub const TABLE_UNITS_MAX: i64 = 40_000;

const WHERE_TO_ASK: &str =
    "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.";

/// Refuses units beyond what a table may have, or the account beside its other tables.
pub fn check(asked: Units, others: Units, scope: &Scope) -> Result<(), ApiError> {
    let region = &scope.region;
    for (name, asked, others) in
        [("ReadCapacityUnits", asked.read, others.read), ("WriteCapacityUnits", asked.write, others.write)]
    {
        if asked > TABLE_UNITS_MAX {
            return Err(ApiError::new(
                "LimitExceededException",
                format!(
                    "The requested {name}, {asked}, is above the per table maximum for the account in {region}. Per \
                     table maximum: {TABLE_UNITS_MAX}. {WHERE_TO_ASK}"
                ),
            ));
        }
        if others.saturating_add(asked) > ACCOUNT_UNITS_MAX {
            return Err(ApiError::new(
                "LimitExceededException",
                format!(
                    "This request would have caused the {name} limit to be exceeded for the account in {region}. \
                     Current {name} reserved by the account: {others}. Limit: {ACCOUNT_UNITS_MAX}. Requested: {asked}. \
                     {WHERE_TO_ASK}"
                ),
            ));
        }
    }
    Ok(())
}

/// The same for the maximum of on-demand or warm throughput.
pub fn check_member(member: &str, structure: &str, asked: Option<i64>, scope: &Scope) -> Result<(), ApiError> {
    if asked.is_none_or(|asked| asked <= TABLE_UNITS_MAX) {
        return Ok(());
    }
    let limit = if member.contains("Read") { "TableMaxReadCapacityUnits" } else { "TableMaxWriteCapacityUnits" };
    Err(limit_exceeded(format!(
        "Requested {member} for {structure} for table exceeds {limit} of the account in region {}",
        scope.region
    )))
}

pub fn limit_exceeded(detail: impl std::fmt::Display) -> ApiError {
    ApiError::new("LimitExceededException", format!("Subscriber limit exceeded: {detail}"))
}
