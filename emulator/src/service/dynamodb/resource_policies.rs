//! The policies of a table and of its streams: kept, answered, and not enforced.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::members::invalid;
use super::policy_document::{Complaint, DOCUMENT_BYTES_MAX, canonical};
use super::resource_arn::{Elsewhere, Resource};
use super::table::Table;
use crate::kernel::{ApiError, Timestamp, Violations};

/// What a caller gives as `ExpectedRevisionId` where there must be no policy yet.
const NO_POLICY: &str = "NO_POLICY";

/// Those of one table, by the label of the stream; the table's own has none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<(Option<String>, Slot)>", into = "Vec<(Option<String>, Slot)>")]
pub struct Policies(BTreeMap<Option<String>, Slot>);

/// What stands where a policy stood is its revision, which is the moment of the change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Slot {
    document: Option<String>,
    revision: i64,
}

/// As a list: the table's own has no label that a member of JSON could be called by.
impl From<Policies> for Vec<(Option<String>, Slot)> {
    fn from(Policies(slots): Policies) -> Self {
        slots.into_iter().collect()
    }
}

impl From<Vec<(Option<String>, Slot)>> for Policies {
    fn from(slots: Vec<(Option<String>, Slot)>) -> Self {
        Self(slots.into_iter().collect())
    }
}

/// A document in AWS's form, or its refusal.
pub fn checked(text: &str) -> Result<String, ApiError> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(invalid(format_args!("Maximum policy size of {DOCUMENT_BYTES_MAX} bytes exceeded")));
    }
    canonical(text).map_err(|complaint| match complaint {
        Complaint::Document(text) => invalid(format_args!("Invalid policy document: {text}")),
        Complaint::Principal => invalid("Invalid principal in policy document."),
        Complaint::Unbounded => ApiError::validation(
            "Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure \
             least-privilege form of access",
        ),
    })
}

/// Checks the member `ExpectedRevisionId` as AWS's model does.
pub fn check_revision_id(violations: &mut Violations, given: &Option<String>) {
    if let Some(given) = given {
        violations.length("expectedRevisionId", given, 1, 255);
    }
}

/// Refuses a stream that the table has not, or that has been disabled for a day.
pub fn check_stream(table: &Table, resource: &Resource, now: Timestamp) -> Result<(), ApiError> {
    match &resource.stream {
        Some(label) if !table.streams.readable(now).any(|stream| stream.label == *label) => Err(ApiError::new(
            "ResourceNotFoundException",
            format!("Requested resource not found: Stream: {label} not found for Table: {}", table.name),
        )),
        Some(_) | None => Ok(()),
    }
}

/// A resource of another account or region, as the operations on policies refuse it.
pub fn elsewhere(given: &str) -> impl Fn(Elsewhere) -> ApiError {
    move |elsewhere| match elsewhere {
        Elsewhere::Account => {
            ApiError::validation("This action is only supported by accounts that match the resource owner’s account.")
        }
        Elsewhere::Region => invalid(format_args!("Invalid resource Arn: {given}")),
    }
}

impl Policies {
    pub fn get(&self, resource: &Resource, arn: &str) -> Result<(String, String), ApiError> {
        let slot = self.0.get(&resource.stream);
        let found = slot.and_then(|slot| Some((slot.document.clone()?, slot.revision.to_string())));
        found.ok_or_else(|| not_found(arn))
    }

    /// Puts a document in AWS's form; answers its revision. The policy that is there already stays.
    pub fn put(
        &mut self,
        resource: &Resource,
        document: String,
        expected: Option<&str>,
        now: Timestamp,
    ) -> Result<String, ApiError> {
        self.check_revision(resource, expected)?;
        let slot = self.0.get(&resource.stream);
        let revision = match slot {
            Some(slot) if slot.document.as_ref() == Some(&document) => slot.revision,
            slot => next_revision(slot, now),
        };
        self.0.insert(resource.stream.clone(), Slot { document: Some(document), revision });
        Ok(revision.to_string())
    }

    /// Answers the revision that went. Where no policy is but was, that is the revision of its deletion.
    pub fn delete(
        &mut self,
        resource: &Resource,
        expected: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<String>, ApiError> {
        self.check_revision(resource, expected)?;
        let Some(slot) = self.0.get_mut(&resource.stream) else { return Ok(None) };
        let revision = slot.revision;
        if slot.document.is_some() {
            let after = next_revision(Some(slot), now);
            *slot = Slot { document: None, revision: after };
        }
        Ok(Some(revision.to_string()))
    }

    fn check_revision(&self, resource: &Resource, expected: Option<&str>) -> Result<(), ApiError> {
        let Some(expected) = expected else { return Ok(()) };
        let current = self.0.get(&resource.stream).filter(|slot| slot.document.is_some()).map(|slot| slot.revision);
        let table = &resource.table;
        match current {
            None if expected == NO_POLICY => Ok(()),
            None => Err(not_found(format_args!(
                "Requested update for policy with revision id {expected}, but table {table} has no associated policy."
            ))),
            Some(current) if expected == NO_POLICY => Err(not_found(format_args!(
                "Requested policy update expecting none to be present for table {table}, but a policy exists with \
                 revision id {current}."
            ))),
            Some(current) if expected == current.to_string() => Ok(()),
            Some(current) => Err(not_found(format_args!(
                "Requested update for policy with revision id {expected}, but the policy associated to target table \
                 {table} has revision id {current}."
            ))),
        }
    }
}

/// Milliseconds since 1970 of the change, as on AWS, and later than the revision before.
fn next_revision(before: Option<&Slot>, now: Timestamp) -> i64 {
    before.map_or(now.as_millis(), |slot| now.as_millis().max(slot.revision + 1))
}

fn not_found(detail: impl std::fmt::Display) -> ApiError {
    let message = format!("Resource-based policy not found for the provided ResourceArn: {detail}");
    ApiError::new("PolicyNotFoundException", message)
}
