//! The NextToken of a statement: where the page before ended, for the same statement and parameters alone.
//!
//! AWS's are encrypted. Ours carry a digest, so that what was not given out for this statement is told apart.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::attribute_json::{self, GivenItem};
use super::value::{AttributeValue, Item};
use crate::kernel::ApiError;

const DIGEST_BYTES: usize = 16;

/// Where a page ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Which of the partitions that were asked for; zero for a scan.
    pub partition: usize,
    /// The keys of the last item, those of the table and those of the index.
    pub key: Item,
}

#[derive(Serialize)]
struct Written<'a> {
    partition: usize,
    key: &'a Item,
}

#[derive(Deserialize)]
struct Given {
    partition: usize,
    key: GivenItem,
}

pub fn seal(place: &Place, statement: &str, parameters: &[AttributeValue]) -> String {
    let body = serde_json::to_vec(&Written { partition: place.partition, key: &place.key })
        .expect("a key is plain data with text keys");
    let mut bytes = digest(&body, statement, parameters);
    bytes.extend(body);
    STANDARD.encode(bytes)
}

/// Reads what [`seal`] wrote for the same statement. Callers report AWS's words for another statement's token; that
/// they hold for any other text is assumed.
pub fn open(token: &str, statement: &str, parameters: &[AttributeValue]) -> Result<Place, ApiError> {
    let read = || {
        let bytes = STANDARD.decode(token).ok()?;
        let (given, body) = bytes.split_at_checked(DIGEST_BYTES)?;
        if given != digest(body, statement, parameters) {
            return None;
        }
        let Given { partition, key } = serde_json::from_slice(body).ok()?;
        Some(Place { partition, key: attribute_json::item(key).ok()? })
    };
    read().ok_or_else(mismatch)
}

pub fn mismatch() -> ApiError {
    ApiError::validation("NextToken does not match request")
}

fn digest(body: &[u8], statement: &str, parameters: &[AttributeValue]) -> Vec<u8> {
    let parameters = serde_json::to_vec(parameters).expect("values are plain data");
    let mut hasher = Md5::new();
    for part in [body, statement.as_bytes(), &parameters] {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_for_its_own_statement_only() {
        let value = |text: &str| AttributeValue::S(text.to_owned());
        let place = Place { partition: 2, key: Item::from([("id".to_owned(), value("a"))]) };
        let token = seal(&place, "SELECT", &[value("x")]);
        assert_eq!(open(&token, "SELECT", &[value("x")]), Ok(place));
        for (token, statement, parameter) in [
            (token.as_str(), "SELECT *", "x"),
            (token.as_str(), "SELECT", "y"),
            ("", "SELECT", "x"),
            ("not base64!", "SELECT", "x"),
            ("AAAA", "SELECT", "x"),
            (&token[..token.len() - 4], "SELECT", "x"),
        ] {
            assert_eq!(open(token, statement, &[value(parameter)]), Err(mismatch()), "{token} {statement} {parameter}");
        }
    }
}
