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

const MARK: u64 = 0x20;
const VERSION: u128 = 2;
/// The largest power of ten that fits 64 bits, and its digits.
const CHUNK: u64 = 10_000_000_000_000_000_000;
const CHUNK_DIGITS: usize = 19;

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
        self.wide().fmt(f)
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

impl fmt::Display for Wide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut limbs = [self.high, (self.low >> 64) as u64, self.low as u64];
        let mut chunks = [0_u64; 4];
        for chunk in &mut chunks {
            let mut rest = 0_u64;
            for limb in &mut limbs {
                let dividend = (u128::from(rest) << 64) | u128::from(*limb);
                *limb = (dividend / u128::from(CHUNK)) as u64;
                rest = (dividend % u128::from(CHUNK)) as u64;
            }
            *chunk = rest;
        }
        let digits: String = chunks.iter().rev().map(|chunk| format!("{chunk:0CHUNK_DIGITS$}")).collect();
        let digits = digits.trim_start_matches('0');
        f.write_str(if digits.is_empty() { "0" } else { digits })
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
}
