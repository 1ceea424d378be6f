//! All states of one service, by account and region, and the service with its type erased.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dashmap::DashMap;

use super::operation::{Binding, Encode, Prepared, Service, ServiceDescription};
use super::{AnyOperation, ApiError, Call, Delivery, Scope, Timestamp};
use crate::wire;

/// A service as the gateway, the bus and the clock see it.
pub trait AnyService: Send + Sync {
    fn description(&self) -> &'static ServiceDescription;
    /// The operations implemented, in the order of the service's table.
    fn operations(&self) -> Vec<(&'static str, Binding)>;
    /// The operation of that name, if it is implemented.
    fn operation(&self, name: &str) -> Option<&'static str>;
    /// Where REST operations that are not implemented would be found.
    fn not_yet(&self) -> &'static [(&'static str, Binding)];
    /// Decodes a request for the operation of that name; `None` if the service has no such operation.
    fn prepare(&self, operation: &str, request: &wire::Request) -> Option<Result<Box<dyn Ready>, ApiError>>;
    fn receive(&self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Option<Timestamp>, ApiError>;
    /// Does the work due in this scope; returns when the next falls due.
    fn run_due(&self, call: &mut Call<'_>) -> Option<Timestamp>;
    /// Forgets the state of one account, or of all.
    fn reset(&self, account: Option<&str>);
}

/// A decoded request that knows the state it is for.
pub trait Ready: Send {
    fn resource(&self) -> String;
    /// Runs the operation. Also returns when the next work falls due in its scope.
    fn run(self: Box<Self>, call: &mut Call<'_>) -> (Result<Box<dyn Encode>, ApiError>, Option<Timestamp>);
}

type Cells<S> = DashMap<Scope, Arc<Mutex<S>>>;

/// The states of a service. A state comes to be when its scope is first used.
pub struct Realm<S: Service> {
    cells: Arc<Cells<S>>,
    new_state: Arc<dyn Fn(&Scope) -> S + Send + Sync>,
    operations: BTreeMap<&'static str, &'static dyn AnyOperation<S>>,
    forget_shared: Option<Box<dyn Fn() + Send + Sync>>,
}

impl<S: Service> Realm<S> {
    pub fn new(new_state: impl Fn(&Scope) -> S + Send + Sync + 'static) -> Self {
        Self {
            cells: Arc::default(),
            new_state: Arc::new(new_state),
            operations: S::OPERATIONS.iter().map(|operation| (operation.name(), *operation)).collect(),
            forget_shared: None,
        }
    }

    /// For what the states share: done when all of them are forgotten.
    pub fn also_forgetting(mut self, forget_shared: impl Fn() + Send + Sync + 'static) -> Self {
        self.forget_shared = Some(Box::new(forget_shared));
        self
    }

    /// The state of a scope. The registry is held only for the look-up.
    fn cell(&self, scope: &Scope) -> Arc<Mutex<S>> {
        cell(&self.cells, &*self.new_state, scope)
    }
}

fn cell<S>(cells: &Cells<S>, new_state: &dyn Fn(&Scope) -> S, scope: &Scope) -> Arc<Mutex<S>> {
    if let Some(cell) = cells.get(scope) {
        return Arc::clone(&cell);
    }
    Arc::clone(&cells.entry(scope.clone()).or_insert_with(|| Arc::new(Mutex::new(new_state(scope)))))
}

/// A panic in an operation is answered and reported by the gateway; the state
/// it left is used on, since one bad request must not take a service down.
fn lock<S>(cell: &Mutex<S>) -> MutexGuard<'_, S> {
    cell.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does what fell due before this moment first: a request must not see the past.
fn catch_up<S: Service>(state: &mut S, call: &mut Call<'_>) {
    if state.next_due().is_some_and(|due| due <= call.now) {
        let event = call.event;
        state.run_due(call);
        call.event = event;
    }
}

impl<S: Service> AnyService for Realm<S> {
    fn description(&self) -> &'static ServiceDescription {
        S::DESCRIPTION
    }

    fn operations(&self) -> Vec<(&'static str, Binding)> {
        S::OPERATIONS.iter().map(|operation| (operation.name(), operation.binding())).collect()
    }

    fn operation(&self, name: &str) -> Option<&'static str> {
        self.operations.get(name).map(|operation| operation.name())
    }

    fn not_yet(&self) -> &'static [(&'static str, Binding)] {
        S::NOT_YET
    }

    fn prepare(&self, operation: &str, request: &wire::Request) -> Option<Result<Box<dyn Ready>, ApiError>> {
        let operation = self.operations.get(operation)?;
        Some(operation.prepare(request).map(|prepared| {
            let (cells, new_state) = (Arc::clone(&self.cells), Arc::clone(&self.new_state));
            Box::new(Addressed { cells, new_state, prepared }) as Box<dyn Ready>
        }))
    }

    fn receive(&self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Option<Timestamp>, ApiError> {
        let cell = self.cell(call.scope);
        let mut state = lock(&cell);
        catch_up(&mut *state, call);
        state.receive(delivery, call)?;
        Ok(state.next_due())
    }

    fn run_due(&self, call: &mut Call<'_>) -> Option<Timestamp> {
        let cell = self.cell(call.scope);
        let mut state = lock(&cell);
        catch_up(&mut *state, call);
        state.next_due()
    }

    fn reset(&self, account: Option<&str>) {
        self.cells.retain(|scope, _| account.is_some_and(|account| &*scope.account != account));
        if let (None, Some(forget_shared)) = (account, &self.forget_shared) {
            forget_shared();
        }
    }
}

struct Addressed<S: Service> {
    cells: Arc<Cells<S>>,
    new_state: Arc<dyn Fn(&Scope) -> S + Send + Sync>,
    prepared: Box<dyn Prepared<S>>,
}

impl<S: Service> Ready for Addressed<S> {
    fn resource(&self) -> String {
        self.prepared.resource()
    }

    fn run(self: Box<Self>, call: &mut Call<'_>) -> (Result<Box<dyn Encode>, ApiError>, Option<Timestamp>) {
        let cell = cell(&self.cells, &*self.new_state, call.scope);
        let mut state = lock(&cell);
        catch_up(&mut *state, call);
        let result = self.prepared.run(&mut *state, call);
        (result, state.next_due())
    }
}
