//! Bodies that are not what they stand for: compressed, or in signed chunks.
//!
//! No service of ours takes either on AWS: compression of requests is CloudWatch's (`PutMetricData`), signed chunks and
//! trailers are S3's, signed events are those of bidirectional streams. Each is refused by its name, and nothing is ever
//! unpacked.
//!
//! <https://smithy.io/2.0/spec/behavior-traits.html#requestcompression-trait>
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>

use http::header::{CONTENT_ENCODING, HeaderMap, HeaderName};

use crate::kernel::ApiError;

const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// Whether the body is what it stands for. Assumed: which errors AWS answers is not documented.
pub fn check(headers: &HeaderMap) -> Result<(), ApiError> {
    let signed_as = headers.get(CONTENT_SHA256).map_or(&b""[..], |value| value.as_bytes());
    if signed_as.starts_with(b"STREAMING-") {
        let name = String::from_utf8_lossy(signed_as);
        return Err(ApiError::not_implemented(format_args!("bodies in signed chunks or events (`{name}`)")));
    }
    for encoding in headers.get_all(CONTENT_ENCODING) {
        if encoding.as_bytes().eq_ignore_ascii_case(b"identity") || encoding.is_empty() {
            continue;
        }
        let name = String::from_utf8_lossy(encoding.as_bytes());
        let message = format!("The content encoding `{name}` is not supported: send the body as it is");
        return Err(ApiError::with_status(415, "UnsupportedMediaTypeException", message));
    }
    Ok(())
}
