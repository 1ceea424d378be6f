//! What a server takes from its clients, so that none of them takes it from the others.
//!
//! AWS does not tell its own figures; these are ours, chosen far above what SDKs do. Each bounds one way to use up
//! memory or descriptors: see `SECURITY.md`.

use std::time::Duration;

/// The bounds of one server. [`Limits::default`] is what `rehearsal serve` holds to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at a time: 16,384. For one more, the one that has done nothing for longest is closed; while
    /// every one of them is answered something, the new one is refused with 503.
    pub connections: usize,
    /// Requests under way at a time, on all connections together: 32,768. One more is answered 503.
    pub requests: usize,
    /// Bytes of a request's line and headers: 64 KiB, and never less than 8 KiB. Session tokens are a few KB. As much
    /// is read at a time.
    pub head_bytes: usize,
    /// How long a connection may take to say what it wants, and stay when nothing more is asked: 120 s. SDKs let go
    /// of idle connections after 60 to 90 s: it is they who close, and no request meets a connection that ends.
    pub head_time: Duration,
    /// How long a body may take besides the time that its bytes may take: 30 s.
    pub body_time: Duration,
    /// The pace that a body keeps to after that: 64 KiB a second.
    pub body_bytes_per_second: u64,
    /// How long a client may take no byte of what is sent to it: 60 s.
    pub stalled_time: Duration,
    /// Streams open at a time on one HTTP/2 connection: 256.
    pub streams: u32,
    /// Bytes of answers above 16 KiB that are held at a time for clients that have not read them: 256 MiB. One more is
    /// answered 503.
    pub unsent_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            requests: 32_768,
            head_bytes: 64 << 10,
            head_time: Duration::from_mins(2),
            body_time: Duration::from_secs(30),
            body_bytes_per_second: 64 << 10,
            stalled_time: Duration::from_mins(1),
            streams: 256,
            unsent_bytes: 256 << 20,
        }
    }
}
