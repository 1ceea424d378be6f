//! What was said in a session so far, oldest first: kept piece by piece, since each turn only adds to it.

use crate::kernel::store::{Book, Kept};
use crate::service::bedrock::script::Said;

#[derive(Clone, Debug, Default)]
pub struct History(Kept<u64, Said>);

impl History {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("said", &mut self.0);
    }

    pub fn add(&mut self, said: impl IntoIterator<Item = Said>) {
        let next = self.0.last_key_value().map_or(0, |(number, _)| number + 1);
        for (number, said) in (next..).zip(said) {
            self.0.insert(number, said);
        }
    }

    /// Something else was said instead.
    pub fn replace(&mut self, said: Vec<Said>) {
        self.0.clear();
        self.add(said);
    }

    pub fn iter(&self) -> impl Iterator<Item = &Said> {
        self.0.values()
    }

    /// The last of it, so many messages.
    pub fn latest(&self, count: usize) -> Vec<Said> {
        let skipped = self.0.len().saturating_sub(count);
        self.iter().skip(skipped).cloned().collect()
    }
}
