//! A moment on the emulator's clock, to the millisecond.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since 1970-01-01T00:00:00Z.
///
/// On the wire of the JSON protocols AWS writes seconds as a number with up to
/// three decimals; that is how this type is written and read. In encodings for
/// machines it is a newtype of that [`NAME`](Self::NAME) with the milliseconds:
/// their tag is the encoding's business.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// How encodings for machines recognise a timestamp.
    pub const NAME: &'static str = "Timestamp";

    /// Before every moment that a date can be written of.
    pub const FIRST: Timestamp = Timestamp::from_secs(-377_705_023_201);

    /// 9999-12-30T22:00:00Z: later moments have no date that can be written.
    pub const LAST: Timestamp = Timestamp::from_secs(253_402_207_200);

    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// From the seconds, possibly fractional, of a request. Values outside the
    /// range of the type are clamped to it: they compare as they should.
    pub fn from_secs_f64(secs: f64) -> Self {
        Self((secs * 1000.0).round() as i64)
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// How long after `earlier` this is; zero if it is before.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// `2026-01-01T00:00:00Z`, with milliseconds only where there are some.
    pub fn to_rfc3339(self) -> String {
        jiff::Timestamp::from_millisecond(self.0).map_or_else(|_| self.0.to_string(), |at| at.to_string())
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;
    fn add(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;
    fn sub(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_newtype_struct(Self::NAME, &self.0);
        }
        if self.0 % 1000 == 0 {
            serializer.serialize_i64(self.0 / 1000)
        } else {
            serializer.serialize_f64(self.as_secs_f64())
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(SecondsVisitor)
        } else {
            deserializer.deserialize_newtype_struct(Self::NAME, MillisVisitor)
        }
    }
}

struct SecondsVisitor;

impl Visitor<'_> for SecondsVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timestamp as a number of seconds")
    }

    fn visit_i64<E: Error>(self, secs: i64) -> Result<Timestamp, E> {
        Ok(Timestamp::from_secs(secs))
    }

    fn visit_u64<E: Error>(self, secs: u64) -> Result<Timestamp, E> {
        Ok(Timestamp::from_secs(i64::try_from(secs).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E: Error>(self, secs: f64) -> Result<Timestamp, E> {
        Ok(Timestamp::from_secs_f64(secs))
    }
}

struct MillisVisitor;

impl Visitor<'_> for MillisVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timestamp as a number of milliseconds")
    }

    fn visit_i64<E: Error>(self, millis: i64) -> Result<Timestamp, E> {
        Ok(Timestamp::from_millis(millis))
    }

    fn visit_u64<E: Error>(self, millis: u64) -> Result<Timestamp, E> {
        Ok(Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E: Error>(self, millis: f64) -> Result<Timestamp, E> {
        Ok(Timestamp::from_millis(millis.round() as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn a_timestamp_is_read_as_it_is_written() {
        for (text, millis) in [("1767225600", 1_767_225_600_000), ("1767225600.25", 1_767_225_600_250), ("-1.5", -1500)]
        {
            let timestamp: Timestamp = serde_json::from_str(text).unwrap();
            assert_eq!(timestamp, Timestamp::from_millis(millis));
            assert_eq!(serde_json::to_string(&timestamp).unwrap(), text);
        }
        assert!(serde_json::from_str::<Timestamp>("\"2026-01-01T00:00:00Z\"").is_err());
    }
}
