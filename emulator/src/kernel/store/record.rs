//! A record, and all that is kept as records say.

use std::collections::BTreeMap;

use super::{Damaged, Node};

/// Something that is known by a path, as it is now; or that it is gone, with all in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Kinds and names in turn: `sqs/000000000000:us-east-1/queue/orders/message/12`. What in a name is no plain
    /// character is written as in URLs.
    pub path: String,
    /// JSON. Nothing, if it is gone.
    pub value: Option<Vec<u8>>,
}

/// What is kept, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records(BTreeMap<String, Vec<u8>>);

impl Records {
    pub fn apply(&mut self, Record { path, value }: Record) {
        match value {
            Some(value) => {
                self.0.insert(path, value);
            }
            None => self.remove(&path),
        }
    }

    fn remove(&mut self, path: &str) {
        self.0.remove(path);
        // A slash is followed by a zero in the order of characters.
        let inside = format!("{path}/")..format!("{path}0");
        let gone: Vec<String> = self.0.range(inside).map(|(path, _)| path.clone()).collect();
        for path in gone {
            self.0.remove(&path);
        }
    }

    /// Without what is at that path.
    pub fn without(mut self, path: &str) -> Self {
        self.remove(path);
        self
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, value)| (path.as_str(), value.as_slice()))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Paths and values together.
    pub fn bytes(&self) -> u64 {
        self.iter().map(|(path, value)| (path.len() + value.len()) as u64).sum()
    }

    /// The same as a tree, to be read back.
    pub fn into_tree(self) -> Result<Node, Damaged> {
        let mut tree = Node::default();
        for (path, value) in self.0 {
            tree.put(&path, value)?;
        }
        Ok(tree)
    }
}

impl FromIterator<Record> for Records {
    fn from_iter<I: IntoIterator<Item = Record>>(batch: I) -> Self {
        let mut records = Self::default();
        for record in batch {
            records.apply(record);
        }
        records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(path: &str, value: Option<&str>) -> Record {
        Record { path: path.to_owned(), value: value.map(|value| value.as_bytes().to_vec()) }
    }

    #[test]
    fn what_is_gone_takes_with_it_what_is_in_it_and_nothing_beside() {
        let kept: Records = [
            record("queue/a", Some("1")),
            record("queue/a/message/1", Some("2")),
            record("queue/a-b", Some("3")),
            record("queue/a%2Fb", Some("4")),
            record("queue/a", None),
        ]
        .into_iter()
        .collect();
        let paths: Vec<&str> = kept.iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["queue/a%2Fb", "queue/a-b"]);
    }
}
