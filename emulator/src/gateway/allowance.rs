//! Memory that clients make the server hold, counted over all of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

/// So many bytes at a time, whoever they are for. Cheap to clone.
#[derive(Clone)]
pub struct Allowance {
    left: Arc<AtomicUsize>,
}

/// Bytes of an allowance that are taken until this is dropped.
pub struct Held {
    left: Arc<AtomicUsize>,
    bytes: usize,
}

impl Allowance {
    pub fn of(bytes: usize) -> Self {
        Self { left: Arc::new(AtomicUsize::new(bytes)) }
    }

    /// Nothing yet, of this allowance.
    pub fn hold_nothing(&self) -> Held {
        Held { left: Arc::clone(&self.left), bytes: 0 }
    }

    /// Takes so many bytes, if they are left.
    pub fn hold(&self, bytes: usize) -> Option<Held> {
        let mut held = self.hold_nothing();
        held.grow(bytes).then_some(held)
    }
}

impl Held {
    /// Takes so many more. Says whether they were left.
    #[must_use]
    pub fn grow(&mut self, bytes: usize) -> bool {
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        if taken.is_ok() {
            self.bytes += bytes;
        }
        taken.is_ok()
    }

    /// The same bytes, which give back what they hold when nobody has them any more.
    pub fn around(self, bytes: Bytes) -> Bytes {
        Bytes::from_owner(Owned { bytes, _held: self })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.left.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

struct Owned {
    bytes: Bytes,
    _held: Held,
}

impl AsRef<[u8]> for Owned {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_comes_back_when_it_is_dropped() {
        let allowance = Allowance::of(10);
        let mut held = allowance.hold(6).unwrap();
        assert!(allowance.hold(5).is_none() && !held.grow(5));
        assert!(held.grow(4));
        let bytes = held.around(Bytes::from_static(b"0123456789"));
        let copy = bytes.clone();
        drop(bytes);
        assert!(allowance.hold(1).is_none(), "the copy still holds it");
        drop(copy);
        assert!(allowance.hold(10).is_some());
    }
}
