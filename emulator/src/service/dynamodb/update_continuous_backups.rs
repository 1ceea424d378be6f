//! Keeps a table's points in time, or stops to.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html>

use serde::{Deserialize, Serialize};

use super::continuous_backups::{
    ContinuousBackupsDescription, PointInTimeRecovery, RECOVERY_DAYS_MAX, describe, not_found,
};
use super::table::Status;
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UpdateContinuousBackups;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    point_in_time_recovery_specification: Option<Specification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Specification {
    point_in_time_recovery_enabled: Option<bool>,
    recovery_period_in_days: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    continuous_backups_description: ContinuousBackupsDescription,
}

impl Operation for UpdateContinuousBackups {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateContinuousBackups";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let (given, specification) = check_model(input)?;
        let (enabled, days) = (specification.point_in_time_recovery_enabled, specification.recovery_period_in_days);
        let enabled = enabled.unwrap_or(false);
        if !enabled && days.is_some() {
            return Err(ApiError::validation(
                "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.",
            ));
        }
        let name = table_name::resolve(&given, call.scope)?;
        let mut table = state.table(&name, call).ok_or_else(|| not_found(&name))?;
        match *table.status {
            Status::Creating(..) => {
                let message = format!("Backups are being enabled for the table: {name}. Please retry later");
                return Err(ApiError::new("ContinuousBackupsUnavailableException", message));
            }
            // As on AWS a second after the deletion began.
            Status::Deleting(..) => return Err(not_found(&name)),
            Status::Active | Status::Updating(..) => {}
        }
        let since = table.control.point_in_time_recovery.map_or(call.now, |recovery| recovery.since);
        let recovery = PointInTimeRecovery { since, days: days.unwrap_or(RECOVERY_DAYS_MAX) };
        table.control.point_in_time_recovery = enabled.then_some(recovery);
        call.note(if enabled { "on" } else { "off" });
        Ok(Output { continuous_backups_description: describe(&table, call.now) })
    }
}

fn check_model(input: Input) -> Result<(String, Specification), ApiError> {
    let mut violations = Violations::new();
    let given = table_name::check_named(&mut violations, input.table_name)?;
    let specification = input.point_in_time_recovery_specification;
    let member = "pointInTimeRecoverySpecification";
    violations.required(member, &specification);
    if let Some(specification) = &specification {
        let enabled = &specification.point_in_time_recovery_enabled;
        violations.required(format!("{member}.pointInTimeRecoveryEnabled"), enabled);
        let days = specification.recovery_period_in_days.unwrap_or(1);
        violations.range(format!("{member}.recoveryPeriodInDays"), days, 1, RECOVERY_DAYS_MAX);
    }
    violations.finish()?;
    Ok((given, specification.expect("it was checked to be there")))
}
