//! The wish to stop, shared by everything that must notice it.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;

use super::clients::Clients;

/// One place that wants to know. Cheap to clone.
#[derive(Clone)]
pub struct Shutdown {
    requested: watch::Receiver<bool>,
}

/// The one place that decides. Dropping it is a request, too.
pub struct ShutdownSender {
    request: watch::Sender<bool>,
}

pub fn channel() -> (ShutdownSender, Shutdown) {
    let (request, requested) = watch::channel(false);
    (ShutdownSender { request }, Shutdown { requested })
}

impl ShutdownSender {
    pub fn request(self) {
        // Nobody being there to hear it is fine.
        let _ = self.request.send(true);
    }
}

impl Shutdown {
    pub fn is_requested(&self) -> bool {
        *self.requested.borrow() || self.requested.has_changed().is_err()
    }

    pub async fn wait(&mut self) {
        // An error means that the sender is gone: a request as well.
        let _ = self.requested.wait_for(|requested| *requested).await;
    }

    /// Waits for `future`, or gives `None` as soon as shutdown is requested.
    pub async fn or<T>(&mut self, future: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.wait() => None,
            value = future => Some(value),
        }
    }

    /// Sleeps, or gives `None` as soon as shutdown is requested.
    pub async fn or_sleep(&mut self, clients: &Clients, duration: Duration) -> Option<()> {
        self.or(clients.sleep(duration)).await
    }
}
