//! All states of one service, by account and region, and the service with its type erased.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use dashmap::DashMap;

use super::cell::Cell;
use super::delivery::Failure;
use super::operation::{Binding, Encode, Prepared, Service, ServiceDescription};
use super::store::{Book, Damaged, Name, Node, Record, path_of_state};
use super::{AnyOperation, ApiError, Call, Delivery, Receipt, Scope, Timestamp};
use crate::wire;
use crate::wire::aws_query::Query;

/// A service as the gateway, the bus and the clock see it.
pub trait AnyService: Any + Send + Sync {
    fn description(&self) -> &'static ServiceDescription;
    /// The operations implemented, in the order of the service's table.
    fn operations(&self) -> &[(&'static str, Binding)];
    /// The operation of that name, if it is implemented.
    fn operation(&self, name: &str) -> Option<Found>;
    /// Whether a throttled call of that operation is answered by the operation.
    fn throttles_itself(&self, operation: &str) -> bool;
    /// How the service speaks the query protocol, if it does.
    fn query(&self) -> Option<&'static Query>;
    /// Decodes a request for the operation at that place of the service's table.
    fn prepare(&self, place: usize, request: &wire::Request) -> Result<Box<dyn Ready>, ApiError>;
    /// Takes a delivery. Also returns when the next work falls due in its scope.
    fn receive(&self, delivery: &Delivery, call: &mut Call<'_>) -> Result<(Receipt, Option<Timestamp>), ApiError>;
    /// Does the work due in this scope; returns when the next falls due.
    fn run_due(&self, call: &mut Call<'_>) -> Option<Timestamp>;
    /// Writes the number of the attempt into the body of one of its deliveries.
    fn number(&self, body: &Bytes, attempt: u32) -> Bytes;
    /// What a dead letter of it says of what went wrong.
    fn explain(&self, failure: &Failure) -> Vec<(&'static str, String)>;
    /// Forgets the state of one account, or of all and what they share; says of which scopes.
    fn reset(&self, account: Option<&str>) -> Vec<Scope> {
        self.forget(account)
    }
    /// Writes all of its states. Between calls.
    fn save(&self, records: &mut Vec<Record>);
    /// Forgets its states, and nothing that they share; says of which scopes.
    fn forget(&self, account: Option<&str>) -> Vec<Scope>;
    /// Reads states; what comes back puts them in the place of those that are here.
    fn read(&self, kept: &mut Node) -> Result<PutInPlace<'_>, Damaged>;
    /// Takes over the states of the same service of another world, between calls. Says when work falls due in each.
    fn fork_of(&self, other: &dyn AnyService) -> Result<Vec<Planned>, Damaged>;
}

/// When work falls due in a scope.
pub type Planned = (Scope, Option<Timestamp>);

/// Puts states that were read in their places.
pub type PutInPlace<'a> = Box<dyn FnOnce() -> Vec<Planned> + 'a>;

/// An operation in its service's table.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub place: usize,
    pub name: &'static str,
}

/// A decoded request that knows the state it is for.
pub trait Ready: Send {
    fn resource(&self) -> String;
    /// Runs the operation. Also returns when the next work falls due in its scope.
    fn run(self: Box<Self>, call: &mut Call<'_>) -> (Result<Box<dyn Encode>, ApiError>, Option<Timestamp>);
}

/// Forgets what one account has, or all.
type Forget = dyn Fn(Option<&str>) + Send + Sync;

type Cells<S> = DashMap<Scope, Arc<Cell<S>>>;

/// The states of a service. A state comes to be when its scope is first used.
pub struct Realm<S: Service> {
    description: &'static ServiceDescription,
    cells: Arc<Cells<S>>,
    new_state: Arc<dyn Fn(&Scope) -> S + Send + Sync>,
    table: &'static [&'static dyn AnyOperation<S>],
    operations: BTreeMap<&'static str, usize>,
    /// In the order of the table: every REST request looks through them.
    bindings: Vec<(&'static str, Binding)>,
    forget_shared: Option<Box<Forget>>,
    /// The states are those of another realm, which keeps them.
    is_view: bool,
}

impl<S: Service> Realm<S> {
    pub fn new(new_state: impl Fn(&Scope) -> S + Send + Sync + 'static) -> Self {
        Self {
            description: S::DESCRIPTION,
            cells: Arc::default(),
            new_state: Arc::new(new_state),
            table: S::OPERATIONS,
            operations: by_name(S::OPERATIONS),
            bindings: bindings(S::OPERATIONS),
            forget_shared: None,
            is_view: false,
        }
    }

    /// Another API on the same states, as DynamoDB Streams is one on DynamoDB's tables.
    pub fn view(
        &self,
        description: &'static ServiceDescription,
        table: &'static [&'static dyn AnyOperation<S>],
    ) -> Self {
        Self {
            description,
            cells: Arc::clone(&self.cells),
            new_state: Arc::clone(&self.new_state),
            table,
            operations: by_name(table),
            bindings: bindings(table),
            forget_shared: None,
            is_view: true,
        }
    }

    /// For what the states share: done when those of an account are forgotten, or all of them.
    pub fn also_forgetting(mut self, forget_shared: impl Fn(Option<&str>) + Send + Sync + 'static) -> Self {
        self.forget_shared = Some(Box::new(forget_shared));
        self
    }

    /// Reads one state from records.
    fn read_state(&self, scope: &Scope, kept: &mut Node) -> Result<S, Damaged> {
        let mut state = (self.new_state)(scope);
        let mut damaged = None;
        state.keep(&mut Book::reading(path_of_state(S::DESCRIPTION.name, scope), kept, &mut damaged));
        if let Some(rest) = kept.rest() {
            let path = path_of_state(S::DESCRIPTION.name, scope);
            damaged.get_or_insert(Damaged(format!("{path}{rest}: nothing of that kind is known")));
        }
        damaged.map_or(Ok(state), Err)
    }

    /// Puts a state at its scope; says when work falls due in it.
    fn take_in(&self, scope: Scope, state: S) -> Planned {
        let due = state.next_due();
        self.cell(&scope).replace(state);
        (scope, due)
    }

    /// All states, in the order of their scopes. The registry is held only for the look-up.
    fn all(&self) -> BTreeMap<Scope, Arc<Cell<S>>> {
        self.cells.iter().map(|entry| (entry.key().clone(), Arc::clone(entry.value()))).collect()
    }

    /// The state of a scope. The registry is held only for the look-up.
    fn cell(&self, scope: &Scope) -> Arc<Cell<S>> {
        cell(&self.cells, &*self.new_state, scope)
    }
}

fn by_name<S>(table: &'static [&'static dyn AnyOperation<S>]) -> BTreeMap<&'static str, usize> {
    table.iter().enumerate().map(|(place, operation)| (operation.name(), place)).collect()
}

fn bindings<S>(table: &'static [&'static dyn AnyOperation<S>]) -> Vec<(&'static str, Binding)> {
    table.iter().map(|operation| (operation.name(), operation.binding())).collect()
}

fn cell<S: Service>(cells: &Cells<S>, new_state: &dyn Fn(&Scope) -> S, scope: &Scope) -> Arc<Cell<S>> {
    if let Some(cell) = cells.get(scope) {
        return Arc::clone(&cell);
    }
    Arc::clone(&cells.entry(scope.clone()).or_insert_with(|| Arc::new(Cell::new(new_state(scope)))))
}

impl<S: Service> AnyService for Realm<S> {
    fn description(&self) -> &'static ServiceDescription {
        self.description
    }

