//! Writes CBOR: lengths where they are known, the shortest form of every number.

use serde::Serializer;
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::{BREAK, EPOCH, Error, Kind, additional};
use crate::kernel::Timestamp;

#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

/// A list or structure that is being written.
pub struct Open<'a> {
    writer: &'a mut Writer,
    /// Its length is not known: a break ends it.
    needs_break: bool,
}

impl Writer {
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn head(&mut self, kind: Kind, argument: u64) {
        let first = kind.head();
        if let Ok(small) = u8::try_from(argument) {
            if small < additional::ONE_BYTE {
                self.bytes.push(first | small);
            } else {
                self.bytes.extend([first | additional::ONE_BYTE, small]);
            }
        } else if let Ok(argument) = u16::try_from(argument) {
            self.bytes.push(first | additional::TWO_BYTES);
            self.bytes.extend(argument.to_be_bytes());
        } else if let Ok(argument) = u32::try_from(argument) {
            self.bytes.push(first | additional::FOUR_BYTES);
            self.bytes.extend(argument.to_be_bytes());
        } else {
            self.bytes.push(first | additional::EIGHT_BYTES);
            self.bytes.extend(argument.to_be_bytes());
        }
    }

    fn simple(&mut self, value: u8) {
        self.bytes.push(Kind::Simple.head() | value);
    }

    fn text(&mut self, text: &str) {
        self.head(Kind::Text, text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn open(&mut self, kind: Kind, length: Option<usize>) -> Open<'_> {
        match length {
            Some(length) => self.head(kind, length as u64),
            None => self.bytes.push(kind.head() | additional::INDEFINITE),
        }
        Open { writer: self, needs_break: length.is_none() }
    }

    /// A value that has a name: a structure with one member.
    fn named(&mut self, name: &str) -> &mut Self {
        self.head(Kind::Map, 1);
        self.text(name);
        self
    }
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = Open<'a>;
    type SerializeTupleVariant = Open<'a>;
    type SerializeMap = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = Open<'a>;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.simple(if value { additional::TRUE } else { additional::FALSE });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        match u64::try_from(value) {
            Ok(value) => self.head(Kind::Unsigned, value),
            Err(_) => self.head(Kind::Negative, !value as u64),
        }
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.head(Kind::Unsigned, value);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.simple(additional::FOUR_BYTES);
        self.bytes.extend(value.to_be_bytes());
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.simple(additional::EIGHT_BYTES);
        self.bytes.extend(value.to_be_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.head(Kind::Bytes, value.len() as u64);
        self.bytes.extend_from_slice(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.simple(additional::NULL);
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    /// A [`Timestamp`] writes its milliseconds.
    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, name: &'static str, value: &T) -> Result<(), Error> {
        if name == Timestamp::NAME {
            self.head(Kind::Tag, EPOCH);
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self.named(variant))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Open<'a>, Error> {
        Ok(self.open(Kind::Array, length))
    }

    fn serialize_tuple(self, length: usize) -> Result<Open<'a>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<Open<'a>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Open<'a>, Error> {
        self.named(variant).serialize_seq(Some(length))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Open<'a>, Error> {
        Ok(self.open(Kind::Map, length))
    }

    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Open<'a>, Error> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Open<'a>, Error> {
        self.named(variant).serialize_map(Some(length))
    }
}

impl Open<'_> {
    fn member<T: ?Sized + Serialize>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        self.writer.text(name);
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        if self.needs_break {
            self.writer.bytes.push(BREAK);
        }
    }
}

impl SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeTuple for Open<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeTupleStruct for Open<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeTupleVariant for Open<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Error> {
        key.serialize(&mut *self.writer)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.member(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeStructVariant for Open<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.member(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}
