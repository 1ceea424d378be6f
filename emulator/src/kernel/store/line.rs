//! Records as JSON lines: what a journal's entries, exports and snapshots consist of.
//!
//! ```text
//! {"path":"sqs/000000000000:us-east-1/queue/orders","value":{"name":"orders"}}
//! {"path":"sqs/000000000000:us-east-1/queue/orders/message/12"}
//! ```
//!
//! The second says that something is gone.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::{Record, Records};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    path: std::borrow::Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "there", skip_serializing_if = "Option::is_none")]
    value: Option<&'a RawValue>,
}

/// `null` is a value, too.
fn there<'de, D: Deserializer<'de>>(value: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(value).map(Some)
}

/// Adds a record as a line.
pub fn push(lines: &mut Vec<u8>, path: &str, value: Option<&[u8]>) {
    let value: Option<&RawValue> = value.map(|value| serde_json::from_slice(value).expect("a record's value is JSON"));
    let line = Line { path: path.into(), value };
    serde_json::to_writer(&mut *lines, &line).expect("memory takes what is written");
    lines.push(b'\n');
}

/// All records, a line each.
pub fn all(records: &Records) -> Vec<u8> {
    let mut lines = Vec::new();
    for (path, value) in records.iter() {
        push(&mut lines, path, Some(value));
    }
    lines
}

/// Reads one line; the error says what is wrong with it.
pub fn read(line: &str) -> Result<Record, String> {
    let line: Line<'_> = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let value = line.value.map(|value| value.get().as_bytes().to_vec());
    Ok(Record { path: line.path.into_owned(), value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_from_its_line() {
        for (path, value) in [("a/b", Some(&br#"{"b":1}"#[..])), ("a/\"q\"", Some(b"null")), ("a/b/c/%0A", None)] {
            let mut lines = Vec::new();
            push(&mut lines, path, value);
            let line = String::from_utf8(lines).unwrap();
            let record = Record { path: path.to_owned(), value: value.map(<[u8]>::to_vec) };
            assert_eq!(read(line.trim_end()), Ok(record), "{line}");
        }
        for bad in ["", "{}", "[]", r#"{"path":1}"#, r#"{"path":"a","valeu":1}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
