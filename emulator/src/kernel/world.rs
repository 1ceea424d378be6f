//! The kernel with the services in it: runs operations, carries deliveries, and
//! does what falls due on the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use super::bus::Bus;
use super::clock;
use super::courier::Errands;
use super::mishap::caught;
use super::operation::Encode;
use super::realm::Ready;
use super::timeline::{Beginning, Kind, Outcome};
use super::{AnyService, ApiError, Awaited, Call, Caller, EventId, Feed, Kernel, Look, Next, Scope, Timestamp};

/// One emulated AWS. The gateway is its door.
pub struct World {
    pub kernel: Kernel,
    pub bus: Bus,
    pub seed: u64,
    services: Vec<Box<dyn AnyService>>,
    agenda: Agenda,
    doing_due_work: Mutex<()>,
    /// Held by every live body that is open and every call that waits.
    audience: Arc<()>,
    pub(super) errands: Arc<Errands>,
    /// For what comes back to this world from outside.
    pub(super) me: Weak<World>,
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
    /// What was noted last: most requests have nothing new to note.
    last: Option<(Cell, Timestamp)>,
}

impl World {
    /// Builds the world and starts the task that does due work. The task ends with the world.
    pub fn start(kernel: Kernel, seed: u64, services: Vec<Box<dyn AnyService>>) -> Arc<Self> {
        let world = Self::still(kernel, seed, services);
        tokio::spawn(do_due_work(Arc::downgrade(&world)));
        world
    }

    /// A world in which nothing falls due: what a snapshot is.
    pub fn still(kernel: Kernel, seed: u64, services: Vec<Box<dyn AnyService>>) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            bus: Bus::seeded(seed, kernel.clone()),
            kernel,
            seed,
            services,
            agenda: Agenda::default(),
            doing_due_work: Mutex::default(),
            audience: Arc::default(),
            errands: Arc::default(),
            me: me.clone(),
        })
    }

    pub fn service(&self, index: usize) -> &dyn AnyService {
        &*self.services[index]
    }

    pub fn services(&self) -> impl Iterator<Item = &dyn AnyService> {
        self.services.iter().map(|service| &**service)
    }

    /// Runs a prepared request of the service at `index` and all that follows at once from it.
    pub fn run(&self, index: usize, ready: Box<dyn Ready>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let _call = self.kernel.call();
        let (result, next_due) = ready.run(call);
        self.plan(index, call.scope, next_due);
        self.post(call);
        self.carry(call.now);
        result
    }

    /// Asks a live answer for what it has now, and does all that follows at once from it.
    ///
    /// To look changes nothing that falls due, so there is nothing to plan: what fell due before and was done on
    /// the way is still planned, and whoever comes to do it plans what is next.
    pub fn ask(&self, feed: &mut dyn Feed, call: &mut Call<'_>) -> Next {
        let _call = self.kernel.call();
        let next = feed.next(call);
        self.post(call);
        self.carry(call.now);
        next
    }

    /// Looks whether an answer that is awaited is there, and does all that follows at once from it. As with
    /// [`World::ask`], there is nothing to plan.
    pub fn look(&self, awaited: &mut dyn Awaited, call: &mut Call<'_>) -> Result<Look, ApiError> {
        let _call = self.kernel.call();
        let look = awaited.look(call);
        self.post(call);
        self.carry(call.now);
        look
    }

    /// For a live body, or a call that waits, to hold while it is open: who moves the clock lets it run at each moment on the way.
    pub fn audience(&self) -> Arc<()> {
        Arc::clone(&self.audience)
    }

    /// How many live bodies are open and calls wait.
    pub fn audience_size(&self) -> usize {
        Arc::strong_count(&self.audience) - 1
    }

    /// Moves the clock forward. Returns when all work that fell due has been
    /// done, each piece at its own time.
    pub async fn advance(&self, by: Duration) {
        let clock = &self.kernel.clock;
        if clock::runtime_is_paused() {
            clock.sleep(by).await;
            clock.settle().await;
            self.errands.all_back().await;
            return;
        }
        let target = clock.now() + by;
        loop {
            // What is still under way may fail, and set the next moment.
            self.errands.all_back().await;
            let next = self.next_due().into_iter().chain(clock.next_sleeper()).min();
            let Some(due) = next.filter(|due| *due <= target) else { break };
            let woken = clock.jump_to(due);
            self.run_due();
            if woken > 0 || self.audience_size() > 0 {
                clock.settle().await;
            }
        }
        clock.jump_to(target);
        self.look_again();
        clock.settle().await;
        self.errands.all_back().await;
    }

    /// Forgets the state of one account, or of all; of all, also faults, deliveries, the timeline and the draws so far.
    pub fn reset(&self, account: Option<&str>) {
        let _call = self.kernel.call();
        for service in &self.services {
            for scope in service.reset(account) {
                self.kernel.note_gone(service.description().name, &scope);
            }
        }
        match account {
            Some(account) => self.bus.forget(account),
            None => {
                self.bus.clear(self.seed);
                self.kernel.faults.clear(self.seed);
                self.kernel.ids.reseed(self.seed);
                self.kernel.timeline.restart(self.kernel.clock.now());
            }
        }
    }

    fn next_due(&self) -> Option<Timestamp> {
        let planned = self.agenda.lock().by_time.first().map(|(due, _)| *due);
        planned.into_iter().chain(self.bus.next_due()).min()
    }

    /// Does everything that is due now. One at a time: whoever moves the clock on must not overtake work that another
    /// thread has taken from the agenda and not done yet.
    fn run_due(&self) {
        let _alone = self.doing_due_work.lock().unwrap_or_else(PoisonError::into_inner);
        let _call = self.kernel.call();
        let now = self.kernel.clock.now();
        while let Some((index, scope)) = self.agenda.take_due(now) {
            let caller = Caller::default();
            let mut call = Call::new(&self.kernel, now, &scope, &caller, EventId(0));
            // A panic must not end the task that keeps time for every service.
            let ran = caught(|| self.services[index].run_due(&mut call));
            let next_due = ran.unwrap_or_else(|message| self.report_timer(index, now, &scope, message));
            self.post(&mut call);
            self.plan(index, &scope, next_due);
        }
        self.carry(now);
    }

    /// Due work that panicked: on the timeline, and not tried again until the state changes.
    fn report_timer(&self, index: usize, now: Timestamp, scope: &Scope, message: String) -> Option<Timestamp> {
        let service = self.services[index].description().name;
        let event =
            self.kernel.timeline.begin(now, Beginning::new(Kind::Timer, service, "due work", "").in_scope(scope));
        self.kernel.timeline.update(event, |event| event.outcome = Outcome::Panic { message });
        None
    }

    pub(super) fn plan(&self, index: usize, scope: &Scope, due: Option<Timestamp>) {
        if self.agenda.plan(index, scope, due) {
            self.agenda.changed.notify_one();
        }
    }

    pub(super) fn post(&self, call: &mut Call<'_>) {
        for (delivery, cause) in call.take_sent() {
            self.bus.post(call.now, delivery, cause);
            self.agenda.changed.notify_one();
        }
    }

    /// The bus has something new to wait for.
    pub(super) fn look_again(&self) {
        self.agenda.changed.notify_one();
    }
}

