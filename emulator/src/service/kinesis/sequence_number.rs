//! Sequence numbers: 186 bits, written as 56 decimal digits.
//!
//! AWS documents them as opaque and growing. Numbers that AWS has published
//! (`49543463076548007577105092703039560359975228518395019266`) show, written in
//! hexadecimal, when the shard was made, a counter, the second of the write, the
//! shard and a version. Ours are built the same way, so that they sort, look and
//! encode their shard as AWS's do:
//!
//! | bits    | what                                        |
//! |---------|---------------------------------------------|
//! | 180-187 | `0x20`                                      |
//! | 148-179 | the second in which the shard was made      |
//! | 144-147 | the shard's number, its last four bits      |
//! | 80-143  | a counter within the shard                  |
//! | 36-67   | the second of the write                     |
//! | 4-35    | the shard's number                          |
//! | 0-3     | the version, 2                              |

use std::fmt;

use serde::{Serialize, Serializer};

const MARK: u64 = 0x20;
const VERSION: u128 = 2;
/// The largest power of ten that fits 64 bits, and its digits.
const LIMB: u64 = 10_000_000_000_000_000_000;
const LIMB_DIGITS: usize = 19;

/// The place of a record in its shard. Counter 0 is the shard's start; records count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceNumber {
    pub shard: u32,
    pub shard_created_secs: u32,
    pub counter: u64,
    pub written_secs: u32,
}

impl SequenceNumber {
    /// Reads one of ours; `None` for digits that no shard of ours can have given.
    pub fn parse(text: &str) -> Option<Self> {
        let number = Wide::parse(text)?;
        let shard = (number.low >> 4) as u32;
        let found = Self {
            shard,
            shard_created_secs: (number.high >> 20) as u32,
            counter: (number.high << 48) | (number.low >> 80) as u64,
            written_secs: (number.low >> 36) as u32,
        };
        (found.wide() == number).then_some(found)
    }

    fn followed_within_its_second_by(self, next: Self) -> bool {
        self.counter.checked_add(1).is_some_and(|counter| Self { counter, ..self } == next)
    }

    fn wide(self) -> Wide {
        let nibble = u64::from(self.shard & 0xf);
        Wide {
            high: (MARK << 52) | (u64::from(self.shard_created_secs) << 20) | (nibble << 16) | (self.counter >> 48),
            low: (u128::from(self.counter) << 80)
                | (u128::from(self.written_secs) << 36)
                | (u128::from(self.shard) << 4)
                | VERSION,
        }
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Decimal::of(*self).fmt(f)
    }
}

/// A sequence number as it is written. 186 bits are at most 56 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// The lowest first, each below [`LIMB`].
    limbs: [u64; 3],
}

impl Decimal {
    /// 2^80: what stands between the numbers of records that follow each other within a second.
    const STEP: Self = Self { limbs: [5_819_614_629_174_706_176, 120_892, 0] };
    const DIGITS: usize = 3 * LIMB_DIGITS;

    pub fn of(number: SequenceNumber) -> Self {
        let Wide { high, low } = number.wide();
        let mut binary = [high, (low >> 64) as u64, low as u64];
        let mut limbs = [0_u64; 3];
        for limb in &mut limbs {
            let mut rest = 0_u64;
            for part in &mut binary {
                let dividend = (u128::from(rest) << 64) | u128::from(*part);
                *part = (dividend / u128::from(LIMB)) as u64;
                rest = (dividend % u128::from(LIMB)) as u64;
            }
            *limb = rest;
        }
        Self { limbs }
    }

    fn plus(self, other: Self) -> Self {
        let mut carry = 0;
        let mut limbs = self.limbs;
        for (limb, other) in limbs.iter_mut().zip(other.limbs) {
            let sum = u128::from(*limb) + u128::from(other) + carry;
            carry = u128::from(sum >= u128::from(LIMB));
            *limb = (sum - carry * u128::from(LIMB)) as u64;
        }
        Self { limbs }
    }

    /// The text, in `digits`, without leading zeros.
    fn text(self, digits: &mut [u8; Self::DIGITS]) -> &str {
        for (place, mut limb) in digits.rchunks_mut(LIMB_DIGITS).zip(self.limbs) {
            // Two at a time: half as many long divisions.
            for pair in place.rchunks_mut(2) {
                let two = (limb % 100) as u8;
                limb /= 100;
                match pair {
                    [tens, ones] => (*tens, *ones) = (b'0' + two / 10, b'0' + two % 10),
                    rest => rest.fill(b'0' + two % 10),
                }
            }
        }
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count().min(Self::DIGITS - 1);
        std::str::from_utf8(&digits[zeros..]).expect("digits are ASCII")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(&mut [0; Self::DIGITS]))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text(&mut [0; Self::DIGITS]))
    }
}

