//! Reads CBOR. Nothing a caller sends makes it panic, recurse without end, or allocate more than was sent.

use serde::Deserializer;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};

use super::{BREAK, DEPTH_MAX, EPOCH, Error, Kind, additional};
use crate::kernel::Timestamp;

/// A document, read from its front.
pub struct Reader<'de> {
    rest: &'de [u8],
    depth: usize,
}

/// What the first bytes of a data item say. A length is `None` where it is indefinite.
#[derive(Clone, Copy, Debug)]
enum Head {
    Unsigned(u64),
    /// -1 minus the number.
    Negative(u64),
    Bytes(Option<u64>),
    Text(Option<u64>),
    Array(Option<u64>),
    Map(Option<u64>),
    Bool(bool),
    Null,
    Float(f64),
}

impl<'de> Reader<'de> {
    pub fn new(document: &'de [u8]) -> Self {
        Self { rest: document, depth: 0 }
    }

    /// Whether the next item is a map, so far as its first byte tells.
    pub fn is_at_map(&self) -> bool {
        self.rest.first().is_some_and(|first| matches!(Kind::of(*first), Kind::Map | Kind::Tag))
    }

    /// Nothing may follow the document.
    pub fn end(&self) -> Result<(), Error> {
        if self.rest.is_empty() { Ok(()) } else { Err(Error("trailing bytes after the document".to_owned())) }
    }

    fn take(&mut self, count: u64) -> Result<&'de [u8], Error> {
        let taken = usize::try_from(count).ok().and_then(|count| self.rest.split_at_checked(count));
        let (taken, rest) = taken.ok_or_else(|| Error("the document ends within a value".to_owned()))?;
        self.rest = rest;
        Ok(taken)
    }

    fn take_array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let taken = self.take(N as u64)?;
        Ok(taken.try_into().expect("as many bytes as were asked for"))
    }

    /// Passes a break if there is one.
    fn ends_here(&mut self) -> bool {
        let ends = self.rest.first() == Some(&BREAK);
        if ends {
            self.rest = &self.rest[1..];
        }
        ends
    }

    /// The kind of the next item and its argument.
    fn argument(&mut self) -> Result<(Kind, u8, u64), Error> {
        let [first] = self.take_array()?;
        let low = first & 0x1f;
        let argument = match low {
            additional::ONE_BYTE => u64::from(u8::from_be_bytes(self.take_array()?)),
            additional::TWO_BYTES => u64::from(u16::from_be_bytes(self.take_array()?)),
            additional::FOUR_BYTES => u64::from(u32::from_be_bytes(self.take_array()?)),
            additional::EIGHT_BYTES => u64::from_be_bytes(self.take_array()?),
            0..additional::ONE_BYTE | additional::INDEFINITE => u64::from(low),
            _ => return Err(Error(format!("invalid first byte 0x{first:02x} of a value"))),
        };
        Ok((Kind::of(first), low, argument))
    }

    /// The head of the next item behind its tags, and whether it is tagged as a timestamp. What other tags there
    /// may be changes nothing.
    fn tagged(&mut self) -> Result<(bool, Head), Error> {
        let mut is_epoch = false;
        loop {
            let (kind, low, argument) = self.argument()?;
            let indefinite = low == additional::INDEFINITE;
            let length = (!indefinite).then_some(argument);
            let head = match kind {
                Kind::Unsigned | Kind::Negative | Kind::Tag if indefinite => {
                    return Err(Error("a number of indefinite length".to_owned()));
                }
                Kind::Tag => {
                    is_epoch = argument == EPOCH;
                    continue;
                }
                Kind::Unsigned => Head::Unsigned(argument),
                Kind::Negative => Head::Negative(argument),
                Kind::Bytes => Head::Bytes(length),
                Kind::Text => Head::Text(length),
                Kind::Array => Head::Array(length),
                Kind::Map => Head::Map(length),
                Kind::Simple => simple(low, argument)?,
            };
            return Ok((is_epoch, head));
        }
    }

    /// The head of the next item. A timestamp is a number of seconds, as it is in JSON.
    fn head(&mut self) -> Result<Head, Error> {
        let (is_epoch, head) = self.tagged()?;
        Ok(if is_epoch { head.seconds_of_millis() } else { head })
    }

    /// The bytes of a text or byte string of indefinite length: parts of the same kind, each with its length.
    fn parts(&mut self, kind: Kind) -> Result<Vec<u8>, Error> {
        let mut whole = Vec::new();
        while !self.ends_here() {
            match self.argument()? {
                (part, low, length) if part == kind && low != additional::INDEFINITE => {
                    whole.extend_from_slice(self.take(length)?);
                }
                _ => return Err(Error("a part of a string is of another kind".to_owned())),
            }
        }
        Ok(whole)
    }

    fn visit<V: Visitor<'de>>(&mut self, head: Head, visitor: V) -> Result<V::Value, Error> {
        match head {
            Head::Unsigned(number) => visitor.visit_u64(number),
            Head::Negative(number) => match i64::try_from(number) {
                Ok(number) => visitor.visit_i64(-1 - number),
                Err(_) => visitor.visit_f64(-1.0 - number as f64),
            },
            Head::Bytes(Some(length)) => visitor.visit_borrowed_bytes(self.take(length)?),
            Head::Bytes(None) => visitor.visit_byte_buf(self.parts(Kind::Bytes)?),
            Head::Text(Some(length)) => visitor.visit_borrowed_str(utf8(self.take(length)?)?),
            Head::Text(None) => visitor.visit_str(utf8(&self.parts(Kind::Text)?)?),
            Head::Bool(value) => visitor.visit_bool(value),
            Head::Null => visitor.visit_unit(),
            Head::Float(number) => visitor.visit_f64(number),
            Head::Array(length) => self.nested(length, |members| visitor.visit_seq(members)),
            Head::Map(length) => self.nested(length, |members| visitor.visit_map(members)),
        }
    }

    fn nested<T>(
        &mut self,
        length: Option<u64>,
        visit: impl FnOnce(&mut Members<'_, 'de>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.depth == DEPTH_MAX {
            return Err(Error("the document is nested too deeply".to_owned()));
        }
        self.depth += 1;
        let mut members = Members { reader: self, left: length };
        let value = visit(&mut members)?;
        if !members.are_over() {
            return Err(Error("a list or structure has more members than expected".to_owned()));
        }
        self.depth -= 1;
        Ok(value)
    }
}

