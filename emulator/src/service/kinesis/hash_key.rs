//! Hash keys: the 128-bit space in which partition keys fall and which the
//! shards of a stream share out.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key>

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

/// Where records of this partition key go: "an MD5 hash function is used to map
/// partition keys to 128-bit integer values".
pub fn of_partition_key(partition_key: &str) -> u128 {
    u128::from_be_bytes(Md5::digest(partition_key.as_bytes()).into())
}

/// A range of hash keys, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HashKeyRange {
    #[serde(rename = "StartingHashKey", with = "text")]
    pub start: u128,
    #[serde(rename = "EndingHashKey", with = "text")]
    pub end: u128,
}

/// Hash keys travel as decimal texts.
pub mod text {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(key: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(key)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl HashKeyRange {
    /// The whole space in `count` equal parts; the last takes what is left over, as on AWS.
    pub fn split_evenly(count: u32) -> impl Iterator<Item = Self> {
        let parts = u128::from(count.max(1));
        // 2^128 / parts, which for one part does not fit; that part starts at 0 all the same.
        let width = (u128::MAX / parts).wrapping_add(u128::from(u128::MAX % parts == parts - 1));
        (0..parts).map(move |part| Self {
            start: part.wrapping_mul(width),
            end: if part + 1 == parts { u128::MAX } else { (part + 1).wrapping_mul(width) - 1 },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_space_is_split_as_aws_documents_it() {
        for (count, ends) in [
            (1, vec!["340282366920938463463374607431768211455"]),
            (2, vec!["170141183460469231731687303715884105727", "340282366920938463463374607431768211455"]),
            (
                3,
                vec![
                    "113427455640312821154458202477256070484",
                    "226854911280625642308916404954512140969",
                    "340282366920938463463374607431768211455",
                ],
            ),
        ] {
            let ranges: Vec<_> = HashKeyRange::split_evenly(count).collect();
            let found: Vec<_> = ranges.iter().map(|range| range.end.to_string()).collect();
            assert_eq!(found, ends);
            assert_eq!(ranges[0].start, 0);
            for pair in ranges.windows(2) {
                assert_eq!(pair[0].end + 1, pair[1].start);
            }
        }
    }

    #[test]
    fn partition_keys_are_hashed_with_md5() {
        assert_eq!(of_partition_key("a"), 0x0cc1_75b9_c0f1_b6a8_31c3_99e2_6977_2661);
    }
}
