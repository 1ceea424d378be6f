//! What an operation answers, before the gateway plays it: bytes at once, or
//! frames that leave one by one on the clock, or a feed that goes on; or nothing yet.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::{Later, Live, Progress};

/// How a call ends for the caller.
#[derive(Debug)]
pub enum Answer {
    Reply(Reply),
    /// Nothing is ever answered; the caller's own timeout decides.
    Hang(Option<Progress>),
    /// The connection breaks before any answer.
    Reset,
    /// Not known yet.
    Later(Later),
}

/// A response. The gateway adds request ids, checksums and the date.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    /// How long after the request the response starts.
    pub after: Duration,
    pub body: Body,
    /// Told how far the answer comes, if somebody wants to know.
    pub progress: Option<Progress>,
}

#[derive(Debug)]
pub enum Body {
    Whole(Bytes),
    Frames(Frames, End),
    /// Frames that are not known yet.
    Live(Live),
}

/// The frames of a stream, in their order.
pub enum Frames {
    Known(VecDeque<Frame>),
    /// Made one by one as they leave: of a thousand long streams, nobody wants to hold all frames at once.
    Made(Box<dyn Iterator<Item = Frame> + Send>),
}

impl Frames {
    pub fn made(frames: impl Iterator<Item = Frame> + Send + 'static) -> Self {
        Self::Made(Box::new(frames))
    }

    /// Whether it is known that there are none.
    pub fn are_none(&self) -> bool {
        matches!(self, Self::Known(frames) if frames.is_empty())
    }
}

impl From<Vec<Frame>> for Frames {
    fn from(frames: Vec<Frame>) -> Self {
        Self::Known(frames.into())
    }
}

impl Iterator for Frames {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        match self {
            Self::Known(frames) => frames.pop_front(),
            Self::Made(frames) => frames.next(),
        }
    }
}

impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(frames) => frames.fmt(f),
            Self::Made(_) => f.write_str("frames that are made as they leave"),
        }
    }
}

/// Bytes that leave together, `after` the frame before them.
#[derive(Clone, Debug)]
pub struct Frame {
    pub after: Duration,
    pub bytes: Bytes,
}

/// What follows the last frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The body ends as HTTP says.
    Clean,
    /// The connection breaks.
    Reset,
    /// The connection stays open and silent.
    Stall,
    /// So many bytes were declared as the body's length; the connection closes before they have come.
    Short(u64),
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), after: Duration::ZERO, body: Body::Whole(body.into()), progress: None }
    }

    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn with_delay(mut self, after: Duration) -> Self {
        self.after = after;
        self
    }
}