fn simple(low: u8, argument: u64) -> Result<Head, Error> {
    match low {
        additional::FALSE => Ok(Head::Bool(false)),
        additional::TRUE => Ok(Head::Bool(true)),
        additional::NULL | additional::UNDEFINED => Ok(Head::Null),
        additional::TWO_BYTES => Ok(Head::Float(half(argument as u16))),
        additional::FOUR_BYTES => Ok(Head::Float(f64::from(f32::from_bits(argument as u32)))),
        additional::EIGHT_BYTES => Ok(Head::Float(f64::from_bits(argument))),
        additional::INDEFINITE => Err(Error("a break where a value is expected".to_owned())),
        _ => Err(Error(format!("an unknown simple value {argument}"))),
    }
}

/// A number of 16 bits: RFC 8949, appendix D.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (fraction + 1024.0) * 2_f64.powi(exponent - 25),
    };
    if bits & 0x8000 == 0 { size } else { -size }
}

fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| Error("a text is not UTF-8".to_owned()))
}

impl Head {
    fn seconds_of_millis(self) -> Self {
        match self {
            Head::Unsigned(millis) if millis % 1000 == 0 => Head::Unsigned(millis / 1000),
            Head::Unsigned(millis) => Head::Float(millis as f64 / 1000.0),
            Head::Negative(number) => Head::Float((-1.0 - number as f64) / 1000.0),
            Head::Float(millis) => Head::Float(millis / 1000.0),
            other => other,
        }
    }

