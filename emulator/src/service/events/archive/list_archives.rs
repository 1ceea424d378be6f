//! Lists archives by name, in pages: all of them, or those of a prefix, a source or a state.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListArchives.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::page::{self, Page};
use super::super::{Events, constraint};
use super::{Archive, ArchiveEntry, STATE, STATES};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct ListArchives;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name_prefix: Option<String>,
    event_source_arn: Option<String>,
    state: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    archives: Vec<ArchiveEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl Operation for ListArchives {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListArchives";

    fn resource(input: &Input) -> String {
        input.name_prefix.as_ref().map(|prefix| format!("{prefix}*")).unwrap_or_default()
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        let page = Page::new(input.limit, input.next_token.as_deref())?;
        let fits = |archive: &Archive| {
            input.event_source_arn.as_ref().is_none_or(|arn| *arn == archive.source_arn)
                && input.state.as_ref().is_none_or(|state| state == STATE)
        };
        let fitting = state.archives.iter().filter(|(_, archive)| fits(archive));
        let names: BTreeMap<String, String> = fitting.map(|(name, _)| (name.clone(), name.clone())).collect();
        let (names, next_token) = page.of(&names, input.name_prefix.as_deref().unwrap_or_default());
        let mut archives = Vec::new();
        for name in names {
            archives.push(ArchiveEntry::of(state.archive(name, call.now)?));
        }
        Ok(Output { archives, next_token })
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    constraint::name(&mut violations, "namePrefix", input.name_prefix.as_deref(), 48);
    constraint::resource_arn(&mut violations, "eventSourceArn", input.event_source_arn.as_deref());
    constraint::one_of(&mut violations, "state", input.state.as_deref(), &STATES);
    page::check(&mut violations, input.limit, input.next_token.as_deref());
    violations.finish()?;
    page::one_filter("ListArchives", [&input.state, &input.event_source_arn, &input.name_prefix].map(Option::is_some))
}
