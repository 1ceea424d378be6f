//! Guardrails: what they are made of, and what they do to a text.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails.html>
//!
//! Words, profanity, regular expressions and the personal data that a pattern
//! decides safely really act ([`matching`]). What takes a model to find (topics,
//! harmful content, grounding, a name) is found by a rule of the script for
//! `ApplyGuardrail`, which says so in the shape of AWS's assessments.

pub mod apply_guardrail;
pub mod assessment;
pub mod create_guardrail;
pub mod create_guardrail_version;
mod definition;
pub mod delete_guardrail;
mod findings;
pub mod get_guardrail;
pub mod hearing;
pub mod judge;
pub mod list_guardrails;
mod matching;
pub mod policy;
pub mod refusal;
mod screen;
mod trace;
pub mod update_guardrail;
mod version;
pub mod watch;

use std::collections::BTreeSet;

use self::version::{CHANGE_TAKES, Change, ChangeKind, Guardrail, Version};
use super::control::request_tokens::RequestTokens;
use super::control::tags::Tags;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Arn, Call, Scope, Timestamp};

/// AWS's default quotas.
/// <https://docs.aws.amazon.com/general/latest/gr/bedrock.html>
const GUARDRAILS_MAX: usize = 100;
const VERSIONS_MAX: usize = 20;

/// The guardrails of one account and region.
#[derive(Debug, Default)]
pub struct Guardrails {
    by_id: Kept<String, Guardrail>,
    /// When which version of which guardrail is done with what is done to it. The draft's number is 0.
    agenda: BTreeSet<(Timestamp, String, u32)>,
    /// The ids that were answered. Not kept.
    created: RequestTokens<(String, Timestamp)>,
    /// The numbers that were answered. Not kept.
    versioned: RequestTokens<(String, u32)>,
}

impl Guardrails {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("guardrail", &mut self.by_id);
        if book.reads() {
            let all = self.by_id.iter().flat_map(|(id, guardrail)| guardrail.all().map(move |version| (id, version)));
            let due = all.filter_map(|(id, (number, version))| Some((version.change?.until, id.clone(), number)));
            self.agenda = due.collect();
        }
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.agenda.first().map(|(due, ..)| *due)
    }

    pub fn run_due(&mut self, call: &mut Call<'_>) {
        while let Some((due, id, number)) = self.agenda.first().cloned().filter(|(due, ..)| *due <= call.now) {
            self.agenda.pop_first();
            self.end_change(due, &id, number, call);
        }
    }

    /// Ends what is done to a version, unless something else is done to it by now.
    fn end_change(&mut self, due: Timestamp, id: &str, number: u32, call: &mut Call<'_>) {
        let Some(guardrail) = self.by_id.get_mut(id) else { return };
        let name = guardrail.name().to_owned();
        let Some(version) = guardrail.version_mut(number) else { return };
        let Some(Change { kind, until, cause }) = version.change.filter(|change| change.until == due) else { return };
        debug_assert!(until <= call.now, "the agenda knows when");
        let what = if kind == ChangeKind::Deleting { "guardrail deleted" } else { "guardrail ready" };
        call.timer("bedrock", what, format!("{name} {}", version::written(number)), Some(cause));
        version.change = None;
        match (kind, number) {
            (ChangeKind::Deleting, 0) => drop(self.by_id.remove(id)),
            (ChangeKind::Deleting, number) => drop(guardrail.versions.remove(&number)),
            _ => {}
        }
    }

    /// Something is done to a version from now on.
    fn begin_change(&mut self, id: &str, number: u32, kind: ChangeKind, call: &Call<'_>) {
        let until = call.now + CHANGE_TAKES;
        let Some(version) = self.by_id.get_mut(id).and_then(|guardrail| guardrail.version_mut(number)) else { return };
        version.change = Some(Change { kind, until, cause: call.event });
        self.agenda.insert((until, id.to_owned(), number));
    }

    pub fn tags_of(&self, id: &str) -> Option<&Tags> {
        self.by_id.get(id).map(|guardrail| &guardrail.tags)
    }

    pub fn tags_of_mut(&mut self, id: &str) -> Option<&mut Tags> {
        self.by_id.get_mut(id).map(|guardrail| &mut guardrail.tags)
    }

    /// The id and the guardrail that an identifier means.
    fn find(&self, identifier: &str, scope: &Scope) -> Result<(&str, &Guardrail), ApiError> {
        let id = id_of(identifier, scope).and_then(|id| self.by_id.get_key_value(id));
        id.map(|(id, guardrail)| (id.as_str(), guardrail)).ok_or_else(|| refusal::no_guardrail(identifier))
    }

    /// The same with one of its versions.
    fn find_version(&self, identifier: &str, version: &str, scope: &Scope) -> Result<(&str, u32, &Version), ApiError> {
        let (id, guardrail) = self.find(identifier, scope)?;
        let number = version::number(version);
        let found = guardrail.version(number).ok_or_else(|| refusal::no_version(identifier, version))?;
        Ok((id, number, found))
    }
}

/// The id of an identifier: itself, or what an ARN of this account and region names.
fn id_of<'a>(identifier: &'a str, scope: &Scope) -> Option<&'a str> {
    match Arn::parse(identifier) {
        None => Some(identifier),
        Some(arn) if arn.scope == *scope => identifier.rsplit('/').next(),
        Some(_) => None,
    }
}
