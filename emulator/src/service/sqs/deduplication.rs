//! What a FIFO queue has been sent in the last five minutes: the same again is accepted and not stored.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html>

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::kernel::Timestamp;
use crate::kernel::store::{Book, Kept};

/// "Amazon SQS continues to keep track of the message deduplication ID even after the message is received and
/// deleted": for the 5-minute deduplication interval.
const INTERVAL: Duration = Duration::from_mins(5);

#[derive(Clone, Debug, Default)]
pub struct Deduplication {
    known: Kept<Key, Known>,
    by_time: VecDeque<(Timestamp, Key)>,
}

/// The id, and the group where ids are only of a group.
pub type Key = (String, Option<String>);

/// What was answered to the first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Known {
    pub sent: Timestamp,
    pub message_id: String,
    pub sequence_number: String,
}

impl Deduplication {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("deduplication", &mut self.known);
        if book.reads() {
            let mut by_time: Vec<(Timestamp, Key)> =
                self.known.iter().map(|(key, known)| (known.sent, key.clone())).collect();
            by_time.sort_unstable();
            self.by_time = by_time.into();
        }
    }

    pub fn find(&mut self, key: &Key, now: Timestamp) -> Option<&Known> {
        while let Some((_, key)) = self.by_time.pop_front_if(|(sent, _)| *sent + INTERVAL <= now) {
            self.known.remove(&key);
        }
        self.known.get(key)
    }

    /// Remembers what was sent, which had not been known.
    pub fn remember(&mut self, key: Key, known: Known) {
        self.by_time.push_back((known.sent, key.clone()));
        self.known.insert(key, known);
    }
}

/// "SQS uses a SHA-256 hash to generate the message deduplication ID using the body of the message (but not the
/// attributes of the message)."
pub fn id_of_body(body: &str) -> String {
    hex::encode(Sha256::digest(body.as_bytes()))
}
