//! A record as a shard holds it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{EventId, Timestamp};
use crate::wire::Blob;

/// One record. Its sequence number follows from its place.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Record {
    pub content: Content,
    pub arrived: Timestamp,
    /// The call or hop that wrote it.
    pub writer: EventId,
}

/// A record as it is written down.
#[derive(Serialize, Deserialize)]
struct Written {
    key: String,
    data: Blob,
    arrived: Timestamp,
    writer: EventId,
}

impl From<Written> for Record {
    fn from(Written { key, data, arrived, writer }: Written) -> Self {
        Self { content: Content::new(&key, &data.0), arrived, writer }
    }
}

impl From<Record> for Written {
    fn from(Record { content, arrived, writer }: Record) -> Self {
        let data = Blob(content.data().to_vec().into());
        Self { key: content.partition_key().to_owned(), data, arrived, writer }
    }
}

impl Record {
    /// What counts against AWS's limits in bytes.
    pub fn bytes(&self) -> usize {
        self.content.bytes.len()
    }
}

/// A record's partition key and data, in one allocation of their own: a request that brought them does not stay
/// with them. Cheap to clone.
#[derive(Clone)]
pub struct Content {
    /// The key, and the data behind it.
    bytes: Arc<[u8]>,
    key_bytes: u32,
}

impl Content {
    pub fn new(partition_key: &str, data: &[u8]) -> Self {
        // Made at its length and then filled: to collect the bytes one by one is slower.
        let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, partition_key.len() + data.len()).collect();
        let (key, rest) = Arc::get_mut(&mut bytes).expect("nobody else has it yet").split_at_mut(partition_key.len());
        key.copy_from_slice(partition_key.as_bytes());
        rest.copy_from_slice(data);
        Self { bytes, key_bytes: u32::try_from(partition_key.len()).expect("keys are short") }
    }

    pub fn partition_key(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.key_bytes as usize]).expect("it was made from a text")
    }

    pub fn data(&self) -> &[u8] {
        &self.bytes[self.key_bytes as usize..]
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({:?}, {} bytes)", self.partition_key(), self.data().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_is_written() {
        let record = Record {
            content: Content::new("clé", &[0, 255, 7]),
            arrived: Timestamp::from_millis(1_767_225_600_001),
            writer: EventId(7),
        };
        let written = serde_json::to_string(&record).expect("it is plain data");
        assert_eq!(written, r#"{"key":"clé","data":"AP8H","arrived":1767225600.001,"writer":7}"#);
        let read: Record = serde_json::from_str(&written).expect("it is a record");
        assert_eq!((read.content.partition_key(), read.content.data()), ("clé", &[0, 255, 7][..]));
        assert_eq!((read.arrived, read.writer), (record.arrived, record.writer));
    }
}
