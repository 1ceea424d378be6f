//! Answers and errors of the query protocol.

use std::fmt::Write;

use serde_json::Value;

use super::{Member, Query};
use crate::kernel::ApiError;

/// An answer from the JSON document of an operation's output.
pub fn answer(query: &Query, operation: &str, document: &[u8], request_id: &str) -> Vec<u8> {
    let document = serde_json::from_slice(document).unwrap_or(Value::Null);
    let mut text = String::with_capacity(512);
    text.push_str("<?xml version=\"1.0\"?>");
    let _ = write!(text, "<{operation}Response xmlns=\"{}\">", query.namespace);
    if !query.without_result.contains(&operation) {
        let writer = Writer { query, operation };
        writer.element(&mut text, &format!("{operation}Result"), &document);
    }
    let _ =
        write!(text, "<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>");
    text.into_bytes()
}

pub fn error(namespace: &str, error: &ApiError, request_id: &str) -> Vec<u8> {
    let kind = if error.status < 500 { "Sender" } else { "Receiver" };
    let mut text = format!("<?xml version=\"1.0\"?><ErrorResponse xmlns=\"{namespace}\"><Error><Type>{kind}</Type>");
    for (name, value) in [("Code", &error.code), ("Message", &error.message)] {
        let _ = write!(text, "<{name}>");
        escape(&mut text, value);
        let _ = write!(text, "</{name}>");
    }
    let _ = write!(text, "<Detail/></Error><RequestId>{request_id}</RequestId></ErrorResponse>");
    text.into_bytes()
}

struct Writer<'a> {
    query: &'a Query,
    operation: &'a str,
}

impl Writer<'_> {
    fn element(&self, text: &mut String, name: &str, value: &Value) {
        let _ = write!(text, "<{name}>");
        match value {
            Value::Null => {}
            Value::Bool(value) => {
                let _ = write!(text, "{value}");
            }
            Value::Number(value) => {
                let _ = write!(text, "{value}");
            }
            Value::String(value) => escape(text, value),
            Value::Array(elements) => elements.iter().for_each(|element| self.element(text, "member", element)),
            Value::Object(members) => members.iter().for_each(|(name, value)| self.member(text, name, value)),
        }
        let _ = write!(text, "</{name}>");
    }

    /// A member of a structure: lists and maps are one element for each of theirs.
    fn member(&self, text: &mut String, name: &str, value: &Value) {
        let known = self.query.members.iter().find(|member| member.model == name);
        let wire = known.map_or_else(|| name.to_owned(), |member| member.wire.replace("{}", self.operation));
        match (value, known) {
            (Value::Null, _) => {}
            (Value::Object(entries), Some(Member { entry: Some((key, content)), .. })) => {
                for (name, value) in entries {
                    let _ = write!(text, "<{wire}><{key}>");
                    escape(text, name);
                    let _ = write!(text, "</{key}>");
                    self.element(text, content, value);
                    let _ = write!(text, "</{wire}>");
                }
            }
            (Value::Array(elements), _) => elements.iter().for_each(|element| self.element(text, &wire, element)),
            _ => self.element(text, &wire, value),
        }
    }
}

/// A reader of XML takes a bare carriage return for a line feed.
fn escape(text: &mut String, raw: &str) {
    for letter in raw.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\r' => text.push_str("&#xD;"),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: Query = Query {
        version: "2012-11-05",
        namespace: "urn:x",
        members: &[
            Member::list("Message", "Messages"),
            Member::list("{}Entry", "Successful"),
            Member::map("Attribute", "Attributes", "Name", "Value"),
        ],
        without_result: &["Forget"],
        addressed_by: None,
        error: Clone::clone,
    };

    #[test]
    fn lists_and_maps_are_flat() {
        let document = br#"{"Messages":[{"Body":"<a&b>\r\n","Attributes":{"x":{"Text":"1"},"y":"2"}},{}],"Successful":[{"Id":"1"}],"N":1,"No":null}"#;
        let text = String::from_utf8(answer(&QUERY, "Receive", document, "r-1")).unwrap();
        assert_eq!(
            text,
            "<?xml version=\"1.0\"?><ReceiveResponse xmlns=\"urn:x\"><ReceiveResult>\
             <Message><Body>&lt;a&amp;b&gt;&#xD;\n</Body><Attribute><Name>x</Name><Value><Text>1</Text></Value></Attribute>\
             <Attribute><Name>y</Name><Value>2</Value></Attribute></Message><Message></Message>\
             <ReceiveEntry><Id>1</Id></ReceiveEntry><N>1</N></ReceiveResult>\
             <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></ReceiveResponse>"
        );
        let text = String::from_utf8(answer(&QUERY, "Forget", b"{}", "r-2")).unwrap();
        assert!(!text.contains("ForgetResult"), "{text}");
    }

    #[test]
    fn an_error_says_whose_mistake_it_is() {
        let text = |status| {
            let what = ApiError::with_status(status, "Code", "a < b");
            String::from_utf8(error("urn:x", &what, "r-1")).unwrap()
        };
        assert!(text(404).contains("<Error><Type>Sender</Type><Code>Code</Code><Message>a &lt; b</Message><Detail/>"));
        assert!(text(500).contains("<Type>Receiver</Type>"));
    }
}