    fn operations(&self) -> &[(&'static str, Binding)] {
        &self.bindings
    }

    fn operation(&self, name: &str) -> Option<Found> {
        self.operations.get_key_value(name).map(|(name, place)| Found { place: *place, name })
    }

    fn throttles_itself(&self, operation: &str) -> bool {
        S::throttles_itself(operation)
    }

    fn query(&self) -> Option<&'static Query> {
        S::QUERY
    }

    fn prepare(&self, place: usize, request: &wire::Request) -> Result<Box<dyn Ready>, ApiError> {
        let prepared = self.table[place].prepare(request)?;
        let (cells, new_state) = (Arc::clone(&self.cells), Arc::clone(&self.new_state));
        Ok(Box::new(Addressed { cells, new_state, prepared }))
    }

    fn receive(&self, delivery: &Delivery, call: &mut Call<'_>) -> Result<(Receipt, Option<Timestamp>), ApiError> {
        let cell = self.cell(call.scope);
        let mut state = cell.exclusive(call);
        let receipt = state.receive(delivery, call)?;
        Ok((receipt, state.next_due()))
    }

    fn run_due(&self, call: &mut Call<'_>) -> Option<Timestamp> {
        let cell = self.cell(call.scope);
        let state = cell.exclusive(call);
        state.next_due()
    }

