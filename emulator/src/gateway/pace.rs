//! Clients that take their time: a body that trickles in, and answers that nobody reads.
//!
//! Both live in the machine's time, whatever the emulator's clock shows.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::limits::Limits;

/// A request's body has come too slowly.
#[derive(Debug)]
pub struct TooSlow;

impl std::fmt::Display for TooSlow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body came too slowly")
    }
}

impl std::error::Error for TooSlow {}

/// A request's body that must come at a pace. Most are there at once, and wait for no timer.
pub struct Paced {
    body: Incoming,
    time: Duration,
    bytes_per_second: u64,
    seen: u64,
    /// Since the first wait.
    wait: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Paced {
    pub fn new(body: Incoming, limits: &Limits) -> Self {
        let bytes_per_second = limits.body_bytes_per_second.max(1);
        Self { body, time: limits.body_time, bytes_per_second, seen: 0, wait: None }
    }

    /// Ends when what has come so far is too little for the time it took.
    fn poll_too_slow(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let earned = Duration::from_secs_f64(self.seen as f64 / self.bytes_per_second as f64);
        let (began, sleep) = self.wait.get_or_insert_with(|| {
            let now = now();
            (now, Box::pin(sleep_until(now)))
        });
        let deadline = *began + self.time + earned;
        if sleep.deadline() != deadline {
            sleep.as_mut().reset(deadline);
        }
        sleep.as_mut().poll(cx)
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.seen += frame.data_ref().map_or(0, |data| data.len() as u64);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(ended) => Poll::Ready(ended.map(|frame| frame.map_err(Into::into))),
            Poll::Pending => {
                ready!(self.poll_too_slow(cx));
                Poll::Ready(Some(Err(TooSlow.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Pieces of so many bytes together are copied into one: that takes less time than the system takes to gather them.
const SMALL_BYTES: usize = 2 << 10;

fn in_one<'a>(pieces: &[IoSlice<'_>], room: &'a mut [u8; SMALL_BYTES]) -> Option<&'a [u8]> {
    let mut used = 0;
    for piece in pieces {
        room.get_mut(used..used + piece.len())?.copy_from_slice(piece);
        used += piece.len();
    }
    room.get(..used)
}

/// A socket whose other side must take what is sent to it.
pub struct Stream {
    inner: TokioIo<TcpStream>,
    stalled_time: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    pub fn new(stream: TcpStream, limits: &Limits) -> Self {
        Self { inner: TokioIo::new(stream), stalled_time: limits.stalled_time, stalled: None }
    }

    /// The same, but an error once nothing was taken for too long.
    fn or_stalled<T>(&mut self, written: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let time = self.stalled_time;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep_until(now() + time)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::from(io::ErrorKind::TimedOut)))
    }
}

impl Read for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.or_stalled(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = match in_one(pieces, &mut [0; SMALL_BYTES]) {
            Some(bytes) => Pin::new(&mut self.inner).poll_write(cx, bytes),
            None => Pin::new(&mut self.inner).poll_write_vectored(cx, pieces),
        };
        self.or_stalled(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[allow(clippy::disallowed_methods, reason = "sockets live in real time, whatever the emulator's clock shows")]
fn now() -> Instant {
    Instant::now()
}

#[allow(clippy::disallowed_methods, reason = "sockets live in real time, whatever the emulator's clock shows")]
fn sleep_until(moment: Instant) -> Sleep {
    tokio::time::sleep_until(moment)
}

/// Ends after that time of the machine's.
pub async fn pause(duration: Duration) {
    sleep_until(now() + duration).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_pieces_are_sent_as_one() {
        let slices = |lengths: &[usize]| lengths.iter().map(|length| vec![b'x'; *length]).collect::<Vec<_>>();
        for (lengths, expected) in
            [(vec![], Some(0)), (vec![3, 0, 2], Some(5)), (vec![2047, 1], Some(2048)), (vec![2047, 2], None)]
        {
            let pieces = slices(&lengths);
            let pieces: Vec<IoSlice<'_>> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
            let mut room = [0; SMALL_BYTES];
            let found = in_one(&pieces, &mut room);
            assert!(found.is_none_or(|bytes| bytes.iter().all(|byte| *byte == b'x')));
            assert_eq!(found.map(<[u8]>::len), expected, "{lengths:?}");
        }
    }
}
