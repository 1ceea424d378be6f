//! Sequence numbers of stream records: decimal, at least 21 digits.
//!
//! AWS documents them as opaque and growing. Those it has published
//! (`300000000000000499659` before `400000000000000499660`) are a counter
//! followed by twenty digits of a position. Ours are built the same way, so that
//! they look, grow and leave gaps as AWS's do.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html>

use std::fmt;

const POSITION_DIGITS: usize = 20;

/// The place of a record in its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceNumber {
    /// Grows by one with each record and with each new shard.
    pub counter: u64,
    pub position: u64,
}

impl SequenceNumber {
    /// Reads one of the form; whether it was given out is the stream's to say.
    pub fn parse(text: &str) -> Option<Self> {
        let (counter, position) = text.split_at_checked(text.len().checked_sub(POSITION_DIGITS)?)?;
        let number = Self { counter: counter.parse().ok()?, position: position.parse().ok()? };
        (number.to_string() == text).then_some(number)
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:0POSITION_DIGITS$}", self.counter, self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_aws_published_read_and_write_themselves() {
        for (text, counter, position) in [
            ("300000000000000499659", 3, 499_659),
            ("20500000000000000910398", 205, 910_398),
            ("820400000000000001192334", 8204, 1_192_334),
            ("2574600000000000000935255", 25_746, 935_255),
        ] {
            let number = SequenceNumber::parse(text).unwrap();
            assert_eq!(number, SequenceNumber { counter, position });
            assert_eq!(number.to_string(), text);
        }
    }

    #[test]
    fn other_texts_are_no_sequence_number() {
        for text in [
            "",
            "7",
            "00000000000000499659",
            "000000000000000499659x",
            "0300000000000000499659",
            "+00000000000000499659",
            "é00000000000000049965",
            "399999999999999999999",
            "9999999999999999999999999999999999999999",
        ] {
            assert_eq!(SequenceNumber::parse(text), None, "{text}");
        }
    }
}