impl Agenda {
    /// Notes when a cell is next due; says whether the first entry changed.
    ///
    /// What is noted only moves forward: of two calls at a time, the one that
    /// looked first may come here last, and must not take back what the other
    /// noted. A cell that is looked at too early has nothing to do and says when.
    pub(super) fn plan(&self, index: usize, scope: &Scope, due: Option<Timestamp>) -> bool {
        let Some(due) = due else { return false };
        let mut entries = self.lock();
        let same = |((at, of), noted): &(Cell, Timestamp)| *at == index && of == scope && *noted == due;
        if entries.last.as_ref().is_some_and(same) {
            return false;
        }
        let cell = (index, scope.clone());
        entries.last = Some((cell.clone(), due));
        if entries.by_cell.get(&cell).is_some_and(|noted| *noted <= due) {
            return false;
        }
        let first = entries.by_time.first().map(|(due, _)| *due);
        if let Some(old) = entries.by_cell.insert(cell.clone(), due) {
            entries.by_time.remove(&(old, cell.clone()));
        }
        entries.by_time.insert((due, cell));
        entries.by_time.first().map(|(due, _)| *due) != first
    }

    fn take_due(&self, now: Timestamp) -> Option<Cell> {
        let mut entries = self.lock();
        let due = entries.by_time.first().filter(|(due, _)| *due <= now)?.clone();
        entries.by_time.remove(&due);
        entries.by_cell.remove(&due.1);
        entries.last = None;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::clock::Clock;
    use crate::kernel::operation::{AnyOperation, Protocol, Service, ServiceDescription};
    use crate::kernel::realm::Realm;

    /// Has work at one moment: to do it is to panic, or to take it off.
    struct Once {
        due: Option<Timestamp>,
        panics: bool,
    }

    impl Service for Once {
        const DESCRIPTION: &'static ServiceDescription = &ServiceDescription {
            name: "once",
            title: "Once",
            signing_name: "once",
            target_prefix: "Once",
            protocol: Protocol::AwsJson1_1,
            body_bytes_max: 0,
            error_namespace: |_| "",
            crc32: false,
            cbor: false,
            throttled: |_| ApiError::internal(),
            not_implemented: &[],
            not_implemented_at: &[],
            differences: &[],
        };
        const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[];

        fn next_due(&self) -> Option<Timestamp> {
            self.due
        }

        fn run_due(&mut self, call: &mut Call<'_>) {
            assert!(!self.panics, "out of order");
            self.due = None;
            call.timer("once", "done", "", None);
        }
    }

    #[test]
    fn a_call_that_looked_earlier_does_not_take_back_what_another_noted() {
        let (agenda, scope) = (Agenda::default(), Scope::default());
        let (soon, late) = (Timestamp::from_secs(10), Timestamp::from_secs(20));
        assert!(agenda.plan(0, &scope, Some(soon)));
        for stale in [Some(late), None] {
            assert!(!agenda.plan(0, &scope, stale));
        }
        assert_eq!(agenda.take_due(soon), Some((0, scope.clone())));
        assert_eq!(agenda.take_due(late), None, "one entry a cell");
        assert!(agenda.plan(0, &scope, Some(late)), "what was taken is noted anew");
    }

    #[tokio::test(start_paused = true)]
    async fn due_work_that_panics_is_told_and_does_not_stop_the_rest() {
        let kernel = Kernel::new(Clock::fitting_the_runtime(), 0);
        let due = kernel.clock.now() + Duration::from_secs(60);
        let realm = |panics| -> Box<dyn AnyService> { Box::new(Realm::new(move |_| Once { due: Some(due), panics })) };
        let world = World::start(kernel, 0, vec![realm(true), realm(false)]);
        world.plan(0, &Scope::default(), Some(due));
        world.plan(1, &Scope::default(), Some(due));
        world.advance(Duration::from_secs(61)).await;
        let timeline = world.kernel.timeline.to_string();
        assert!(timeline.contains("60.000 #1  +once      due work") && timeline.contains("out of order"), "{timeline}");
        assert!(timeline.contains("60.000 #2  +once      done"), "{timeline}");
    }
}
