//! A world that is kept, read back, replaced and forked.

use std::io;

use serde::{Deserialize, Serialize};

use super::clock::machine_time;
use super::store::{Damaged, Journal, Keeper, Memory, Node, Record, Records};
use super::{EventId, Timestamp, World};

/// What is written with everything that is kept.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Stamp {
    /// What the clock showed.
    pub at: Timestamp,
    /// How far it was ahead of the machine's.
    pub ahead_ms: i64,
    /// The number that the next event was to get.
    next_event: EventId,
    /// How often a process has begun on it.
    starts: u64,
}

/// Where the stamp lies.
const KIND: &str = "rehearsal";
const PATH: &str = "rehearsal/";

impl Stamp {
    /// The stamp of what was kept, if it has one.
    pub fn of(records: &Records) -> Option<Self> {
        let (_, value) = records.iter().find(|(path, _)| *path == PATH)?;
        serde_json::from_slice(value).ok()
    }

    /// What a clock is to show that goes on from here: the machine's time, with what it was ahead.
    pub fn goes_on_at(self) -> Timestamp {
        let ahead = Timestamp::from_millis(machine_time().as_millis().saturating_add(self.ahead_ms));
        // A machine's clock may have been set back.
        ahead.max(self.at)
    }

    fn record(self) -> Record {
        let value = serde_json::to_vec(&self).expect("numbers are JSON");
        Record { path: PATH.to_owned(), value: Some(value) }
    }
}

impl World {
    /// All that is in this world, at one moment.
    pub fn save(&self) -> Records {
        let _alone = self.kernel.between_calls();
        self.everything().into_iter().chain([self.stamp(0).record()]).collect()
    }

    /// Without the stamp, which whoever writes adds.
    fn everything(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for service in self.services() {
            service.save(&mut records);
        }
        self.bus.save(&mut records);
        records
    }

    fn stamp(&self, starts: u64) -> Stamp {
        let at = self.kernel.clock.now();
        let ahead_ms = at.as_millis() - machine_time().as_millis();
        Stamp { at, ahead_ms, next_event: self.kernel.timeline.next(), starts }
    }

    /// Puts what was kept in place of all that is in this world. With an error, nothing has changed.
    pub fn load(&self, records: Records) -> Result<(), Damaged> {
        let alone = self.kernel.between_calls();
        let stamp = Stamp::of(&records);
        let mut kept = records.into_tree()?;
        kept.take(KIND);
        self.read(&mut kept)?;
        if let Some(stamp) = stamp {
            self.kernel.timeline.go_on_from(stamp.next_event);
        }
        if let Some(keeper) = self.kernel.keeper() {
            keeper.note(self.everything());
        }
        drop(alone);
        self.look_again();
        Ok(())
    }

    fn read(&self, kept: &mut Node) -> Result<(), Damaged> {
        let read: Result<Vec<_>, Damaged> = self.services().map(|service| service.read(kept)).collect();
        let waiting = super::bus::read(kept)?;
        let read = read?;
        if let Some(rest) = kept.rest() {
            return Err(Damaged(format!("{rest}: nothing of that kind is known; was it written by another version?")));
        }
        // From here on nothing fails.
        // All is forgotten first: a view that forgets forgets what is put in place for who keeps it.
        for service in self.services() {
            for scope in service.forget(None) {
                self.kernel.note_gone(service.description().name, &scope);
            }
        }
        for (index, put_in_place) in read.into_iter().enumerate() {
            for (scope, due) in put_in_place() {
                self.plan(index, &scope, due);
            }
        }
        self.bus.clear(self.seed);
        self.bus.take_over(waiting);
        Ok(())
    }

    /// Keeps each change in memory as it comes: for tests that compare what is kept with what is.
    pub fn mirror_in(&self, journal: Memory) {
        self.kernel.keep_with(Keeper::at_once(journal));
    }

    /// Reads what a journal held, and keeps in it from now on what changes. Before the first call.
    pub fn keep_in(&self, journal: impl Journal + 'static, held: Records) -> io::Result<()> {
        let starts = Stamp::of(&held).map_or(0, |stamp| stamp.starts) + 1;
        self.load(held).map_err(|damaged| io::Error::new(io::ErrorKind::InvalidData, damaged))?;
        // The same draws again would give ids that are taken.
        if starts > 1 {
            self.kernel.ids.reseed(self.seed ^ starts.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        }
        let world = self.me.clone();
        let last = std::sync::Mutex::new(self.stamp(starts));
        let stamp = move || {
            let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            // The last batch may come when the world has gone.
            if let Some(world) = world.upgrade() {
                *last = world.stamp(starts);
            }
            last.record()
        };
        self.kernel.keep_with(Keeper::start(journal, self.kernel.calls(), stamp)?);
        Ok(())
    }

    /// Becomes what another world is at this moment. Before the first call.
    pub fn fork_of(&self, other: &World) -> Result<(), Damaged> {
        let _alone = other.kernel.between_calls();
        for (index, (service, original)) in self.services().zip(other.services()).enumerate() {
            for (scope, due) in service.fork_of(original)? {
                self.plan(index, &scope, due);
            }
        }
        self.bus.fork_of(&other.bus);
        self.kernel.faults.fork_of(&other.kernel.faults);
        self.kernel.ids.fork_of(&other.kernel.ids);
        self.kernel.timeline.go_on_from(other.kernel.timeline.next());
        self.look_again();
        Ok(())
    }
}
