//! The condition of a write: whether it holds, and the refusal if it does not.

use std::sync::Arc;

use super::expression::evaluation;
use super::expression::tree::Condition;
use super::stored_item::StoredItem;
use super::value::Item;
use crate::kernel::ApiError;

/// Refuses the write unless `condition` holds for what is stored now.
pub fn check(
    condition: Option<&Condition>,
    stored: Option<&Arc<StoredItem>>,
    return_on_failure: Option<&str>,
) -> Result<(), ApiError> {
    let holds = |condition| match stored {
        Some(stored) => stored.satisfies(condition),
        None => evaluation::holds(condition, &Item::new()),
    };
    if condition.is_none_or(holds) {
        return Ok(());
    }
    let refusal = ApiError::new("ConditionalCheckFailedException", "The conditional request failed");
    let shown = stored.filter(|_| return_on_failure == Some("ALL_OLD"));
    let Some(shown) = shown else { return Err(refusal) };
    let item = serde_json::to_value(&**shown).expect("an item is plain data with text keys");
    Err(refusal.with_member("Item", item))
}
