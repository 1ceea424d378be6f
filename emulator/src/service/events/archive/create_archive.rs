//! Creates an archive of the events of a bus.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html>

use serde::Deserialize;

use super::super::bus::{self, BusName};
use super::super::constraint;
use super::super::{Events, put_rule};
use super::{Archive, Stored, Written};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct CreateArchive;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    archive_name: Option<String>,
    event_source_arn: Option<String>,
    description: Option<String>,
    event_pattern: Option<String>,
    retention_days: Option<i32>,
    kms_key_identifier: Option<String>,
}

impl Operation for CreateArchive {
    type Service = Events;
    type Input = Input;
    type Output = Written;
    const NAME: &'static str = "CreateArchive";

    fn resource(input: &Input) -> String {
        input.archive_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Written, ApiError> {
        check(&input)?;
        let name = input.archive_name.unwrap_or_default();
        let source_arn = input.event_source_arn.unwrap_or_default();
        if state.archives.contains_key(&name) {
            let message = format!("Archive {name} already exists.");
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        let bus_name = BusName::parse(Some(&source_arn));
        if bus_name.scope.is_none() {
            // assumed: the wording for an ARN of something else.
            let message = "Parameter EventSourceArn is not valid. Reason: Must contain an event bus ARN.";
            return Err(ApiError::validation(message));
        }
        if let Some(pattern) = &input.event_pattern {
            put_rule::compile(pattern)?;
        }
        let bus = state.bus_mut(&bus_name, call.scope).map_err(|_| bus::does_not_exist(&bus_name.name))?;
        let archive = Archive {
            name: name.clone(),
            source_arn,
            bus_name: bus.name.clone(),
            description: input.description,
            event_pattern: input.event_pattern,
            retention_days: input.retention_days.unwrap_or_default().unsigned_abs(),
            kms_key_identifier: input.kms_key_identifier,
            created: call.now,
            written_by: call.event,
            events: Stored::default(),
        };
        archive.put_rule(bus, call)?;
        let written = Written::of(&archive, call);
        state.archives.insert(name, archive);
        Ok(written)
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraint::required_name(&mut violations, "archiveName", input.archive_name.as_deref(), 48);
    violations.required("eventSourceArn", &input.event_source_arn);
    constraint::resource_arn(&mut violations, "eventSourceArn", input.event_source_arn.as_deref());
    constraint::description(&mut violations, input.description.as_deref());
    constraint::length(&mut violations, "eventPattern", input.event_pattern.as_deref(), 0, 4096);
    constraint::at_least(&mut violations, "retentionDays", input.retention_days.map(i64::from), 0);
    constraint::kms_key(&mut violations, input.kms_key_identifier.as_deref());
    violations.finish()
}
