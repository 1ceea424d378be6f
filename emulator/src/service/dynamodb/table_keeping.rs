//! What of a table outlives the process, and how the rest follows from it.
//!
//! Kept: what it is, its status, its control, its indexes' definitions, each item, its streams. Made anew: what
//! indexes hold, sizes, and when what falls due. What reads may see of the past is not kept.

use std::sync::Arc;

use super::item_record::{Attributes, ItemRecord};
use super::settings::Settings;
use super::table::Table;
use crate::kernel::store::{Book, Node};

impl Table {
    /// Goes through all that is kept of it beside what never changes.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.value("status", &mut self.status);
        book.value("control", &mut self.control);
        book.value("ttl_attribute", &mut self.ttl_attribute);
        book.value("indexes", &mut self.indexes);
        self.streams.keep(book);
        if book.reads() { self.read_items(book) } else { self.items.keep(book) }
    }

    /// To be called when it was read.
    pub fn settle(&mut self, settings: Settings) {
        self.settings = settings;
        self.planned = self.next_due();
        // What was read is no change.
        self.keep(&mut Book::forgetting());
    }

    fn read_items(&mut self, book: &mut Book<'_>) {
        for (name, node) in book.take("item") {
            self.read_item(&name, node, book);
        }
    }

    fn read_item(&mut self, name: &str, mut node: Node, book: &mut Book<'_>) {
        let Some(record) = book.parse::<ItemRecord<Attributes>>("item", name, node.value.take()) else { return };
        book.within_node("item", name, &mut node, |_| {});
        let (item, stored) = record.read();
        match self.schema.key_of_item(&item) {
            Ok(key) if key.to_text() == name => self.take_in(key, item, Arc::new(stored)),
            Ok(_) => book.damaged(format!("{}: the item {name} has another key", self.name)),
            Err(refusal) => book.damaged(format!("{}: the item {name}: {}", self.name, refusal.message)),
        }
    }
}
