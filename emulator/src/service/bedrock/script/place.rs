//! Where a thing stands in the text of a script, found by the way that leads to it.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::{Location, Spanned};

/// One step from a value to what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Key(&'static str),
    /// Where one thing stands in place of a list of one, this leads to itself.
    Index(usize),
}

/// The place of what the steps lead to, or of the last thing on the way that is there.
pub fn locate(text: &str, steps: &[Step]) -> Option<Location> {
    let root: Spanned<Node> = serde_saphyr::from_str(text).ok()?;
    let (mut node, mut place) = (&root, root.referenced);
    for step in steps {
        match (step, &node.value) {
            (Step::Key(name), Node::Map(members)) => {
                let Some((key, value)) = members.iter().find(|(key, _)| key.value.0 == *name) else { break };
                (node, place) = (value, key.referenced);
            }
            (Step::Index(index), Node::List(items)) => {
                let Some(item) = items.get(*index) else { break };
                (node, place) = (item, item.referenced);
            }
            _ => {}
        }
    }
    (place.line() > 0).then_some(place)
}

enum Node {
    Map(Vec<(Spanned<Key>, Spanned<Node>)>),
    List(Vec<Spanned<Node>>),
    Leaf,
}

/// A key as text; what is no text is none of ours.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor)
    }
}

struct KeyVisitor;

/// What is of no interest but must be read.
macro_rules! ignore {
    ($value:expr, $($visit:ident: $type:ty),*) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<Self::Value, E> {
            Ok($value)
        })*

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok($value)
        }
    };
}

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Key, E> {
        Ok(Key(text.to_owned()))
    }

    ignore!(Key(String::new()), visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64);
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Node::Map(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    ignore!(Node::Leaf, visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_found_where_it_stands() {
        let text = "rules:\n- name: a\n  replies:\n  - text: x\n    mutate: [code_fence,\n             {max_tokens: 1}]\n  - 7\n";
        use Step::{Index, Key};
        for (steps, expected) in [
            (&[][..], (1, 1)),
            (&[Key("rules"), Index(0)], (2, 3)),
            (&[Key("rules"), Index(0), Key("name")], (2, 3)),
            (&[Key("rules"), Index(0), Key("replies"), Index(0), Key("mutate"), Index(1)], (6, 14)),
            (&[Key("rules"), Index(0), Key("replies"), Index(0), Key("text"), Index(0)], (4, 5)),
            (&[Key("rules"), Index(0), Key("when"), Key("op")], (2, 3)),
            (&[Key("rules"), Index(0), Key("replies"), Index(1)], (7, 5)),
        ] {
            let place = locate(text, steps).map(|place| (place.line(), place.column()));
            assert_eq!(place, Some(expected), "{steps:?}");
        }
        assert_eq!(locate("a: [", &[]), None);
    }
}