    fn instead_of(self, expected: &dyn Expected) -> Error {
        Error::invalid_type(
            match self {
                Head::Unsigned(number) => Unexpected::Unsigned(number),
                Head::Negative(number) => i64::try_from(number)
                    .map_or(Unexpected::Float(-1.0 - number as f64), |number| Unexpected::Signed(-1 - number)),
                Head::Bytes(_) => Unexpected::Other("byte string"),
                Head::Text(_) => Unexpected::Other("string"),
                Head::Array(_) => Unexpected::Seq,
                Head::Map(_) => Unexpected::Map,
                Head::Bool(value) => Unexpected::Bool(value),
                Head::Null => Unexpected::Other("null"),
                Head::Float(number) => Unexpected::Float(number),
            },
            expected,
        )
    }
}

/// The members of a list or structure that are left to read.
struct Members<'a, 'de> {
    reader: &'a mut Reader<'de>,
    left: Option<u64>,
}

impl Members<'_, '_> {
    /// Whether there are no more; of an indefinite length, passes its break.
    fn are_over(&mut self) -> bool {
        if self.left.is_none() && self.reader.ends_here() {
            self.left = Some(0);
        }
        self.left == Some(0)
    }

    fn count_one(&mut self) {
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
    }

    /// A member is at least one byte: a length is believed as far as there are bytes.
    fn expected(&self) -> Option<usize> {
        Some(usize::try_from(self.left?).unwrap_or(usize::MAX).min(self.reader.rest.len()))
    }
}

impl<'de> SeqAccess<'de> for &mut Members<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if self.are_over() {
            return Ok(None);
        }
        self.count_one();
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        self.expected()
    }
}

impl<'de> MapAccess<'de> for &mut Members<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if self.are_over() {
            return Ok(None);
        }
        self.count_one();
        seed.deserialize(Key { reader: &mut *self.reader }).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(&mut *self.reader)
    }

    fn size_hint(&self) -> Option<usize> {
        self.expected()
    }
}

/// A member's name: always a text, also for who would take anything.
struct Key<'a, 'de> {
    reader: &'a mut Reader<'de>,
}

impl<'de> Deserializer<'de> for Key<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.deserialize_str(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Methods that take one kind of item only, where the visitor alone would take others.
macro_rules! only {
    ($($method:ident $(($($argument:ident: $type:ty),*))? => $kind:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self $($(, $argument: $type)*)?, visitor: V) -> Result<V::Value, Error> {
            match self.head()? {
                head @ Head::$kind(_) => self.visit(head, visitor),
                other => Err(other.instead_of(&visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let head = self.head()?;
        self.visit(head, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        const NULLS: [u8; 2] = [Kind::Simple.head() | additional::NULL, Kind::Simple.head() | additional::UNDEFINED];
        match self.rest.split_first() {
            Some((first, rest)) if NULLS.contains(first) => {
                self.rest = rest;
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    /// A [`Timestamp`] is a number of milliseconds, tagged or not.
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name != Timestamp::NAME {
            return visitor.visit_newtype_struct(self);
        }
        let (_, head) = self.tagged()?;
        self.visit(head, visitor)
    }

    /// A value of an enumeration is its name; AWS's protocols have no others.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let name = <String as serde::Deserialize>::deserialize(self)?;
        let name: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        visitor.visit_enum(name)
    }

    only! {
        deserialize_str => Text;
        deserialize_string => Text;
        deserialize_char => Text;
        deserialize_identifier => Text;
        deserialize_bytes => Bytes;
        deserialize_byte_buf => Bytes;
        deserialize_seq => Array;
        deserialize_tuple(_length: usize) => Array;
        deserialize_tuple_struct(_name: &'static str, _length: usize) => Array;
        deserialize_map => Map;
        deserialize_struct(_name: &'static str, _members: &'static [&'static str]) => Map;
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 unit unit_struct ignored_any
    }
}
