//! One change of one item, as a table tells it to its indexes, its stream and its Kinesis destinations.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::stored_item::StoredItem;

/// Who changed an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    Caller,
    /// The sweep of expired items, which streams name as `dynamodb.amazonaws.com`.
    TimeToLive,
}

/// What stood at a key before a write, and what stands there now.
#[derive(Clone, Debug)]
pub struct Change {
    pub before: Option<Arc<StoredItem>>,
    pub after: Option<Arc<StoredItem>>,
    pub author: Author,
}
