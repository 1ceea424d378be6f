//! The id of a log event: a number of 56 digits that begins with the event's time, so that ids sort as events do.
//!
//! Observed on AWS (`31132629274945519779805322857203735586714454643391594505`, in the reference of GetLogEvents):
//! milliseconds times 2^144, plus what tells events of one millisecond apart.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kernel::store::Name;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventId {
    pub millis: u64,
    /// The place of the event among all that were written, from 1 on.
    pub number: u64,
    /// Zero for events. A place between events may lie beside one.
    #[serde(skip)]
    pub beside: u64,
}

/// Until the year 2112; it may have two more.
const DIGITS: usize = 56;
const DIGITS_MAX: usize = 58;
/// In base 2^32.
const LIMBS: usize = 6;
const MILLIS_MAX: u64 = (1 << 48) - 1;

impl EventId {
    pub fn new(millis: i64, number: u64) -> Self {
        Self { millis: u64::try_from(millis).unwrap_or(0).min(MILLIS_MAX), number, beside: 0 }
    }

    /// The first place behind it.
    pub fn behind(self) -> Self {
        Self { beside: self.beside.saturating_add(1), ..self }
    }

    /// The last place before it.
    pub fn before(self) -> Self {
        match (self.beside.checked_sub(1), self.number.checked_sub(1)) {
            (Some(beside), _) => Self { beside, ..self },
            (None, Some(number)) => Self { number, beside: u64::MAX, ..self },
            (None, None) => Self { millis: self.millis.saturating_sub(1), number: u64::MAX, beside: u64::MAX },
        }
    }

    /// Reads what its `Display` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        if !(DIGITS..=DIGITS_MAX).contains(&text.len()) || !text.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let mut limbs = [0_u32; LIMBS];
        for digit in text.bytes() {
            let mut carry = u64::from(digit - b'0');
            for limb in &mut limbs {
                carry += u64::from(*limb) * 10;
                *limb = carry as u32;
                carry >>= 32;
            }
            if carry > 0 {
                return None;
            }
        }
        let word = |low: usize| u64::from(limbs[low]) | u64::from(limbs[low + 1]) << 32;
        let (low, middle, high) = (word(0), word(2), word(4));
        if low & 0xffff != 0 {
            return None;
        }
        Some(Self {
            millis: high >> 16,
            number: (high & 0xffff) << 48 | middle >> 16,
            beside: (middle & 0xffff) << 48 | low >> 16,
        })
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let high = self.millis << 16 | self.number >> 48;
        let middle = self.number << 16 | self.beside >> 48;
        let low = self.beside << 16;
        let words = [low, middle, high];
        let mut limbs: Vec<u32> = words.iter().flat_map(|word| [*word as u32, (*word >> 32) as u32]).collect();
        let mut digits = [b'0'; DIGITS_MAX];
        for digit in digits.iter_mut().rev() {
            let mut rest = 0_u64;
            for limb in limbs.iter_mut().rev() {
                let value = rest << 32 | u64::from(*limb);
                *limb = (value / 10) as u32;
                rest = value % 10;
            }
            *digit = b'0' + rest as u8;
        }
        let text = std::str::from_utf8(&digits).expect("digits are ASCII");
        let zeros = text.bytes().take_while(|digit| *digit == b'0').count().min(DIGITS_MAX - DIGITS);
        f.write_str(&text[zeros..])
    }
}

/// What an event is called where it is kept: `1767225600000-17`.
impl Name for EventId {
    fn to_text(&self) -> String {
        format!("{}-{}", self.millis, self.number)
    }

    fn of_text(text: &str) -> Option<Self> {
        let (millis, number) = text.split_once('-')?;
        Some(Self { millis: millis.parse().ok()?, number: number.parse().ok()?, beside: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_56_digits_that_begin_with_the_time_and_is_read_as_it_is_written() {
        let text = EventId::new(1_396_035_378_988, 0).to_string();
        assert!(text.starts_with("311326292749455197") && text.len() == 56, "{text}");
        let ids = [
            EventId::default(),
            EventId::new(0, 1),
            EventId::new(1_767_225_600_000, 1),
            EventId::new(1_767_225_600_000, 1).behind(),
            EventId::new(1_767_225_600_000, 2),
            EventId::new(1_767_225_600_000, u64::MAX),
            EventId { beside: u64::MAX, ..EventId::new(1_767_225_600_000, u64::MAX) },
            EventId::new(1_767_225_600_001, 0),
            EventId::new(4_000_000_000_000, 7),
        ];
        for pair in ids.windows(2) {
            assert!(pair[0] < pair[1] && pair[0].to_string() < pair[1].to_string(), "{pair:?}");
        }
        for id in ids {
            assert_eq!(EventId::parse(&id.to_string()), Some(id));
            assert!(id == EventId::default() || id.before() < id);
            assert!(id.beside == u64::MAX || id.behind() > id);
        }
        let late = EventId::new(i64::MAX, 7);
        assert_eq!(EventId::parse(&late.to_string()), Some(late));
        for bad in ["", "1", &"9".repeat(56), &"x".repeat(56), &"0".repeat(57), &"0".repeat(59), &"9".repeat(58)] {
            let read = EventId::parse(bad);
            assert!(
                read.is_none_or(|id| id.to_string().trim_start_matches('0') == bad.trim_start_matches('0')),
                "{bad}"
            );
        }
    }
}
