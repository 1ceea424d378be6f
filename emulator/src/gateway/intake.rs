//! The body of a request, read whole.
//!
//! While a body is awaited, what has come of it counts against one allowance for all clients; one that is there at once
//! is served whatever the others do. Nothing is ever unpacked: no service of ours takes compressed bodies.

use axum::BoxError;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use super::Dropped;
use super::allowance::{Allowance, Held};
use super::pace::TooSlow;
use crate::kernel::ApiError;

/// Bytes of unfinished bodies that are held at a time, of all clients together.
pub const UNFINISHED_BYTES_MAX: usize = 256 << 20;

/// Bytes of a body beyond its bound that are still read, so that the client gets to read the error.
const DRAINED_BYTES_MAX: usize = 64 << 20;

/// Room made for a body before its bytes have come: what a client announces, it need not send.
const AHEAD_BYTES_MAX: usize = 256 << 10;

/// A body as it arrived, and the memory it was given.
pub struct Taken {
    pub bytes: Bytes,
    pub held: Held,
}

/// Why a body is not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Untaken {
    /// It is beyond the bound of its service.
    Oversized,
    TooSlow,
    /// Too much is held for others.
    NoMemory,
}

impl Untaken {
    /// Assumed: AWS documents neither codes nor bounds. These are codes by which SDKs decide whether to try again.
    pub fn error(&self, bytes_max: usize) -> ApiError {
        match self {
            Self::Oversized => ApiError::with_status(
                413,
                "RequestEntityTooLargeException",
                format!("Request body exceeds the limit of {bytes_max} bytes"),
            ),
            Self::TooSlow => {
                ApiError::with_status(408, "RequestTimeoutException", "The request body was not received in time")
            }
            Self::NoMemory => {
                let message = "Too many request bodies are being received; please try again";
                ApiError::with_status(503, "ServiceUnavailableException", message)
            }
        }
    }
}

/// Reads a body to its end: an answer before that is lost on clients that still send.
///
/// A client that leaves in the middle has asked for nothing: half a body is never run.
pub async fn read<B>(body: B, bytes_max: usize, allowance: &Allowance) -> Result<Result<Taken, Untaken>, Dropped>
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>>,
{
    let mut body = std::pin::pin!(body);
    let mut held = allowance.hold_nothing();
    // Most bodies are one frame, which is taken as it is.
    let mut only = Bytes::new();
    let mut whole = BytesMut::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let frame = match frame.map_err(Into::into) {
            Ok(frame) => frame,
            Err(error) if error.is::<TooSlow>() => return Ok(Err(Untaken::TooSlow)),
            Err(_) => return Err(Dropped),
        };
        let Ok(data) = frame.into_data() else { continue };
        seen += data.len();
        if seen > DRAINED_BYTES_MAX {
            return Ok(Err(Untaken::Oversized));
        }
        if seen > bytes_max {
            // What is refused is no longer held.
            (only, whole) = (Bytes::new(), BytesMut::new());
            held = allowance.hold_nothing();
            continue;
        }
        if !body.is_end_stream() && !held.grow(data.len()) {
            return Ok(Err(Untaken::NoMemory));
        }
        if seen == data.len() {
            only = data;
            continue;
        }
        if whole.is_empty() {
            let announced = usize::try_from(body.size_hint().lower()).unwrap_or(bytes_max);
            whole.reserve(seen + announced.min(bytes_max - seen).min(AHEAD_BYTES_MAX));
            whole.extend_from_slice(&only);
        }
        whole.extend_from_slice(&data);
    }
    if seen > bytes_max {
        return Ok(Err(Untaken::Oversized));
    }
    Ok(Ok(Taken { bytes: if whole.is_empty() { only } else { whole.freeze() }, held }))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;
    use http_body::Frame;
    use http_body_util::StreamBody;

    use super::*;

    async fn take(pieces: &[&'static [u8]], bytes_max: usize, allowance: &Allowance) -> Result<Taken, Untaken> {
        let frames: Vec<_> =
            pieces.iter().map(|piece| Ok::<_, Infallible>(Frame::data(Bytes::from_static(piece)))).collect();
        read(StreamBody::new(stream::iter(frames)), bytes_max, allowance).await.unwrap()
    }

    #[tokio::test]
    async fn a_body_in_pieces_is_whole_and_holds_its_bytes_until_it_is_dropped() {
        let allowance = Allowance::of(6);
        let taken = take(&[b"ab", b"", b"cd", b"ef"], 10, &allowance).await.ok().unwrap();
        assert_eq!(&*taken.bytes, b"abcdef");
        assert_eq!(take(&[b"g", b"h"], 10, &allowance).await.err(), Some(Untaken::NoMemory));
        drop(taken);
        assert!(take(&[b"g", b"h"], 10, &allowance).await.is_ok());
    }

    #[tokio::test]
    async fn a_body_beyond_its_bound_is_read_to_its_end_and_holds_nothing() {
        let allowance = Allowance::of(4);
        assert_eq!(take(&[b"abc", b"def", b"ghi"], 4, &allowance).await.err(), Some(Untaken::Oversized));
        assert!(allowance.hold(4).is_some());
    }

    #[tokio::test]
    async fn a_body_that_is_there_at_once_is_served_whatever_others_hold() {
        let body = http_body_util::Full::new(Bytes::from_static(b"at once"));
        let taken = read(body, 10, &Allowance::of(0)).await.unwrap().ok().unwrap();
        assert_eq!(&*taken.bytes, b"at once");
    }
}
