//! The sequence number of a Kinesis record.
//!
//! It is a decimal number of up to 129 digits: too long for any machine integer, and for a DynamoDB number, which keeps
//! 38. So it is stored as text and compared by length, then digit by digit.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SequenceNumber(String);

impl SequenceNumber {
    pub fn new(digits: impl Into<String>) -> Self {
        Self(digits.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as a text that sorts as the number does, for conditions that DynamoDB compares byte by byte.
    pub fn sortable(&self) -> String {
        format!("{:03}:{}", self.0.len(), self.0)
    }
}

impl Ord for SequenceNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for SequenceNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_number_is_greater_and_the_sortable_text_agrees() {
        let rows = ["0", "9", "10", "99", "49590338271490256608559692538361571095921575989136588898"];
        for pair in rows.windows(2) {
            let [less, greater] = [pair[0], pair[1]].map(SequenceNumber::new);
            assert!(less < greater, "{less} < {greater}");
            assert!(less.sortable() < greater.sortable(), "{less} < {greater} as text");
        }
    }
}
