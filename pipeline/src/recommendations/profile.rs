//! What we know of a user, and whether an interaction is news.
//!
//! # Counting once
//!
//! A record can come again: a worker restarts behind its checkpoint, two workers overlap, a producer retries a put that
//! had succeeded. Two memories in the profile tell news from repetition, both longer than the window of interactions:
//!
//! - `applied`: per shard, the sequence number of the newest record applied to this user. A user's records are all in
//!   one shard at a time and are handled in order, so that whatever is not beyond this number was applied, however long
//!   ago. Kept for the 16 shards with the newest numbers; a key moves to another shard only when the stream is
//!   resharded.
//! - `event_ids`: the last 100 event ids, for the same interaction put twice under two sequence numbers.
//!
//! Limit: an interaction put again by its producer after 100 others of the same user counts twice.
//!
//! # Doing it once
//!
//! Every applied interaction gives the profile a new `version`. `settled_version` is the newest version whose
//! recommendations were finished, well or badly. A repeated record whose version is beyond it was interrupted, and its
//! recommendations are still due.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::interaction::{EventType, Interaction};
use super::sequence_number::SequenceNumber;

const HISTORY_MAX: usize = 20;
const EVENT_IDS_MAX: usize = 100;
const SHARDS_MAX: usize = 16;

/// Where on the stream a record came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub shard_id: String,
    pub sequence_number: SequenceNumber,
}

/// A user's profile. Every attribute but the key may be missing: another system may have created the item, to store the
/// user's preferences.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub user_id: String,
    /// Counts applied interactions; 0 for a user who never had one.
    #[serde(default)]
    pub version: u64,
    #[serde(default)]
    pub settled_version: u64,
    /// The last 20 interactions, in the order of the stream.
    #[serde(default)]
    pub history: Vec<Entry>,
    #[serde(default)]
    pub event_ids: Vec<String>,
    #[serde(default)]
    pub applied: BTreeMap<String, SequenceNumber>,
    /// Never written here, only told to the model.
    #[serde(default)]
    pub preferences: Map<String, Value>,
    #[serde(default)]
    pub last_failure_version: u64,
    #[serde(default)]
    pub last_failure_reason: String,
}

/// One interaction of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub event_id: String,
    pub item_id: String,
    pub event_type: EventType,
    pub timestamp: Timestamp,
    pub metadata: Map<String, Value>,
    pub sequence_number: SequenceNumber,
    /// The version that this interaction gave the profile.
    pub version: u64,
}

/// What a delivered interaction means for a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    New,
    /// Applied before, but nobody came to the end of its recommendations.
    Interrupted,
    Settled,
}

impl Profile {
    pub fn new(user_id: &str) -> Self {
        Self { user_id: user_id.to_owned(), ..Self::default() }
    }

    pub fn news(&self, delivery: &Delivery, interaction: &Interaction) -> News {
        let applied = self.applied.get(&delivery.shard_id).is_some_and(|newest| *newest >= delivery.sequence_number);
        if !applied && !self.event_ids.contains(&interaction.event_id) {
            return News::New;
        }
        // One that has left the history was followed by twenty others, each of which asked with fresher knowledge.
        let entry = self.history.iter().find(|entry| entry.event_id == interaction.event_id);
        match entry {
            Some(entry) if entry.version > self.settled_version => News::Interrupted,
            _ => News::Settled,
        }
    }

    /// The profile after an interaction that is new.
    pub fn apply(&mut self, delivery: &Delivery, interaction: &Interaction) {
        self.version += 1;
        self.history.push(Entry {
            event_id: interaction.event_id.clone(),
            item_id: interaction.item_id.clone(),
            event_type: interaction.event_type,
            timestamp: interaction.timestamp,
            metadata: interaction.metadata.clone(),
            sequence_number: delivery.sequence_number.clone(),
            version: self.version,
        });
        self.event_ids.push(interaction.event_id.clone());
        self.applied.insert(delivery.shard_id.clone(), delivery.sequence_number.clone());
        keep_last(&mut self.history, HISTORY_MAX);
        keep_last(&mut self.event_ids, EVENT_IDS_MAX);
        while self.applied.len() > SHARDS_MAX {
            let oldest = self.applied.iter().min_by_key(|(_, number)| *number).map(|(shard, _)| shard.clone());
            self.applied.remove(&oldest.expect("the map is not empty"));
        }
    }
}

fn keep_last<T>(list: &mut Vec<T>, count: usize) {
    list.drain(..list.len().saturating_sub(count));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interaction(event_id: &str) -> Interaction {
        Interaction {
            event_id: event_id.to_owned(),
            user_id: "u_8821".to_owned(),
            item_id: "prod_1".to_owned(),
            event_type: EventType::Click,
            timestamp: Timestamp::UNIX_EPOCH,
            metadata: Map::new(),
        }
    }

    fn delivery(shard_id: &str, sequence_number: u32) -> Delivery {
        Delivery { shard_id: shard_id.to_owned(), sequence_number: SequenceNumber::new(sequence_number.to_string()) }
    }

    /// A profile to which `count` interactions were applied, and all but the last `open` settled.
    fn profile(count: u32, open: u64) -> Profile {
        let mut profile = Profile::new("u_8821");
        for number in 1..=count {
            profile.apply(&delivery("shard-0", number), &interaction(&format!("e-{number}")));
        }
        profile.settled_version = profile.version - open;
        profile
    }

    #[test]
    fn what_is_news() {
        let rows = [
            ("an unknown user's first", 0, 0, "shard-0", 1, "e-1", News::New),
            ("the next record", 3, 0, "shard-0", 4, "e-4", News::New),
            ("the same record again", 3, 0, "shard-0", 3, "e-3", News::Settled),
            ("the same record again, interrupted", 3, 1, "shard-0", 3, "e-3", News::Interrupted),
            ("an older one, settled, while a newer one is open", 3, 1, "shard-0", 2, "e-2", News::Settled),
            ("put twice by the producer", 3, 0, "shard-0", 4, "e-3", News::Settled),
            ("put twice by the producer, the first interrupted", 3, 1, "shard-0", 4, "e-3", News::Interrupted),
            ("redelivered after it left both windows", 150, 0, "shard-0", 1, "e-1", News::Settled),
            ("put twice, beyond the history", 50, 0, "shard-0", 51, "e-1", News::Settled),
            ("put twice, beyond all memory: the limit", 150, 0, "shard-0", 151, "e-1", News::New),
            ("a new one of a child shard with small numbers", 3, 0, "shard-1", 1, "e-4", News::New),
        ];
        for (name, count, open, shard_id, sequence_number, event_id, expected) in rows {
            let news = profile(count, open).news(&delivery(shard_id, sequence_number), &interaction(event_id));
            assert_eq!(news, expected, "{name}");
        }
    }

    #[test]
    fn the_windows_keep_the_newest() {
        let profile = profile(150, 0);
        assert_eq!(profile.version, 150);
        assert_eq!(profile.history.len(), 20);
        assert_eq!(profile.history.last().map(|entry| entry.event_id.as_str()), Some("e-150"));
        assert_eq!(profile.event_ids.len(), 100);
        assert_eq!(profile.event_ids[0], "e-51");
    }

    #[test]
    fn the_shards_with_the_newest_numbers_are_remembered() {
        let mut profile = Profile::new("u_8821");
        for number in 1..=20 {
            profile.apply(&delivery(&format!("shard-{number}"), number), &interaction(&format!("e-{number}")));
        }
        assert_eq!(profile.applied.len(), 16);
        assert!(!profile.applied.contains_key("shard-4"));
        assert!(profile.applied.contains_key("shard-5"));
    }
}
