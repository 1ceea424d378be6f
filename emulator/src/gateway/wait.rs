//! Calls that wait for something to come: looked for again when it is brought, and when its time is over. A server that
//! stops waits for none of them.

use tokio::sync::watch;

use super::{Gateway, Visit};
use crate::kernel::mishap::caught;
use crate::kernel::{Answer, ApiError, Call, Circumstances, Later, Look};

/// In the extensions of a request that came over a server's socket: tells when the server stops.
#[derive(Clone)]
pub struct Stopping(pub watch::Receiver<()>);

/// Ends when the server stops; never, where there is none.
async fn stopped(stopping: &mut Option<Stopping>) {
    match stopping {
        // Nothing is ever sent: an error is the news. It is news once.
        Some(Stopping(receiver)) => {
            let _ = receiver.changed().await;
            *stopping = None;
        }
        None => std::future::pending().await,
    }
}

impl Gateway {
    /// Waits for an answer on the clock, with nothing borrowed. A caller that leaves ends it by dropping it.
    pub(super) async fn wait(&self, visit: &Visit<'_>, later: Later, circumstances: Circumstances) -> Answer {
        let world = &self.inner.world;
        let Later(mut awaited) = later;
        let woken = awaited.woken();
        let mut stopping = visit.stopping.clone();
        // Who moves the clock lets this call look at each moment on the way.
        let _audience = world.audience();
        loop {
            // Whoever brings something after this is noticed.
            let brought = woken.notified();
            let look = || {
                let super::Credentials { scope, caller, .. } = visit.credentials;
                let mut call = Call::new(&world.kernel, world.kernel.clock.now(), scope, caller, visit.event);
                call.circumstances = circumstances;
                call.endpoint = visit.endpoint;
                world.look(&mut *awaited, &mut call)
            };
            let looked: Result<Look, ApiError> =
                caught(look).unwrap_or_else(|message| Err(self.mistake(visit, message)));
            match looked {
                Ok(Look::Found(output)) => return self.encode(visit, output),
                Ok(Look::Wait(until)) => tokio::select! {
                    biased;
                    () = brought => {}
                    () = stopped(&mut stopping) => awaited.hurry(),
                    () = world.kernel.clock.sleep_until(until) => {}
                },
                Err(error) => return self.error(visit, &error),
            }
        }
    }
}
