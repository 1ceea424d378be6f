//! Texts that callers hand back unread: shard iterators and paging tokens.
//!
//! AWS's are encrypted. Ours carry a checksum, so that what was not given out
//! here is told apart from what was.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// AWS's texts begin with `AAAAAAAAAA`: these bytes.
const HEAD: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];
const CHECKSUM_BYTES: usize = 4;

/// Writes `content` as a text of that kind.
pub fn seal<T: Serialize>(kind: &str, content: &T) -> String {
    let body = serde_json::to_vec(content).expect("what is sealed is plain data");
    let mut bytes = HEAD.to_vec();
    bytes.extend(checksum(kind, &body));
    bytes.extend(body);
    STANDARD.encode(bytes)
}

/// Reads what [`seal`] wrote for the same kind.
pub fn open<T: DeserializeOwned>(kind: &str, text: &str) -> Option<T> {
    let bytes = STANDARD.decode(text).ok()?;
    let (given, body) = bytes.strip_prefix(&HEAD)?.split_at_checked(CHECKSUM_BYTES)?;
    if given != checksum(kind, body) {
        return None;
    }
    serde_json::from_slice(body).ok()
}

/// The first `max` entries of a list, each given with its place, and a token of the last one's place if there are more.
pub fn page<P: Serialize, E>(
    kind: &str,
    entries: impl Iterator<Item = (P, E)>,
    max: usize,
) -> (Vec<E>, Option<String>) {
    let (mut page, mut last) = (Vec::new(), None);
    for (place, entry) in entries {
        if page.len() == max {
            return (page, last.map(|last| seal(kind, &last)));
        }
        page.push(entry);
        last = Some(place);
    }
    (page, None)
}

fn checksum(kind: &str, body: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind.as_bytes());
    hasher.update(body);
    hasher.finalize().to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_for_its_own_kind_only() {
        let text = seal("iterator", &("orders", 7));
        assert!(text.starts_with("AAAAAAAAAA"), "{text}");
        assert_eq!(open::<(String, u64)>("iterator", &text), Some(("orders".to_owned(), 7)));
        assert_eq!(open::<(String, u64)>("token", &text), None);
        for bad in ["", "AAAA", "not base64!", &text[..text.len() - 4], &text.replace('A', "B")] {
            assert_eq!(open::<(String, u64)>("iterator", bad), None, "{bad}");
        }
    }
}
