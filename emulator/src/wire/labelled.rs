//! A document with more members than its bytes have: the labels of the path that it came to.
//!
//! Read as it is parsed, without a tree in between.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use super::structures::FromObjects;

type Label = (&'static str, String);

/// What is read of `body` with `labels` in the place of its members of these names.
///
/// Nothing where something may be wrong with it: a tree shows better what that is. So with members that come twice, and
/// with escapes, which are not looked at in what is not read.
pub fn read<T: DeserializeOwned>(labels: &[Label], body: &[u8]) -> Option<T> {
    let body = std::str::from_utf8(body).ok()?.trim_ascii();
    let body = if body.is_empty() { "{}" } else { body };
    if !body.starts_with('{') || body.contains("\\u") {
        return None;
    }
    let mut document = serde_json::Deserializer::from_str(body);
    let read = T::deserialize(FromObjects(Labelled { of: &mut document, labels })).ok()?;
    document.end().ok()?;
    Some(read)
}

/// Something of serde's, with the labels.
struct Labelled<'a, T> {
    of: T,
    labels: &'a [Label],
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Labelled<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.of.deserialize_map(Labelled { of: visitor, labels: self.labels })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Labelled<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let Labelled { of: visitor, labels } = self;
        visitor.visit_map(Members { of_body: Some(members), labels, to_come: labels, value: None })
    }
}

/// The members of the body, and then the labels.
struct Members<'a, A> {
    /// Until its end.
    of_body: Option<A>,
    labels: &'a [Label],
    to_come: &'a [Label],
    /// Of the label whose name was read last.
    value: Option<&'a str>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        while let Some(body) = &mut self.of_body {
            let Some(name) = body.next_key::<String>()? else {
                self.of_body = None;
                break;
            };
            if self.labels.iter().all(|(label, _)| *label != name) {
                return seed.deserialize(name.into_deserializer()).map(Some);
            }
            body.next_value::<IgnoredAny>()?;
        }
        let Some(((name, value), rest)) = self.to_come.split_first() else { return Ok(None) };
        (self.to_come, self.value) = (rest, Some(value.as_str()));
        let name: StrDeserializer<'_, A::Error> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match (self.value.take(), &mut self.of_body) {
            (None, Some(body)) => body.next_value_seed(seed),
            (value, _) => seed.deserialize(value.unwrap_or_default().into_deserializer()),
        }
    }
}
