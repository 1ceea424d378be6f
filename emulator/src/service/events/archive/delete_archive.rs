//! Deletes an archive with its events. Replays of it that are under way fail (assumed).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteArchive.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, constraint};
use super::does_not_exist;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DeleteArchive;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    archive_name: Option<String>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for DeleteArchive {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DeleteArchive";

    fn resource(input: &Input) -> String {
        input.archive_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, _call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "archiveName", input.archive_name.as_deref(), 48);
        violations.finish()?;
        let name = input.archive_name.unwrap_or_default();
        let archive = state.archives.remove(&name).ok_or_else(|| does_not_exist(&name))?;
        if let Some(bus) = state.buses.get_mut(&archive.bus_name) {
            bus.rules.remove(&archive.rule_name());
        }
        Ok(Output {})
    }
}
