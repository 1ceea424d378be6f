//! Describes an archive.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeArchive.html>

use serde::{Deserialize, Serialize};

use super::super::{Events, constraint};
use super::ArchiveEntry;
use crate::kernel::{ApiError, Arn, Call, Operation, Violations};

pub struct DescribeArchive;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    archive_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    archive_arn: Arn,
    #[serde(flatten)]
    entry: ArchiveEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_identifier: Option<String>,
}

impl Operation for DescribeArchive {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeArchive";

    fn resource(input: &Input) -> String {
        input.archive_name.clone().unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        constraint::required_name(&mut violations, "archiveName", input.archive_name.as_deref(), 48);
        violations.finish()?;
        let archive = state.archive(&input.archive_name.unwrap_or_default(), call.now)?;
        call.read_from(archive.written_by);
        Ok(Output {
            archive_arn: archive.arn(call),
            entry: ArchiveEntry::of(archive),
            description: archive.description.clone(),
            event_pattern: archive.event_pattern.clone(),
            kms_key_identifier: archive.kms_key_identifier.clone(),
        })
    }
}
