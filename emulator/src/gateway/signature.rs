//! Signature Version 4, verified: header and query form, HTTP/1.1 and HTTP/2.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
//!
//! Off by default; `--verify-signatures` turns it on. Written by hand: the
//! `aws-sigv4` crate only signs, and re-signing with it fails on HTTP/2, where
//! clients sign `:authority` as `host`. It is the oracle of the tests.

use std::collections::BTreeMap;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::credentials::Credentials;
use crate::kernel::{ApiError, Timestamp};

/// AWS accepts a signature this long before and after its date.
const SKEW_MAX: Duration = Duration::from_secs(5 * 60);

/// AWS presigns for a week at most.
const EXPIRES_SECONDS_MAX: u64 = 7 * 24 * 60 * 60;

/// What SigV4 leaves unescaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The access keys whose signatures are accepted.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    secrets: BTreeMap<String, String>,
}

/// The parts of a signature, from the header or from the query.
struct Signature {
    /// `AKID/20260101/us-east-1/kinesis/aws4_request`
    credential: String,
    signed_headers: Vec<String>,
    signature: String,
    /// `20260101T000000Z`
    date: String,
    /// Of a presigned URL: how many seconds it is good for.
    expires: Option<u64>,
}

impl Keys {
    pub fn add(&mut self, access_key_id: &str, secret_access_key: &str) {
        self.secrets.insert(access_key_id.to_owned(), secret_access_key.to_owned());
    }

    /// Whether the request is signed by a key we know, close to any of the moments `now`.
    pub fn verify(
        &self,
        parts: &Parts,
        body: &[u8],
        credentials: &Credentials,
        signing_name: &str,
        now: [Timestamp; 2],
    ) -> Result<(), ApiError> {
        let signature = Signature::of(parts)?;
        let secret = self.secrets.get(&*credentials.caller.access_key_id).ok_or_else(unrecognized_client)?;
        if credentials.service != signing_name {
            let message = format!("Credential should be scoped to correct service: '{signing_name}'.");
            return Err(ApiError::with_status(403, "InvalidSignatureException", message));
        }
        signature.check_date(now)?;
        signature.check_signed_headers(parts)?;
        let canonical = signature.canonical_request(parts, body);
        let expected = signature.sign(secret, &canonical)?;
        if !equal(expected.as_bytes(), signature.signature.as_bytes()) {
            return Err(mismatch());
        }
        Ok(())
    }
}

impl Signature {
    fn of(parts: &Parts) -> Result<Self, ApiError> {
        let authorization = parts.headers.get("authorization").map(|value| value.to_str().unwrap_or_default());
        match authorization {
            Some(text) => Self::of_header(text, parts),
            None => Self::of_query(parts.uri.query().unwrap_or_default()),
        }
    }

    fn of_header(authorization: &str, parts: &Parts) -> Result<Self, ApiError> {
        let fields = authorization.strip_prefix("AWS4-HMAC-SHA256").ok_or_else(|| {
            incomplete("Authorization header requires the algorithm 'AWS4-HMAC-SHA256'", authorization)
        })?;
        let field = |name: &str| {
            let found = fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
            found
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
                .ok_or_else(|| incomplete(&format!("Authorization header requires '{name}' parameter."), authorization))
        };
        let (credential, signed_headers, signature) =
            (field("Credential")?, field("SignedHeaders")?, field("Signature")?);
        let date = parts.headers.get("x-amz-date").and_then(|value| value.to_str().ok()).ok_or_else(|| {
            incomplete(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
                authorization,
            )
        })?;
        let signed_headers = signed_headers.split(';').map(str::to_owned).collect();
        Ok(Self { credential, signed_headers, signature, date: date.to_owned(), expires: None })
    }

