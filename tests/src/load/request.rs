//! Requests as an SDK sends them, built once and patched for each call.

use std::fmt::Write;

/// The service and operation of a request, as its headers name them.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// `DynamoDB_20120810.GetItem`.
    pub target: &'static str,
    pub signing_name: &'static str,
    pub content_type: &'static str,
    /// Where a REST operation is found; `/` for those that their target names.
    pub path: &'static str,
}

impl Call {
    /// An operation that its target names, in the JSON of most services.
    pub const fn json(signing_name: &'static str, target: &'static str) -> Self {
        Self { target, signing_name, content_type: "application/x-amz-json-1.1", path: "/" }
    }

    pub const fn dynamodb(target: &'static str) -> Self {
        Self { target, signing_name: "dynamodb", content_type: "application/x-amz-json-1.0", path: "/" }
    }

    pub const fn kinesis(target: &'static str) -> Self {
        Self { target, signing_name: "kinesis", content_type: "application/x-amz-json-1.1", path: "/" }
    }
}

impl Call {
    /// An operation of Bedrock Runtime, which has no target.
    pub const fn bedrock(path: &'static str) -> Self {
        Self { target: "", signing_name: "bedrock", content_type: "application/json", path }
    }
}

/// A request without anything but a body: for the emulator's own doors.
pub fn post(path: &str, body: &str) -> Vec<u8> {
    bare("POST", path, body)
}

/// The same with another method.
pub fn bare(method: &str, path: &str, body: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:4566\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// What a body holds where the key goes.
const KEY: &str = "{key}";
/// A second key, half of the keys away from the first.
const OTHER_KEY: &str = "{other}";
/// Keys are decimal, with leading zeros: all are as long.
pub const KEY_DIGITS: usize = 8;
const INVOCATION_DIGITS: usize = 12;

/// One request's bytes, with the places that differ from call to call.
#[derive(Clone, Debug)]
pub struct Template {
    bytes: Vec<u8>,
    /// Where a key stands, and what part of the keys it is ahead.
    keys: Vec<(usize, bool)>,
    invocation: usize,
    count: u32,
}

impl Template {
    /// A request with `body`, whose `{key}` and `{other}` are replaced for each call by one of `count` keys.
    pub fn new(call: Call, body: &str, count: u32) -> Self {
        let mut keys = Vec::new();
        let mut text = String::new();
        let mut rest = body;
        while let Some(at) = rest.find('{') {
            let (before, tail) = rest.split_at(at);
            text.push_str(before);
            let marker = [KEY, OTHER_KEY].into_iter().find(|marker| tail.starts_with(marker));
            if let Some(marker) = marker {
                keys.push((text.len(), marker == OTHER_KEY));
                text.push_str(&"0".repeat(KEY_DIGITS));
            } else {
                text.push('{');
            }
            rest = &tail[marker.map_or(1, str::len)..];
        }
        text.push_str(rest);
        let (mut bytes, invocation) = head(call, text.len());
        keys.iter_mut().for_each(|(at, _)| *at += bytes.len());
        bytes.extend_from_slice(text.as_bytes());
        Self { bytes, keys, invocation, count }
    }

    /// The request for `key`; each call has an invocation id of its own, as an SDK's calls have.
    pub fn for_key(&mut self, key: u32, invocation: u64) -> &[u8] {
        for (at, other) in &self.keys {
            let key = if *other { (key + self.count / 2) % self.count } else { key };
            write_digits(&mut self.bytes[*at..*at + KEY_DIGITS], u64::from(key));
        }
        write_digits(&mut self.bytes[self.invocation..self.invocation + INVOCATION_DIGITS], invocation);
        &self.bytes
    }

    /// How many keys there are to choose from.
    pub fn count(&self) -> u32 {
        self.count
    }
}

/// The headers of an SDK's request, and where the last group of the invocation id begins.
fn head(call: Call, body_bytes: usize) -> (Vec<u8>, usize) {
    let Call { target, signing_name, content_type, path } = call;
    let target = if target.is_empty() { String::new() } else { format!("x-amz-target: {target}\r\n") };
    let mut head = String::new();
    let _ = write!(
        head,
        "POST {path} HTTP/1.1\r\n\
         content-type: {content_type}\r\n\
         {target}\
         content-length: {body_bytes}\r\n\
         user-agent: aws-sdk-rust/1.4.0 os/linux lang/rust/1.95.0\r\n\
         x-amz-user-agent: aws-sdk-rust/1.4.0 ua/2.1 api/{signing_name}/1.136.0 os/linux lang/rust/1.95.0 m/E,b\r\n\
         x-amz-date: 20260101T000000Z\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{signing_name}/aws4_request, \
         SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-target;x-amz-user-agent, Signature={}\r\n\
         amz-sdk-request: attempt=1; max=3\r\n\
         host: 127.0.0.1:4566\r\n\
         amz-sdk-invocation-id: 6f2b0f4e-7c1d-4c55-9f0a-",
        "5d".repeat(32),
    );
    let invocation = head.len();
    head.push_str(&"0".repeat(INVOCATION_DIGITS));
    head.push_str("\r\n\r\n");
    (head.into_bytes(), invocation)
}

/// `number` in decimal over the whole of `place`.
fn write_digits(place: &mut [u8], mut number: u64) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// `key` as requests and answers hold it.
pub fn digits(key: u32) -> [u8; KEY_DIGITS] {
    let mut text = [0; KEY_DIGITS];
    write_digits(&mut text, u64::from(key));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_invocations_are_patched_where_they_stand() {
        let mut template = Template::new(Call::dynamodb("T.Op"), r#"{"a":"{key}","b":{"c":"x-{other}"}}"#, 10);
        let text = String::from_utf8(template.for_key(7, 31).to_vec()).unwrap();
        assert!(text.ends_with(r#"{"a":"00000007","b":{"c":"x-00000002"}}"#), "{text}");
        assert!(text.contains("amz-sdk-invocation-id: 6f2b0f4e-7c1d-4c55-9f0a-000000000031\r\n\r\n"), "{text}");
        assert!(text.contains("content-length: 39\r\n"), "{text}");
    }
}
