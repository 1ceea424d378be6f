//! Calls that wait for something to come: looked for again when it is brought, and when its time is over.

use super::{Gateway, Visit};
use crate::kernel::mishap::caught;
use crate::kernel::{Answer, ApiError, Call, Circumstances, Later, Look};

impl Gateway {
    /// Waits for an answer on the clock, with nothing borrowed. A caller that leaves ends it by dropping it.
    pub(super) async fn wait(&self, visit: &Visit<'_>, later: Later, circumstances: Circumstances) -> Answer {
        let world = &self.inner.world;
        let Later(mut awaited) = later;
        let woken = awaited.woken();
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
                    () = world.kernel.clock.sleep_until(until) => {}
                },
                Err(error) => return self.error(visit, &error),
            }
        }
    }
}
