//! What the batches of SendMessage, DeleteMessage and ChangeMessageVisibility have in common.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html>

use std::collections::BTreeSet;

use serde::Serialize;

use super::query_protocol;
use super::refusal::missing;
use crate::kernel::ApiError;

const ENTRIES_MAX: usize = 10;
const ID_CHARACTERS_MAX: usize = 80;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output<T> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    successful: Vec<T>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failed: Vec<Failed>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Failed {
    id: String,
    sender_fault: bool,
    code: String,
    message: String,
}

/// An entry of which only the id counts.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Succeeded {
    pub id: String,
}

impl<T> Output<T> {
    /// Does each entry; what fails does not keep the others from being done.
    pub fn of<E>(
        entries: Vec<E>,
        id: impl Fn(&E) -> String,
        mut perform: impl FnMut(E, String) -> Result<T, ApiError>,
    ) -> Self {
        let mut output = Self { successful: Vec::new(), failed: Vec::new() };
        for entry in entries {
            let id = id(&entry);
            match perform(entry, id.clone()) {
                Ok(done) => output.successful.push(done),
                Err(ApiError { code, message, status, .. }) => {
                    let code = query_protocol::code(&code);
                    output.failed.push(Failed { id, sender_fault: status < 500, code, message });
                }
            }
        }
        output
    }

    /// For the timeline: `3 messages, 1 failed`.
    pub fn summary(&self) -> String {
        let done = super::messages_count(self.successful.len());
        if self.failed.is_empty() { done } else { format!("{done}, {} failed", self.failed.len()) }
    }
}

/// Checks a batch as a whole. `kind` is what AWS calls its entries: `SendMessageBatchRequestEntry`.
pub fn check<E>(kind: &str, entries: &[E], id: impl Fn(&E) -> Option<&str>) -> Result<(), ApiError> {
    if entries.is_empty() {
        let message = format!("There should be at least one {kind} in the request.");
        return Err(ApiError::new("EmptyBatchRequest", message));
    }
    if entries.len() > ENTRIES_MAX {
        let count = entries.len();
        let message = format!("Maximum number of entries per request are {ENTRIES_MAX}. You have sent {count}.");
        return Err(ApiError::new("TooManyEntriesInBatchRequest", message));
    }
    let mut seen = BTreeSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let id = id(entry).ok_or_else(|| missing(format_args!("{kind}.{}.Id", index + 1)))?;
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        if !(1..=ID_CHARACTERS_MAX).contains(&id.len()) || !id.chars().all(allowed) {
            return Err(ApiError::new(
                "InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most \
                 80 letters long.",
            ));
        }
        if !seen.insert(id) {
            return Err(ApiError::new("BatchEntryIdsNotDistinct", format!("Id {id} repeated.")));
        }
    }
    Ok(())
}
