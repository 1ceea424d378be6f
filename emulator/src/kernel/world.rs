//! The kernel with the services in it: runs operations, carries deliveries, and
//! does what falls due on the clock.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use super::bus::{Bus, Posted};
use super::clock;
use super::operation::Encode;
use super::realm::Ready;
use super::timeline::{Beginning, Kind, Link, Outcome};
use super::{AnyService, ApiError, Call, Caller, EventId, Kernel, Scope, Timestamp};

/// One emulated AWS. The gateway is its door.
pub struct World {
    pub kernel: Kernel,
    pub bus: Bus,
    pub seed: u64,
    services: Vec<Box<dyn AnyService>>,
    agenda: Agenda,
}

/// A service's state in one scope, by the service's place in the list.
type Cell = (usize, Scope);

/// When which state has work to do.
#[derive(Default)]
struct Agenda {
    entries: Mutex<Entries>,
    changed: Arc<Notify>,
}

#[derive(Default)]
struct Entries {
    by_time: BTreeSet<(Timestamp, Cell)>,
    by_cell: BTreeMap<Cell, Timestamp>,
}

impl World {
    /// Builds the world and starts the task that does due work. The task ends with the world.
    pub fn start(kernel: Kernel, seed: u64, services: Vec<Box<dyn AnyService>>) -> Arc<Self> {
        let world = Arc::new(Self { kernel, bus: Bus::default(), seed, services, agenda: Agenda::default() });
        tokio::spawn(do_due_work(Arc::downgrade(&world)));
        world
    }

    pub fn service(&self, index: usize) -> &dyn AnyService {
        &*self.services[index]
    }

    pub fn services(&self) -> impl Iterator<Item = &dyn AnyService> {
        self.services.iter().map(|service| &**service)
    }

    /// Runs a prepared request of the service at `index` and all that follows at once from it.
    pub fn run(&self, index: usize, ready: Box<dyn Ready>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let (result, next_due) = ready.run(call);
        self.plan((index, call.scope.clone()), next_due);
        self.post(call);
        self.carry(call.now);
        result
    }

    /// Moves the clock forward. Returns when all work that fell due has been
    /// done, each piece at its own time.
    pub async fn advance(&self, by: Duration) {
        let clock = &self.kernel.clock;
        if clock::runtime_is_paused() {
            clock.sleep(by).await;
            clock.settle().await;
            return;
        }
        let target = clock.now() + by;
        while let Some(due) = self.next_due().into_iter().chain(clock.next_sleeper()).min().filter(|due| *due <= target)
        {
            let woken = clock.jump_to(due);
            self.run_due();
            if woken > 0 {
                clock.settle().await;
            }
        }
        clock.jump_to(target);
        self.agenda.changed.notify_one();
        clock.settle().await;
    }

    /// Forgets the state of one account, or of all; of all, also faults, deliveries, the timeline and the draws so far.
    pub fn reset(&self, account: Option<&str>) {
        for service in &self.services {
            service.reset(account);
        }
        if account.is_none() {
            self.bus.clear();
            self.kernel.faults.clear(self.seed);
            self.kernel.ids.reseed(self.seed);
            self.kernel.timeline.restart(self.kernel.clock.now());
        }
    }

    fn next_due(&self) -> Option<Timestamp> {
        let planned = self.agenda.lock().by_time.first().map(|(due, _)| *due);
        planned.into_iter().chain(self.bus.next_due()).min()
    }