/// Turns numbers into decimals. One that follows the one before it costs an addition, where others cost divisions.
#[derive(Clone, Debug, Default)]
pub struct Decimals {
    last: Option<(SequenceNumber, Decimal)>,
}

impl Decimals {
    pub fn of(&mut self, number: SequenceNumber) -> Decimal {
        let decimal = match self.last {
            Some((last, decimal)) if last.followed_within_its_second_by(number) => decimal.plus(Decimal::STEP),
            _ => Decimal::of(number),
        };
        self.last = Some((number, decimal));
        decimal
    }
}

/// 192 bits, of which `high` holds the upper 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wide {
    high: u64,
    low: u128,
}

impl Wide {
    fn parse(text: &str) -> Option<Self> {
        let mut limbs = [0_u64; 3];
        for digit in text.bytes() {
            if !digit.is_ascii_digit() {
                return None;
            }
            let mut carry = u128::from(digit - b'0');
            for limb in &mut limbs {
                let product = u128::from(*limb) * 10 + carry;
                *limb = product as u64;
                carry = product >> 64;
            }
            if carry > 0 {
                return None;
            }
        }
        Some(Self { high: limbs[2], low: (u128::from(limbs[1]) << 64) | u128::from(limbs[0]) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_aws_published_read_and_write_themselves() {
        for (text, shard, shard_created_secs, counter, written_secs) in [
            ("49543463076548007577105092703039560359975228518395019266", 0, 0x5420_50cd, 5501, 0x5420_bb34),
            ("49543463076570308322303623326179887152428262250726293522", 1, 0x5420_50cd, 5500, 0x5420_bb34),
            ("49546986683135544286507457935754639466300920667981217794", 0, 0x54b6_fffe, 0, 0x54b6_fffe),
        ] {
            let number = SequenceNumber::parse(text).unwrap();
            assert_eq!(number, SequenceNumber { shard, shard_created_secs, counter, written_secs });
            assert_eq!(number.to_string(), text);
        }
    }

    #[test]
    fn numbers_keep_all_their_parts_and_have_56_digits() {
        for counter in [0, 1, 2, 0xffff, 1 << 48, u64::MAX] {
            for shard in [0, 1, 15, 16, 12_345, u32::MAX] {
                let number =
                    SequenceNumber { shard, shard_created_secs: 1_767_225_600, counter, written_secs: 1_767_225_999 };
                let text = number.to_string();
                assert_eq!(text.len(), 56);
                assert!(text.starts_with("496"), "{text}");
                assert_eq!(SequenceNumber::parse(&text), Some(number));
            }
        }
    }

    #[test]
    fn numbers_of_a_shard_sort_as_they_were_given() {
        let text = |counter, written_secs| {
            SequenceNumber { shard: 3, shard_created_secs: 1_767_225_600, counter, written_secs }.to_string()
        };
        assert!(text(0, 1_767_225_600) < text(1, 1_767_225_600));
        assert!(text(1, 1_767_229_999) < text(2, 1_767_230_000));
        assert!(text(65_535, 1_767_230_000) < text(65_536, 1_767_230_000));
    }

    #[test]
    fn other_digits_are_no_sequence_number() {
        let too_long = "9".repeat(129);
        for text in ["", "0", "7", "49546986683135544286507457935754639466300920667981217795", "1x", &too_long] {
            assert_eq!(SequenceNumber::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_that_follow_each_other_are_written_as_any() {
        let mut decimals = Decimals::default();
        for (counter, written_secs) in [(0, 5), (1, 5), (2, 5), (3, 6), (9, 6), (10, 6)] {
            for counter in [counter, counter + (1 << 48), counter + u64::MAX / 3 * 2, u64::MAX - counter] {
                let number = SequenceNumber { shard: 3, shard_created_secs: 1_767_225_600, counter, written_secs };
                assert_eq!(decimals.of(number).to_string(), number.to_string());
                let next = SequenceNumber { counter: counter.wrapping_add(1), ..number };
                assert_eq!(decimals.of(next).to_string(), next.to_string());
            }
        }
        for shard in 0..4 {
            for counter in 0..10_000 {
                let number = SequenceNumber { shard, shard_created_secs: u32::MAX, counter, written_secs: u32::MAX };
                assert_eq!(decimals.of(number), Decimal::of(number));
            }
        }
    }
}