    fn number(&self, body: &Bytes, attempt: u32) -> Bytes {
        S::number(body, attempt)
    }

    fn explain(&self, failure: &Failure) -> Vec<(&'static str, String)> {
        S::explain(failure)
    }

    fn reset(&self, account: Option<&str>) -> Vec<Scope> {
        let forgotten = self.forget(account);
        if let Some(forget_shared) = &self.forget_shared {
            forget_shared(account);
        }
        forgotten
    }

    fn forget(&self, account: Option<&str>) -> Vec<Scope> {
        let mut forgotten = Vec::new();
        self.cells.retain(|scope, cell| {
            let stays = account.is_some_and(|account| &*scope.account != account);
            if !stays {
                forgotten.push((scope.clone(), Arc::clone(cell)));
            }
            stays
        });
        // A live answer still holds its cell, and must find it empty.
        for (scope, cell) in &forgotten {
            cell.replace((self.new_state)(scope));
        }
        forgotten.into_iter().map(|(scope, _)| scope).collect()
    }

    fn save(&self, records: &mut Vec<Record>) {
        if self.is_view {
            return;
        }
        for (scope, cell) in self.all() {
            cell.whole().keep(&mut Book::of_all(path_of_state(S::DESCRIPTION.name, &scope), records));
        }
    }

    fn read(&self, kept: &mut Node) -> Result<PutInPlace<'_>, Damaged> {
        if self.is_view {
            return Ok(Box::new(Vec::new));
        }
        let states = kept.take(S::DESCRIPTION.name).into_iter().map(|(name, mut node)| {
            let no_scope = || Damaged(format!("{}/{name}: not an account and region", S::DESCRIPTION.name));
            let scope = Scope::of_text(&name).ok_or_else(no_scope)?;
            let state = self.read_state(&scope, &mut node)?;
            Ok((scope, state))
        });
        let states: Vec<(Scope, S)> = states.collect::<Result<_, Damaged>>()?;
        Ok(Box::new(move || states.into_iter().map(|(scope, state)| self.take_in(scope, state)).collect()))
    }

    fn fork_of(&self, other: &dyn AnyService) -> Result<Vec<Planned>, Damaged> {
        let other: &dyn Any = other;
        let Some(other) = other.downcast_ref::<Self>().filter(|_| !self.is_view) else { return Ok(Vec::new()) };
        let states = other.all().into_iter().map(|(scope, cell)| {
            let mut original = cell.whole();
            let state = match original.fork() {
                Some(state) => state.settle((self.new_state)(&scope)),
                None => self.read_state(&scope, &mut written(&mut *original)?)?,
            };
            Ok(self.take_in(scope, state))
        });
        states.collect()
    }
}

/// A state as a tree of records.
fn written<S: Service>(state: &mut S) -> Result<Node, Damaged> {
    let mut records = Vec::new();
    state.keep(&mut Book::of_all(String::new(), &mut records));
    let mut tree = Node::default();
    for Record { path, value } in records {
        tree.put(&path, value.unwrap_or_default())?;
    }
    Ok(tree)
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
        let result = self.prepared.run(&cell, call);
        // A view plans, too, what falls due: it may have changed it. Of two that plan the same, the second finds nothing to do.
        let next_due = cell.next_due();
        (result, next_due)
    }
}
