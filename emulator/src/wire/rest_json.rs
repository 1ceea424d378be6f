//! restJson1: the operation in method and path, members in path, query string and JSON body.
//!
//! <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>

use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::labelled;
use super::structures::FromObjects;
use crate::kernel::ApiError;

/// Reads the body's document with the path's labels and the query's parameters as further members.
pub fn decode<T: DeserializeOwned>(
    labels: &[(&'static str, String)],
    query: &[(String, String)],
    body: &[u8],
) -> Result<T, ApiError> {
    if query.is_empty()
        && let Some(read) = labelled::read(labels, body)
    {
        return Ok(read);
    }
    let mut document: Map<String, Value> = super::aws_json::decode(body)?;
    for (name, value) in super::query::members(query) {
        document.entry(name).or_insert(value);
    }
    for (name, value) in labels {
        document.insert((*name).to_owned(), Value::String(value.clone()));
    }
    let read = T::deserialize(FromObjects(Value::Object(document)));
    read.map_err(|error| ApiError::serialization(error.to_string()))
}

/// The labels of `path` if it fits `template`, percent-decoded.
///
/// The raw path is matched, segment by segment: a model's ARN arrives as one
/// segment with `%2F` in it. A trailing slash counts, since AWS has operations
/// that differ only in it.
pub fn labels(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    let mut labels = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(labels),
            (Some(want), Some(got)) => match want.strip_prefix('{').and_then(|want| want.strip_suffix('}')) {
                Some(_) if got.is_empty() => return None,
                Some(label) => labels.push((label, percent_decode_str(got).decode_utf8().ok()?.into_owned())),
                None if want == got => {}
                None => return None,
            },
            _ => return None,
        }
    }
}

/// The labels of `template` as they stand in a document that holds all members of a request.
pub fn labels_of_document(template: &'static str, body: &[u8]) -> Vec<(&'static str, String)> {
    // What is no document is told to whoever decodes it.
    let Ok(document) = super::aws_json::decode::<Map<String, Value>>(body) else { return Vec::new() };
    let names = template.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.filter_map(|name| Some((name, document.get(name)?.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_from_the_path_the_query_and_the_body_in_this_order() {
        let labels = [("Name", "path".to_owned())];
        let query = [("Name", "query"), ("Body", "query"), ("Other", "query")];
        let query = query.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let read: Value = decode(&labels, &query, br#"{"Name":"body","Body":1}"#).unwrap();
        assert_eq!(read, serde_json::json!({"Name": "path", "Body": 1, "Other": "query"}));
        for (body, expected) in [
            (&b""[..], r#"{"Name":"path"}"#),
            (b" {} ", r#"{"Name":"path"}"#),
            (br#"{"Body":{"Name":[1]},"Name":{"a":"\ud83d\ude00"}}"#, r#"{"Body":{"Name":[1]},"Name":"path"}"#),
            (br#"{"Body":1,"Body":2}"#, r#"{"Body":2,"Name":"path"}"#),
        ] {
            let read: Value = decode(&labels, &[], body).unwrap();
            assert_eq!(read, serde_json::from_str::<Value>(expected).unwrap());
        }
        for body in [&b"{"[..], b"[]", b"{} {}", br#"{"Name":"\ud83d"}"#, b"{\"Other\":\"\xff\"}", br#"{"Name":01}"#] {
            assert!(decode::<Value>(&labels, &[], body).is_err(), "{}", body.escape_ascii());
        }
    }

    #[test]
    fn a_document_holds_what_would_stand_in_the_path() {
        let body = br#"{"modelId":"m:0","more":{"modelId":"x"}}"#;
        assert_eq!(labels_of_document("/model/{modelId}/converse", body), [("modelId", "m:0".to_owned())]);
        for body in [&b"{}"[..], b"[", br#"{"modelId":1}"#] {
            assert_eq!(labels_of_document("/model/{modelId}/converse", body), []);
        }
    }

    #[test]
    fn a_path_gives_its_labels_decoded() {
        let template = "/model/{modelId}/converse";
        for (path, expected) in [
            ("/model/anthropic.claude-v1%3A0/converse", Some("anthropic.claude-v1:0")),
            ("/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A0%3Ax%2Fy/converse", Some("arn:aws:bedrock:us-east-1:0:x/y")),
            ("/model/a/converse-stream", None),
            ("/model//converse", None),
            ("/model/a/converse/", None),
            ("/", None),
        ] {
            let found = labels(template, path).map(|labels| labels[0].1.clone());
            assert_eq!(found.as_deref(), expected, "{path}");
        }
    }
}
