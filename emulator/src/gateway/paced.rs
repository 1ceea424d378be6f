//! A body of frames that leave one by one, each at its moment on the clock.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::play::ending;
use crate::kernel::clock::Timer;
use crate::kernel::progress::Sender;
use crate::kernel::{Clock, End, Frame, Frames, Timestamp};

/// Each frame's moment is counted from that of the one before it: one that leaves late makes none of the others late,
/// as it would if each were waited for when the one before it has left.
///
/// A state by hand and no stream of futures, since a thousand streams send fifty thousand frames a second.
pub struct Paced {
    frames: Frames,
    end: End,
    timer: Timer,
    /// The moment of the next frame, if there is one, else of the last.
    due: Timestamp,
    next: Option<Frame>,
    /// What comes behind the last frame.
    ending: Option<Pin<Box<dyn Future<Output = Option<io::Error>> + Send>>>,
    /// Until the end.
    sender: Option<Sender>,
    is_over: bool,
    /// Dropped with this.
    _kept: Option<Box<dyn Send>>,
}

impl Paced {
    pub fn new(frames: Frames, end: End, clock: &Clock, sender: Option<Sender>) -> Self {
        let (timer, due) = (clock.timer(), clock.now());
        Self { frames, end, timer, due, next: None, ending: None, sender, is_over: false, _kept: None }
    }

    /// Holds on to it for as long as this body is there.
    pub fn keep(&mut self, kept: Box<dyn Send>) {
        self._kept = Some(kept);
    }

    /// The next frame, or what breaks the body off.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, io::Error>>> {
        if self.next.is_none() && self.ending.is_none() && !self.is_over {
            self.next = self.frames.next();
            match &self.next {
                Some(frame) => self.due = self.due + frame.after,
                None => self.ending = Some(Box::pin(ending(self.end))),
            }
        }
        if self.next.is_some() {
            ready!(self.timer.poll_until(self.due, cx));
            self.sender.iter().for_each(Sender::sent_frame);
            return Poll::Ready(self.next.take().map(|frame| Ok(frame.bytes)));
        }
        // The SDK's event receiver asks once more after the end.
        let Some(ending) = &mut self.ending else { return Poll::Ready(None) };
        let broken = ready!(ending.as_mut().poll(cx));
        self.ending = None;
        self.is_over = true;
        self.sender.take().inspect(Sender::ended);
        Poll::Ready(broken.map(Err))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_frame_that_is_taken_late_makes_no_other_late() {
        let clock = Clock::fitting_the_runtime();
        let start = clock.now();
        let frame = Frame { after: Duration::from_millis(20), bytes: Bytes::from_static(b"a") };
        let mut body = Paced::new(vec![frame; 4].into(), End::Clean, &clock, None);
        let mut taken_ms = Vec::new();
        while let Some(Ok(_)) = poll_fn(|cx| body.poll_next(cx)).await {
            taken_ms.push(clock.now().since(start).as_millis());
            if taken_ms.len() == 1 {
                clock.sleep(Duration::from_millis(30)).await;
            }
        }
        assert_eq!(taken_ms, [20, 50, 60, 80]);
        assert!(poll_fn(|cx| body.poll_next(cx)).await.is_none(), "and after the end");
    }
}
