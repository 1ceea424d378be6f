//! Plays a live body: asks its feed, waits on the clock in between, and breaks off where a fault says so.

use std::io;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::play::ending;
use super::{Body as HttpBody, Visit};
use crate::kernel::fault::Cut;
use crate::kernel::mishap::caught;
use crate::kernel::progress::Sender;
use crate::kernel::timeline::Outcome;
use crate::kernel::{Call, Caller, Clock, End, EventId, Live, Next, Scope, World};

/// A live body on its way to the caller. It is asked when the caller can take more, and ends when it is dropped.
struct Playing {
    /// Not held: an emulator stops when it is dropped, whoever still listens.
    world: Weak<World>,
    clock: Clock,
    scope: Scope,
    caller: Caller,
    event: EventId,
    live: Live,
    /// What a fault still lets through.
    left: Option<Cut>,
    sender: Option<Sender>,
    _audience: Arc<()>,
}

pub fn body(world: &Arc<World>, visit: &Visit<'_>, live: Live, sender: Option<Sender>) -> HttpBody {
    let playing = Playing {
        world: Arc::downgrade(world),
        clock: world.kernel.clock.clone(),
        scope: visit.credentials.scope.clone(),
        caller: visit.credentials.caller.clone(),
        event: visit.event,
        left: live.cut,
        live,
        sender,
        _audience: world.audience(),
    };
    let frames = stream::unfold(Some(playing), |playing| async move {
        let mut playing = playing?;
        match playing.next().await {
            Ok(bytes) => {
                playing.sender.as_ref().inspect(|sender| sender.sent_frame());
                Some((Ok::<Bytes, io::Error>(bytes), Some(playing)))
            }
            Err(end) => {
                let broken = ending(end).await;
                playing.sender.as_ref().inspect(|sender| sender.ended());
                broken.map(|broken| (Err(broken), None))
            }
        }
    });
    // The SDK's event receiver asks once more after the end.
    HttpBody::Live(axum::body::Body::from_stream(frames.fuse()))
}

impl Playing {
    /// The next bytes, as soon as there are some, or how the body ends.
    async fn next(&mut self) -> Result<Bytes, End> {
        if matches!(self.left, Some(Cut::Frames(0) | Cut::Bytes(0))) {
            return Err(End::Reset);
        }
        let woken = self.live.feed.woken();
        loop {
            match self.ask() {
                Next::Frame(bytes) => return Ok(self.let_through(bytes)),
                Next::End(end) => return Err(end),
                Next::Wait(until) => tokio::select! {
                    biased;
                    () = woken.notified() => {}
                    () = self.clock.sleep_until(until) => {}
                },
            }
        }
    }

    fn ask(&mut self) -> Next {
        let Some(world) = self.world.upgrade() else { return Next::End(End::Reset) };
        let mut call = Call::new(&world.kernel, self.clock.now(), &self.scope, &self.caller, self.event);
        caught(|| world.ask(&mut *self.live.feed, &mut call)).unwrap_or_else(|message| {
            // Our mistake: on the timeline, and to the caller a broken connection.
            world.kernel.timeline.update(self.event, |event| event.outcome = Outcome::Panic { message });
            Next::End(End::Reset)
        })
    }

    fn let_through(&mut self, bytes: Bytes) -> Bytes {
        match &mut self.left {
            None => bytes,
            Some(Cut::Frames(left)) => {
                *left -= 1;
                bytes
            }
            Some(Cut::Bytes(left)) => {
                let length = bytes.len().min(*left);
                *left -= length;
                bytes.slice(..length)
            }
        }
    }
}
