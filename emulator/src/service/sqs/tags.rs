//! The tags of a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html>

use std::collections::BTreeMap;

use super::refusal::invalid_parameter;
use crate::kernel::ApiError;

const TAGS_MAX: usize = 50;
const KEY_CHARACTERS_MAX: usize = 128;
const VALUE_CHARACTERS_MAX: usize = 256;

/// The tags with further ones. assumed: the wording of what is refused.
pub fn with(
    tags: &BTreeMap<String, String>,
    added: BTreeMap<String, String>,
    queue: &str,
) -> Result<BTreeMap<String, String>, ApiError> {
    for (key, value) in &added {
        if !(1..=KEY_CHARACTERS_MAX).contains(&key.chars().count()) {
            return Err(invalid_parameter("Tag keys must be between 1 and 128 characters in length."));
        }
        if value.chars().count() > VALUE_CHARACTERS_MAX {
            return Err(invalid_parameter("Tag values must be between 0 and 256 characters in length."));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid_parameter("Tag keys that start with 'aws:' are reserved for system use."));
        }
    }
    let mut tags = tags.clone();
    tags.extend(added);
    if tags.len() > TAGS_MAX {
        return Err(invalid_parameter(format!("Too many tags added for queue {queue}.")));
    }
    Ok(tags)
}
