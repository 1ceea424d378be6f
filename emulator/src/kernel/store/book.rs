//! Goes through a state: writes what has changed, writes all of it, or reads it back.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::kept::Touch;
use super::name::push_escaped;
use super::{Damaged, Kept, Name, Node, Record, Single};

/// What goes through a state. See [`super`].
pub struct Book<'a> {
    way: Way<'a>,
    /// Where in the state it is; ends with a slash.
    path: String,
}

enum Way<'a> {
    /// Nobody keeps it: what has changed is forgotten.
    Forget,
    Changes(&'a mut Vec<Record>),
    All(&'a mut Vec<Record>),
    Read {
        node: &'a mut Node,
        damaged: &'a mut Option<Damaged>,
    },
}

impl<'a> Book<'a> {
    /// Forgets what has changed.
    pub fn forgetting() -> Self {
        Self { way: Way::Forget, path: String::new() }
    }

    /// Writes what has changed since the last time. `path` is that of the state.
    pub fn of_changes(path: String, to: &'a mut Vec<Record>) -> Self {
        Self { way: Way::Changes(to), path }
    }

    /// Writes everything.
    pub fn of_all(path: String, to: &'a mut Vec<Record>) -> Self {
        Self { way: Way::All(to), path }
    }

    /// Reads what was written.
    pub fn reading(path: String, node: &'a mut Node, damaged: &'a mut Option<Damaged>) -> Self {
        Self { way: Way::Read { node, damaged }, path }
    }

    /// Whether what is gone through is read back just now: then what follows from it can be made anew.
    pub fn reads(&self) -> bool {
        matches!(self.way, Way::Read { .. })
    }

    /// Whether nobody keeps what changes, for who knows itself what has changed.
    pub fn forgets(&self) -> bool {
        matches!(self.way, Way::Forget)
    }

    /// Whether everything is to be written, for who knows itself what has changed.
    pub fn wants_all(&self) -> bool {
        matches!(self.way, Way::All(_))
    }

    /// A map of things that have nothing in them that is kept apart.
    pub fn map<K: Name, V: Clone + Serialize + DeserializeOwned>(&mut self, kind: &str, map: &mut Kept<K, V>) {
        if self.reads() {
            return self.read_map(kind, map, &mut |_, _| {});
        }
        let touched = map.take_touched();
        if self.wants_all() {
            for (name, thing) in map.iter() {
                self.put(kind, &name.to_text(), thing);
            }
            return;
        }
        if self.forgets() {
            return;
        }
        for name in touched.into_keys() {
            match map.get(&name) {
                Some(thing) => self.put(kind, &name.to_text(), thing),
                None => self.gone(kind, &name.to_text()),
            }
        }
    }

    /// A map of things in which other things are kept: `inside` goes through those. What it goes through is not to
    /// be in the value itself (`#[serde(skip)]`).
    pub fn map_of<K: Name, V: Clone + Serialize + DeserializeOwned>(
        &mut self,
        kind: &str,
        map: &mut Kept<K, V>,
        mut inside: impl FnMut(&mut V, &mut Book<'_>),
    ) {
        if self.reads() {
            return self.read_map(kind, map, &mut inside);
        }
        let touched = map.take_touched();
        if self.wants_all() {
            for name in map.keys().cloned().collect::<Vec<K>>() {
                self.write_thing(kind, &name, map, &mut inside);
            }
            return;
        }
        for (name, touch) in touched {
            match touch {
                Touch::Changed => self.write_thing(kind, &name, map, &mut inside),
                Touch::New => self.all_of(|book| book.write_thing(kind, &name, map, &mut inside)),
                Touch::Replaced => {
                    // Nothing in what stood there before stays.
                    self.gone(kind, &name.to_text());
                    map.forget_written(&name);
                    self.all_of(|book| book.write_thing(kind, &name, map, &mut inside));
                }
            }
        }
    }

    /// One value that there always is; written from when on it was changed.
    pub fn value<T: Serialize + DeserializeOwned>(&mut self, kind: &str, value: &mut Single<T>) {
        if self.reads() {
            for (name, node) in self.take(kind) {
                if let Some(read) = self.parse(kind, &name, node.value) {
                    value.set(read);
                }
            }
            return;
        }
        if value.take_touched() || (self.wants_all() && value.was_written()) {
            self.put(kind, "", &**value);
        }
    }

    /// Writes a thing: for who knows itself what has changed.
    pub fn put(&mut self, kind: &str, name: &str, value: &impl Serialize) {
        if !self.forgets() {
            self.put_value(kind, name, json(value));
        }
    }

    fn put_value(&mut self, kind: &str, name: &str, value: Vec<u8>) {
        let path = self.path_of(kind, name);
        if let Way::Changes(records) | Way::All(records) = &mut self.way {
            records.push(Record { path, value: Some(value) });
        }
    }

    /// Writes that a thing is gone, with all in it.
    pub fn gone(&mut self, kind: &str, name: &str) {
        let path = self.path_of(kind, name);
        if let Way::Changes(records) = &mut self.way {
            records.push(Record { path, value: None });
        }
    }

    /// Takes all things of a kind out of what is read.
    pub fn take(&mut self, kind: &str) -> Vec<(String, Node)> {
        match &mut self.way {
            Way::Read { node, .. } => node.take(kind).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Reads a value. What cannot be read is told when all is read.
    pub fn parse<T: DeserializeOwned>(&mut self, kind: &str, name: &str, value: Option<Vec<u8>>) -> Option<T> {
        let value = value?;
        match serde_json::from_slice(&value) {
            Ok(value) => Some(value),
            Err(error) => {
                let path = self.path_of(kind, name);
                self.damaged(format!("{path}: {error}"));
                None
            }
        }
    }

    /// Notes that what is read makes no sense.
    pub fn damaged(&mut self, what: String) {
        if let Way::Read { damaged, .. } = &mut self.way {
            damaged.get_or_insert(Damaged(what));
        }
    }

    /// Goes on inside a thing: for who knows itself what has changed.
    pub fn within(&mut self, kind: &str, name: &str, inside: impl FnOnce(&mut Book<'_>)) {
        let path = self.path_inside(kind, name);
        let way = match &mut self.way {
            Way::Forget => Way::Forget,
            Way::Changes(records) => Way::Changes(records),
            Way::All(records) => Way::All(records),
            // What is read is inside what was taken out: see `within_node`.
            Way::Read { .. } => return,
        };
        inside(&mut Book { way, path });
    }

    /// Goes on inside a thing that was taken out of what is read.
    pub fn within_node(&mut self, kind: &str, name: &str, node: &mut Node, inside: impl FnOnce(&mut Book<'_>)) {
        let path = self.path_inside(kind, name);
        if let Way::Read { damaged, .. } = &mut self.way {
            inside(&mut Book { way: Way::Read { node, damaged }, path });
            if let Some(rest) = node.rest() {
                self.damaged(format!("{}/{rest}: nothing of that kind is known", self.path_of(kind, name)));
            }
        }
    }

    /// Goes through something of which everything is to be written, if anything is.
    pub fn all_of(&mut self, inside: impl FnOnce(&mut Book<'_>)) {
        let path = self.path.clone();
        let way = match &mut self.way {
            Way::Forget => Way::Forget,
            Way::Changes(records) | Way::All(records) => Way::All(records),
            Way::Read { node, damaged } => Way::Read { node, damaged },
        };
        inside(&mut Book { way, path });
    }

    fn read_map<K: Name, V: Clone + DeserializeOwned>(
        &mut self,
        kind: &str,
        map: &mut Kept<K, V>,
        inside: &mut impl FnMut(&mut V, &mut Book<'_>),
    ) {
        for (name, node) in self.take(kind) {
            if let Some((name, thing)) = self.read_thing(kind, &name, node, inside) {
                map.things_mut().insert(name, thing);
            }
        }
    }

    fn read_thing<K: Name, V: DeserializeOwned>(
        &mut self,
        kind: &str,
        name: &str,
        mut node: Node,
        inside: &mut impl FnMut(&mut V, &mut Book<'_>),
    ) -> Option<(K, V)> {
        let Some(key) = K::of_text(name) else {
            self.damaged(format!("{}: not the name of such a thing", self.path_of(kind, name)));
            return None;
        };
        let value = node.value.take();
        if value.is_none() {
            self.damaged(format!("{} is missing, but things in it are there", self.path_of(kind, name)));
        }
        let mut thing = self.parse(kind, name, value)?;
        self.within_node(kind, name, &mut node, |book| inside(&mut thing, book));
        Some((key, thing))
    }

    fn write_thing<K: Name, V: Clone + Serialize>(
        &mut self,
        kind: &str,
        name: &K,
        map: &mut Kept<K, V>,
        inside: &mut impl FnMut(&mut V, &mut Book<'_>),
    ) {
        if let Some(thing) = map.get(name).filter(|_| !self.forgets()) {
            let value = json(thing);
            if map.is_news(name, &value) || self.wants_all() {
                self.put_value(kind, &name.to_text(), value);
            }
        }
        let Some(thing) = map.thing_mut(name) else { return };
        let name = if self.forgets() { String::new() } else { name.to_text() };
        self.within(kind, &name, |book| inside(thing, book));
    }

    /// The path of what is in a thing. Who forgets needs none, and goes this way with every call.
    fn path_inside(&self, kind: &str, name: &str) -> String {
        let mut path = self.path_of(kind, name);
        if !self.forgets() {
            path.push('/');
        }
        path
    }

    fn path_of(&self, kind: &str, name: &str) -> String {
        // Who forgets needs no paths.
        if self.forgets() {
            return String::new();
        }
        let mut path = String::with_capacity(self.path.len() + kind.len() + name.len() + 2);
        path.push_str(&self.path);
        path.push_str(kind);
        path.push('/');
        push_escaped(&mut path, name);
        path
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("a state is plain data with text keys")
}
