//! The body of a response: bytes that are there already, a stream, or one that goes on until somebody ends it.
//!
//! Nearly all answers are the first kind, which needs no box and no dynamic call.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::StreamExt;
use http_body::{Frame, SizeHint};

use super::paced::Paced;

pub enum Body {
    /// Empty once it was taken.
    Whole(Bytes),
    /// Frames on the clock.
    Paced(Box<Paced>),
    Stream(axum::body::Body),
    /// A stream without an end of its own in sight: a server that stops does not wait for it.
    Live(axum::body::Body),
}

impl Body {
    /// The same body, which ends at the latest when `ended` is over if it would go on.
    pub fn until(self, ended: impl Future<Output = ()> + Send + 'static) -> Self {
        match self {
            Self::Live(stream) => {
                Self::Stream(axum::body::Body::from_stream(stream.into_data_stream().take_until(ended)))
            }
            other => other,
        }
    }

    /// The same body, which keeps `kept` until it has ended, if it has not yet.
    pub fn keeping(self, kept: impl Send + Unpin + 'static) -> Self {
        match self {
            Self::Whole(bytes) => Self::Whole(bytes),
            Self::Paced(mut frames) => {
                frames.keep(Box::new(kept));
                Self::Paced(frames)
            }
            Self::Live(stream) => Self::Live(axum::body::Body::new(Keeping { body: Self::Live(stream), _kept: kept })),
            body => Self::Stream(axum::body::Body::new(Keeping { body, _kept: kept })),
        }
    }
}

struct Keeping<K> {
    body: Body,
    _kept: K,
}

impl<K: Unpin> http_body::Body for Keeping<K> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.get_mut() {
            Self::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Paced(frames) => {
                frames.poll_next(cx).map(|next| next.map(|next| next.map(Frame::data).map_err(axum::Error::new)))
            }
            Self::Stream(stream) | Self::Live(stream) => Pin::new(stream).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_empty(),
            Self::Paced(_) => false,
            Self::Stream(stream) | Self::Live(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Paced(_) => SizeHint::default(),
            Self::Stream(stream) | Self::Live(stream) => stream.size_hint(),
        }
    }
}
