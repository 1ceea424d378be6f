//! Bytes to typed values and back, one file per protocol. Knows no service.

pub mod aws_json;
pub mod aws_query;
pub mod blob;
pub mod cbor;
pub mod error;
pub mod event_stream;
mod labelled;
pub mod query;
pub mod rest_json;
mod structures;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use blob::{Blob, BlobRef};

use self::aws_query::Query;
use crate::kernel::{ApiError, Protocol};

/// One request, as the gateway has taken it apart.
#[derive(Clone, Debug)]
pub struct Request {
    pub protocol: Protocol,
    /// The placeholders of a REST path, percent-decoded: `modelId` of `/model/{modelId}/converse`.
    pub labels: Vec<(&'static str, String)>,
    /// The parameters of the query string, percent-decoded.
    pub query: Vec<(String, String)>,
    pub headers: http::HeaderMap,
    pub body: Bytes,
    /// How the service speaks the query protocol; only of a request in it.
    pub forms: Option<&'static Query>,
}

impl Request {
    /// A request that came over no HTTP: its members are all in one JSON document.
    pub fn of_document(protocol: Protocol, body: Bytes) -> Self {
        Self { protocol, labels: Vec::new(), query: Vec::new(), headers: http::HeaderMap::new(), body, forms: None }
    }

    /// With those members of its document that a path made from `template` would have held.
    pub fn with_labels_of(mut self, template: &'static str) -> Self {
        self.labels = rest_json::labels_of_document(template, &self.body);
        self
    }

    /// Reads the request's members, wherever the protocol puts them.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        match self.protocol {
            Protocol::AwsJson1_0 | Protocol::AwsJson1_1 => aws_json::decode(&self.body),
            Protocol::AwsCbor1_1 => cbor::decode(&self.body),
            Protocol::RestJson1 => rest_json::decode(&self.labels, &self.query, &self.body),
            Protocol::AwsQuery => match self.forms {
                Some(forms) => aws_query::decode(forms, &self.body),
                None => Err(ApiError::not_implemented("the query protocol of this service")),
            },
        }
    }

    /// The placeholder of that name; empty where the binding has none.
    pub fn label(&self, name: &str) -> &str {
        self.labels.iter().find(|(label, _)| *label == name).map_or("", |(_, value)| value)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Which attempt of a logical call this is, if the SDK says so: `amz-sdk-request: attempt=2; max=3`.
    pub fn attempt(&self) -> Option<u32> {
        let header = self.header("amz-sdk-request")?;
        header.split(';').find_map(|field| field.trim().strip_prefix("attempt="))?.parse().ok()
    }
}

/// The bytes of an answer's document. The query protocol's is JSON until the gateway makes XML of it.
pub fn encode<T: Serialize>(protocol: Protocol, output: &T) -> Vec<u8> {
    match protocol {
        Protocol::AwsJson1_0 | Protocol::AwsJson1_1 | Protocol::RestJson1 | Protocol::AwsQuery => {
            aws_json::encode(output)
        }
        Protocol::AwsCbor1_1 => cbor::encode(output),
    }
}

/// What an answer's `Content-Type` says.
pub fn content_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::AwsJson1_0 => "application/x-amz-json-1.0",
        Protocol::AwsJson1_1 => "application/x-amz-json-1.1",
        Protocol::AwsCbor1_1 => cbor::CONTENT_TYPE,
        Protocol::RestJson1 => "application/json",
        Protocol::AwsQuery => "text/xml",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sdk_tells_its_attempt() {
        let mut request = Request {
            protocol: Protocol::RestJson1,
            labels: Vec::new(),
            query: Vec::new(),
            headers: http::HeaderMap::new(),
            body: Bytes::new(),
            forms: None,
        };
        assert_eq!(request.attempt(), None);
        request.headers.insert("amz-sdk-request", http::HeaderValue::from_static("attempt=2; max=3"));
        assert_eq!(request.attempt(), Some(2));
    }
}