    fn of_query(query: &str) -> Result<Self, ApiError> {
        let field = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| percent_decode_str(value).decode_utf8().ok()).map(|value| value.into_owned())
        };
        let Some(credential) = field("X-Amz-Credential") else {
            return Err(ApiError::with_status(
                403,
                "MissingAuthenticationTokenException",
                "Request is missing Authentication Token",
            ));
        };
        let required = |name: &str| {
            field(name).ok_or_else(|| {
                let message = format!(
                    "AWS query-string parameters must include '{name}'. Re-examine the query-string parameters."
                );
                ApiError::with_status(400, "IncompleteSignatureException", message)
            })
        };
        Ok(Self {
            credential,
            signed_headers: required("X-Amz-SignedHeaders")?.split(';').map(str::to_owned).collect(),
            signature: required("X-Amz-Signature")?,
            date: required("X-Amz-Date")?,
            expires: field("X-Amz-Expires").map(|seconds| parse_expires(&seconds)).transpose()?,
        })
    }

    /// The signature must be dated within five minutes of now. Two clocks count:
    /// the machine's, which programs sign by, and the emulator's, which programs
    /// under virtual time sign by.
    fn check_date(&self, now: [Timestamp; 2]) -> Result<(), ApiError> {
        let date = parse_date(&self.date).ok_or_else(|| {
            let message = format!(
                "Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601",
                self.date
            );
            ApiError::with_status(400, "IncompleteSignatureException", message)
        })?;
        let valid_for = self.expires.map_or(SKEW_MAX, Duration::from_secs);
        if now.into_iter().any(|now| date <= now + SKEW_MAX && now <= date + valid_for) {
            return Ok(());
        }
        let (now, signed) = (now[1], &self.date);
        let message = if date < now {
            let earliest = format_date(now - SKEW_MAX);
            format!("Signature expired: {signed} is now earlier than {earliest} ({} - 5 min.)", format_date(now))
        } else {
            let latest = format_date(now + SKEW_MAX);
            format!("Signature not yet current: {signed} is still later than {latest} ({} + 5 min.)", format_date(now))
        };
        Err(ApiError::with_status(403, "InvalidSignatureException", message))
    }

    /// What says where a request goes and what it asks for must be signed, or a signature would fit other requests, too.
    ///
    /// AWS asks for `host` in these words, and for every `x-amz-` header in its guide. Assumed: the words for
    /// `X-Amz-Target`, and that the others, on which nothing hangs here, may be missing.
    fn check_signed_headers(&self, parts: &Parts) -> Result<(), ApiError> {
        let is_signed = |name: &str| self.signed_headers.iter().any(|signed| signed == name);
        let missing = if !is_signed("host") && !is_signed(":authority") {
            "'Host' or ':authority'"
        } else if parts.headers.contains_key("x-amz-target") && !is_signed("x-amz-target") {
            "'X-Amz-Target'"
        } else {
            return Ok(());
        };
        let message = format!("{missing} must be a 'SignedHeader' in the AWS Authorization.");
        Err(ApiError::with_status(403, "InvalidSignatureException", message))
    }

    fn canonical_request(&self, parts: &Parts, body: &[u8]) -> String {
        let mut headers = String::new();
        for name in &self.signed_headers {
            let value = header_value(parts, name);
            headers.push_str(&format!("{name}:{value}\n"));
        }
        format!(
            "{}\n{}\n{}\n{headers}\n{}\n{}",
            parts.method,
            canonical_path(parts.uri.path()),
            canonical_query(parts.uri.query().unwrap_or_default()),
            self.signed_headers.join(";"),
            // Of the body as it arrived: what the client says of it in a header proves nothing.
            hex::encode(Sha256::digest(body)),
        )
    }

    fn sign(&self, secret: &str, canonical_request: &str) -> Result<String, ApiError> {
        let (_, scope) = self.credential.split_once('/').unwrap_or_default();
        let fields: Vec<&str> = scope.split('/').collect();
        let [date, region, service, "aws4_request"] = fields[..] else {
            let message = "Credential should be scoped to a valid region, a service and terminate with 'aws4_request'.";
            return Err(ApiError::with_status(400, "IncompleteSignatureException", message));
        };
        if !self.date.starts_with(date) {
            let message = format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{date}' != '{}', from '{}'.",
                self.date.get(..8).unwrap_or_default(),
                self.date
            );
            return Err(ApiError::with_status(403, "InvalidSignatureException", message));
        }
        let hashed = hex::encode(Sha256::digest(canonical_request));
        let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{hashed}", self.date);
        let mut key = hmac(format!("AWS4{secret}").as_bytes(), date);
        for part in [region, service, "aws4_request"] {
            key = hmac(&key, part);
        }
        Ok(hex::encode(hmac(&key, &to_sign)))
    }
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// A signed header's value; of an HTTP/2 request, `host` is its `:authority`.
fn header_value(parts: &Parts, name: &str) -> String {
    let values: Vec<String> = parts
        .headers
        .get_all(name)
        .iter()
        .map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect();
    match (values.is_empty(), name) {
        (true, "host" | ":authority") => parts.uri.authority().map(ToString::to_string).unwrap_or_default(),
        _ => values.join(","),
    }
}

/// The path as it arrived, each segment escaped once more.
fn canonical_path(path: &str) -> String {
    path.split('/').map(|segment| utf8_percent_encode(segment, ESCAPED).to_string()).collect::<Vec<_>>().join("/")
}

/// The query's pairs, escaped anew and sorted, without the signature itself.
fn canonical_query(query: &str) -> String {
    let escape = |text: &str| {
        let decoded: Vec<u8> = percent_decode_str(text).collect();
        percent_encoding::percent_encode(&decoded, ESCAPED).to_string()
    };
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .map(|(name, value)| (escape(name), escape(value)))
        .collect();
    pairs.sort();
    pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Compares in time that does not depend on where the two differ.
fn equal(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |differ, (left, right)| differ | (left ^ right)) == 0
}

/// AWS documents the bound; code and wording are assumed.
fn parse_expires(text: &str) -> Result<u64, ApiError> {
    let seconds = text.parse().ok().filter(|seconds| *seconds <= EXPIRES_SECONDS_MAX);
    seconds.ok_or_else(|| {
        let message = "X-Amz-Expires must be a number of seconds from 0 to 604800, which is a week";
        ApiError::with_status(400, "IncompleteSignatureException", message)
    })
}

fn parse_date(text: &str) -> Option<Timestamp> {
    let date = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    let moment = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::from_millis(moment.as_millisecond()))
}

fn format_date(moment: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).unwrap_or(jiff::Timestamp::MAX);
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn incomplete(what: &str, authorization: &str) -> ApiError {
    ApiError::with_status(400, "IncompleteSignatureException", format!("{what} Authorization={authorization}"))
}

fn unrecognized_client() -> ApiError {
    let message = "The security token included in the request is invalid.";
    ApiError::with_status(403, "UnrecognizedClientException", message)
}

fn mismatch() -> ApiError {
    let message = "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
                   Access Key and signing method. Consult the service documentation for details.";
    ApiError::with_status(403, "InvalidSignatureException", message)
}