    /// Does everything that is due now. A panic is our mistake: it costs the piece
    /// of work that made it, is on the timeline, and the rest is done.
    fn run_due(&self) {
        while let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.do_what_is_due())) {
            let beginning = Beginning::new(Kind::Timer, "rehearsal", "due work", "");
            let event = self.kernel.timeline.begin(self.kernel.clock.now(), beginning);
            let message = panic_message(&*panic);
            self.kernel.timeline.update(event, |event| event.outcome = Outcome::Panic { message });
        }
    }

    /// What is taken from the agenda or the bus is gone from there, whatever becomes of it.
    fn do_what_is_due(&self) {
        let now = self.kernel.clock.now();
        while let Some((index, scope)) = self.agenda.take_due(now) {
            let caller = Caller::default();
            let mut call = Call::new(&self.kernel, now, &scope, &caller, EventId(0));
            let next_due = self.services[index].run_due(&mut call);
            self.post(&mut call);
            self.plan((index, scope), next_due);
        }
        self.carry(now);
    }

    fn plan(&self, cell: Cell, due: Option<Timestamp>) {
        if self.agenda.plan(cell, due) {
            self.agenda.changed.notify_one();
        }
    }

    fn post(&self, call: &mut Call<'_>) {
        for (delivery, cause) in call.take_sent() {
            self.bus.post(call.now, delivery, cause);
            self.agenda.changed.notify_one();
        }
    }

    /// Hands on every delivery that is due, and those that they cause in turn.
    fn carry(&self, now: Timestamp) {
        while let Some(posted) = self.bus.take_due(now) {
            self.deliver(now, &posted);
        }
    }

    fn deliver(&self, now: Timestamp, posted: &Posted) {
        let Posted { delivery, cause, fault } = posted;
        let (from, to) = (delivery.from.to_string(), delivery.to.to_string());
        let beginning = Beginning::new(Kind::Hop, &delivery.from.service, "deliver", format!("{from} -> {to}"))
            .because_of(*cause, Link::Made)
            .in_scope(&delivery.to.scope);
        let hop = self.kernel.timeline.record(now, beginning, fault.unwrap_or_default());
        if let Err(error) = self.hand_over(now, posted, hop) {
            let ApiError { code, message, .. } = error;
            self.kernel.timeline.update(hop, |event| event.outcome = Outcome::Error { code, message });
        }
    }

    fn hand_over(&self, now: Timestamp, posted: &Posted, hop: EventId) -> Result<(), ApiError> {
        let to = &posted.delivery.to;
        let Some(index) = self.services().position(|service| service.description().signing_name == to.service) else {
            return Err(ApiError::not_implemented(format_args!("the service of `{to}`")));
        };
        let caller = Caller::default();
        let mut call = Call::new(&self.kernel, now, &to.scope, &caller, hop);
        let next_due = self.services[index].receive(&posted.delivery, &mut call)?;
        self.plan((index, to.scope.clone()), next_due);
        self.post(&mut call);
        Ok(())
    }
}

impl Agenda {
    /// Notes when a cell is next due; says whether the first entry changed.
    fn plan(&self, cell: Cell, due: Option<Timestamp>) -> bool {
        let mut entries = self.lock();
        let first = entries.by_time.first().map(|(due, _)| *due);
        if let Some(old) = entries.by_cell.remove(&cell) {
            entries.by_time.remove(&(old, cell.clone()));
        }
        if let Some(due) = due {
            entries.by_time.insert((due, cell.clone()));
            entries.by_cell.insert(cell, due);
        }
        entries.by_time.first().map(|(due, _)| *due) != first
    }

    fn take_due(&self, now: Timestamp) -> Option<Cell> {
        let mut entries = self.lock();
        let due = entries.by_time.first().filter(|(due, _)| *due <= now)?.clone();
        entries.by_time.remove(&due);
        entries.by_cell.remove(&due.1);
        Some(due.1)
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.agenda.changed.notify_one();
    }
}

/// Waits for the next due work and does it, as long as the world lives.
async fn do_due_work(world: Weak<World>) {
    loop {
        let Some(alive) = world.upgrade() else { return };
        alive.run_due();
        let (clock, due) = (alive.kernel.clock.clone(), alive.next_due());
        // A notification between here and the wait is kept, so no change is missed.
        let changed = Arc::clone(&alive.agenda.changed);
        drop(alive);
        match due {
            Some(due) => tokio::select! {
                () = clock.wait_for(due) => {}
                () = changed.notified() => {}
            },
            None => changed.notified().await,
        }
    }
}

pub fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
