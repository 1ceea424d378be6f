//! Records as they are read back: a tree of kinds and names.

use std::collections::BTreeMap;
use std::fmt;

use super::name::plain;

/// A thing as it was kept: its value, and what is in it, by kind and name.
#[derive(Debug, Default)]
pub struct Node {
    pub value: Option<Vec<u8>>,
    inside: BTreeMap<String, BTreeMap<String, Node>>,
}

/// What was kept cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged(pub String);

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Damaged {}

impl Node {
    /// Puts a value at the place of a path, which is `kind/name/kind/name`.
    pub fn put(&mut self, path: &str, value: Vec<u8>) -> Result<(), Damaged> {
        let damaged = || Damaged(format!("`{path}` is no path of a record: expected kind/name pairs"));
        let mut node = self;
        let mut parts = path.split('/');
        while let Some(kind) = parts.next() {
            let name = parts.next().and_then(plain).ok_or_else(damaged)?;
            node = node.inside.entry(kind.to_owned()).or_default().entry(name).or_default();
        }
        node.value = Some(value);
        Ok(())
    }

    /// Takes out all of a kind, by name.
    pub fn take(&mut self, kind: &str) -> BTreeMap<String, Node> {
        self.inside.remove(kind).unwrap_or_default()
    }

    /// Something in it that nobody has taken out.
    pub fn rest(&self) -> Option<String> {
        let (kind, names) = self.inside.iter().find(|(_, names)| !names.is_empty())?;
        names.keys().next().map(|name| format!("{kind}/{name}"))
    }
}
