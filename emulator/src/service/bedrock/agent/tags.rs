//! The tags of everything of this service that can have some, by ARN.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Arn};

const TAGS_MAX: usize = 50;

/// What has tags, or may have some: what is made is added, and what is deleted forgotten.
#[derive(Debug, Default)]
pub struct Tags {
    by_arn: Kept<String, BTreeMap<String, String>>,
}

impl Tags {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("tags", &mut self.by_arn);
    }

    /// Something new, with the `tags` of the request that makes it. Refuses those that nothing may have.
    pub fn add(&mut self, arn: &Arn, tags: Option<&Value>) -> Result<(), ApiError> {
        let tagged = merged(&BTreeMap::new(), tags)?;
        self.by_arn.insert(arn.to_string(), tagged);
        Ok(())
    }

    pub fn forget(&mut self, arn: &Arn) {
        self.by_arn.remove(&arn.to_string());
    }

    pub fn tag(&mut self, arn: &str, tags: Option<&Value>) -> Result<(), ApiError> {
        let tagged = self.of_mut(arn)?;
        *tagged = merged(tagged, tags)?;
        Ok(())
    }

    pub fn untag<'a>(&mut self, arn: &str, keys: impl Iterator<Item = &'a str>) -> Result<(), ApiError> {
        let tagged = self.of_mut(arn)?;
        for key in keys {
            tagged.remove(key);
        }
        Ok(())
    }

    /// As AWS lists them.
    pub fn of(&self, arn: &str) -> Result<Value, ApiError> {
        self.by_arn.get(arn).map(|tags| json!(tags)).ok_or_else(|| no_resource(arn))
    }

    fn of_mut(&mut self, arn: &str) -> Result<&mut BTreeMap<String, String>, ApiError> {
        self.by_arn.get_mut(arn).ok_or_else(|| no_resource(arn))
    }
}

/// The tags with others, or none of them if they would be too many. assumed: the wording of both refusals.
fn merged(tags: &BTreeMap<String, String>, added: Option<&Value>) -> Result<BTreeMap<String, String>, ApiError> {
    let mut merged = tags.clone();
    let none = Map::new();
    for (key, value) in added.and_then(Value::as_object).unwrap_or(&none) {
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(ApiError::validation("aws: prefixed tag key names are not allowed for external use."));
        }
        merged.insert(key.clone(), value.as_str().unwrap_or_default().to_owned());
    }
    if merged.len() > TAGS_MAX {
        let message = format!("A resource can have at most {TAGS_MAX} tags.");
        return Err(ApiError::with_status(402, "ServiceQuotaExceededException", message));
    }
    Ok(merged)
}

/// assumed: the wording.
fn no_resource(arn: &str) -> ApiError {
    ApiError::with_status(404, "ResourceNotFoundException", format!("Resource {arn} does not exist."))
}
