//! How far an answer has come on its way: what of it left, and whether the caller stayed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Clock, Timestamp};

/// The way of one answer. Cheap to clone: every clone is the same way.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Mutex<Way>>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Of a stream; an answer in one piece counts as one.
    pub frames: u32,
    /// When the last of it left, however it ended.
    pub ended: Option<Timestamp>,
    /// When the caller left, if it did not wait for the end.
    pub left: Option<Timestamp>,
}

impl Progress {
    pub fn way(&self) -> Way {
        *self.lock()
    }

    /// From here on somebody sends it. If the sender is dropped before the end, the caller has left.
    pub fn watch(self, clock: Clock) -> Sender {
        Sender { progress: self, clock }
    }

    fn lock(&self) -> MutexGuard<'_, Way> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends an answer, and tells how far it has come.
pub struct Sender {
    progress: Progress,
    clock: Clock,
}

impl Sender {
    pub fn sent_frame(&self) {
        let mut way = self.progress.lock();
        way.frames = way.frames.saturating_add(1);
    }

    /// Nothing more will be sent, whether that was all or it broke off as it was told.
    pub fn ended(&self) {
        let now = self.clock.now();
        self.progress.lock().ended.get_or_insert(now);
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        let now = self.clock.now();
        let mut way = self.progress.lock();
        if way.ended.is_none() {
            way.left = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_leaves_before_the_end_has_left() {
        let clock = Clock::starting_at(Timestamp::from_millis(7));
        let (stayed, left) = (Progress::default(), Progress::default());
        let sender = stayed.clone().watch(clock.clone());
        sender.sent_frame();
        sender.ended();
        drop(sender);
        drop(left.clone().watch(clock.clone()));
        let now = Some(clock.now());
        assert_eq!(stayed.way(), Way { frames: 1, ended: now, left: None });
        assert_eq!(left.way(), Way { frames: 0, ended: None, left: now });
    }
}
