//! Changes an archive. What the request leaves out stays as it is (assumed).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateArchive.html>

use serde::Deserialize;

use super::super::{Events, constraint, put_rule};
use super::{Written, does_not_exist};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct UpdateArchive;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    archive_name: Option<String>,
    description: Option<String>,
    event_pattern: Option<String>,
    retention_days: Option<i32>,
    kms_key_identifier: Option<String>,
}

impl Operation for UpdateArchive {
    type Service = Events;
    type Input = Input;
    type Output = Written;
    const NAME: &'static str = "UpdateArchive";

    fn resource(input: &Input) -> String {
        input.archive_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Written, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "archiveName", input.archive_name.as_deref(), 48);
        constraint::description(&mut violations, input.description.as_deref());
        constraint::length(&mut violations, "eventPattern", input.event_pattern.as_deref(), 0, 4096);
        constraint::at_least(&mut violations, "retentionDays", input.retention_days.map(i64::from), 0);
        constraint::kms_key(&mut violations, input.kms_key_identifier.as_deref());
        violations.finish()?;
        let name = input.archive_name.unwrap_or_default();
        let Events { archives, buses, .. } = state;
        let archive = archives.get_mut(&name).ok_or_else(|| does_not_exist(&name))?;
        if let Some(pattern) = input.event_pattern {
            put_rule::compile(&pattern)?;
            archive.event_pattern = Some(pattern);
            if let Some(bus) = buses.get_mut(&archive.bus_name) {
                archive.put_rule(bus, call)?;
            }
        }
        if let Some(days) = input.retention_days {
            archive.retention_days = days.unsigned_abs();
        }
        archive.description = input.description.or(archive.description.take());
        archive.kms_key_identifier = input.kms_key_identifier.or(archive.kms_key_identifier.take());
        archive.written_by = call.event;
        Ok(Written::of(archive, call))
    }
}
