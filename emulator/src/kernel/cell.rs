//! One state behind its lock: borrowed to change it, or shared among calls that lock what they change inside it.

use std::ops::{Deref, DerefMut};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::operation::Service;
use super::{Call, Kernel, Scope, Timestamp};

/// A service's state in one account and region.
///
/// A panic in an operation is answered and reported by the gateway; the state
/// it left is used on, since one bad request must not take a service down.
pub struct Cell<S>(RwLock<S>);

/// A state that is borrowed to change it. What has changed is noted when it is given back.
pub struct Exclusive<'a, S: Service> {
    state: RwLockWriteGuard<'a, S>,
    kernel: &'a Kernel,
    scope: &'a Scope,
}

impl<S: Service> Cell<S> {
    pub fn new(state: S) -> Self {
        Self(RwLock::new(state))
    }

    /// The state for one call alone. What fell due before is done first: a request must not see the past.
    pub fn exclusive<'c, 'k: 'c>(&'c self, call: &mut Call<'k>) -> Exclusive<'c, S> {
        let state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut state = Exclusive { state, kernel: call.kernel, scope: call.scope };
        if is_due(&*state, call.now) {
            let event = call.event;
            state.run_due(call);
            call.event = event;
        }
        state
    }

    /// The state for this call beside others.
    pub fn shared(&self, call: &mut Call<'_>) -> RwLockReadGuard<'_, S> {
        loop {
            let state = self.read();
            if !is_due(&*state, call.now) {
                return state;
            }
            drop(state);
            drop(self.exclusive(call));
        }
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.read().next_due()
    }

    /// Puts another state in place of this one, for whoever still holds the cell.
    pub fn replace(&self, state: S) {
        *self.whole() = state;
    }

    /// The state, for who reads or writes all of it between calls.
    pub fn whole(&self) -> RwLockWriteGuard<'_, S> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, S> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Service> Deref for Exclusive<'_, S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.state
    }
}

impl<S: Service> DerefMut for Exclusive<'_, S> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.state
    }
}

impl<S: Service> Drop for Exclusive<'_, S> {
    fn drop(&mut self) {
        self.kernel.note(S::DESCRIPTION.name, self.scope, |book| self.state.keep(book));
    }
}

fn is_due<S: Service>(state: &S, now: Timestamp) -> bool {
    state.next_due().is_some_and(|due| due <= now)
}
