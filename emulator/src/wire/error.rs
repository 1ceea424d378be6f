//! Errors as each protocol writes them.

use serde_json::{Map, Value};

use crate::kernel::{ApiError, Protocol};

/// How the body of an error is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One document, in the encoding of the request. The second part stands before the code in `__type`: `com.amazonaws.dynamodb.v20120810#`.
    Document(Protocol, &'static str),
    /// A service's query protocol, with the namespace of its answers.
    Query(&'static str),
    /// The query and REST-XML services that are not here yet: so that
    /// their SDKs, too, can read why.
    Xml,
    /// REST-XML with `noErrorWrapping`.
    BareXml,
}

/// The content type, the headers and the body of an error.
pub fn encode(
    style: Style,
    error: &ApiError,
    request_id: &str,
) -> (&'static str, Vec<(&'static str, String)>, Vec<u8>) {
    let mut headers = error.headers.clone();
    match style {
        Style::Document(protocol, namespace) => {
            if protocol == Protocol::RestJson1 {
                headers.push(("x-amzn-errortype", error.code.clone()));
            }
            (super::content_type(protocol), headers, document(protocol, namespace, error))
        }
        Style::Query(namespace) => ("text/xml", headers, super::aws_query::error(namespace, error, request_id)),
        Style::Xml => ("text/xml", headers, xml(error, request_id)),
        Style::BareXml => ("application/xml", headers, bare_xml(error, request_id)),
    }
}

fn document(protocol: Protocol, namespace: &str, error: &ApiError) -> Vec<u8> {
    let mut body = Map::new();
    if protocol != Protocol::RestJson1 {
        body.insert("__type".to_owned(), Value::String(format!("{namespace}{}", error.code)));
    }
    // Some services' models call it `Message`; their errors bring it along.
    if !error.members.contains_key("Message") {
        body.insert("message".to_owned(), Value::String(error.message.clone()));
    }
    body.extend((*error.members).clone());
    super::encode(protocol, &body)
}

fn xml(error: &ApiError, request_id: &str) -> Vec<u8> {
    let kind = if error.status < 500 { "Sender" } else { "Receiver" };
    format!(
        "<?xml version=\"1.0\"?>\n<ErrorResponse><Error><Type>{kind}</Type><Code>{}</Code><Message>{}</Message></Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>",
        escape(&error.code),
        escape(&error.message)
    )
    .into_bytes()
}

fn bare_xml(error: &ApiError, request_id: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>\
         <RequestId>{request_id}</RequestId></Error>",
        escape(&error.code),
        escape(&error.message)
    )
    .into_bytes()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
