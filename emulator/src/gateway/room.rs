//! Who is connected, and who makes room: the one that has done nothing for longest.
//!
//! Clients that open connections and say nothing would otherwise keep all others out. Who is answered something keeps
//! its place; who asked lately gets a second turn.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::task::AbortHandle;

/// The places of a server's connections, and the count of their requests.
pub struct Room {
    seats: Mutex<Seats>,
    connections_max: usize,
    requests: AtomicUsize,
    requests_max: usize,
}

#[derive(Default)]
struct Seats {
    /// Who makes room first comes first.
    by_turn: BTreeMap<u64, Arc<Seat>>,
    turns: u64,
}

/// One connection's place.
#[derive(Default)]
pub struct Seat {
    turn: AtomicU64,
    requests: AtomicUsize,
    asked_lately: AtomicBool,
    has_asked: AtomicBool,
    /// Ends the connection.
    leave: OnceLock<AbortHandle>,
}

/// A place that is taken until this is dropped.
pub struct Guest {
    room: Arc<Room>,
    seat: Arc<Seat>,
}

/// A request under way until this is dropped.
pub struct UnderWay {
    room: Arc<Room>,
    seat: Arc<Seat>,
}

impl Room {
    pub fn new(connections_max: usize, requests_max: usize) -> Arc<Self> {
        let requests = AtomicUsize::new(0);
        Arc::new(Self { seats: Mutex::default(), connections_max: connections_max.max(1), requests, requests_max })
    }

    /// A place for one more connection. Nothing, if all are taken and everybody is being answered.
    pub fn enter(self: &Arc<Self>) -> Option<Guest> {
        let mut seats = self.lock();
        if seats.by_turn.len() >= self.connections_max && !seats.make_room() {
            return None;
        }
        let seat = Arc::new(Seat::default());
        seats.sit_down(&seat);
        drop(seats);
        Some(Guest { room: Arc::clone(self), seat })
    }

    /// Asks the one that has done nothing for longest to leave. Says whether there was one.
    pub fn make_room(&self) -> bool {
        self.lock().make_room()
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seats {
    fn sit_down(&mut self, seat: &Arc<Seat>) {
        self.turns += 1;
        seat.turn.store(self.turns, Ordering::Relaxed);
        self.by_turn.insert(self.turns, Arc::clone(seat));
    }

    fn make_room(&mut self) -> bool {
        // Twice around: the first time takes second turns away.
        for _ in 0..2 * self.by_turn.len() {
            let Some((_, seat)) = self.by_turn.pop_first() else { return false };
            let is_answered = seat.requests.load(Ordering::Relaxed) > 0;
            if seat.asked_lately.swap(false, Ordering::Relaxed) || is_answered {
                self.sit_down(&seat);
            } else {
                seat.leave();
                return true;
            }
        }
        false
    }
}

impl Seat {
    /// What ends the connection when it is to make room for another.
    pub fn is_left_by(&self, task: AbortHandle) {
        // There is one task a connection.
        let _ = self.leave.set(task);
    }

    fn leave(&self) {
        self.leave.get().inspect(|task| task.abort());
    }
}

impl Guest {
    pub fn seat(&self) -> Arc<Seat> {
        Arc::clone(&self.seat)
    }

    /// Whether a request ever began on this connection.
    pub fn has_asked(&self) -> bool {
        self.seat.has_asked.load(Ordering::Relaxed)
    }

    /// For what takes the connection's requests.
    pub fn desk(&self) -> Desk {
        Desk { room: Arc::clone(&self.room), seat: Arc::clone(&self.seat) }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        // Nobody sits there any more if it was asked to leave.
        let mut seats = self.room.lock();
        let turn = self.seat.turn.load(Ordering::Relaxed);
        if seats.by_turn.get(&turn).is_some_and(|seat| Arc::ptr_eq(seat, &self.seat)) {
            seats.by_turn.remove(&turn);
        }
    }
}

/// Takes the requests of one connection.
#[derive(Clone)]
pub struct Desk {
    room: Arc<Room>,
    seat: Arc<Seat>,
}

impl Desk {
    /// A request begins. Nothing, if there are too many.
    pub fn take(&self) -> Option<UnderWay> {
        self.seat.has_asked.store(true, Ordering::Relaxed);
        self.seat.asked_lately.store(true, Ordering::Relaxed);
        if self.room.requests.fetch_add(1, Ordering::Relaxed) >= self.room.requests_max {
            self.room.requests.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        self.seat.requests.fetch_add(1, Ordering::Relaxed);
        Some(UnderWay { room: Arc::clone(&self.room), seat: Arc::clone(&self.seat) })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.seat.requests.fetch_sub(1, Ordering::Relaxed);
        self.room.requests.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::JoinHandle;

    use super::*;

    /// One that goes on until it is asked to leave.
    fn sit_down(room: &Arc<Room>) -> (Guest, JoinHandle<()>) {
        let guest = room.enter().expect("there is room");
        let task = tokio::spawn(std::future::pending());
        guest.seat().is_left_by(task.abort_handle());
        (guest, task)
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_that_has_done_nothing_for_longest_makes_room() {
        let room = Room::new(3, 10);
        let [(_silent, silent), (asked, asks), (answered, is_answered)] = std::array::from_fn(|_| sit_down(&room));
        drop(asked.desk().take());
        let _answer = answered.desk().take().unwrap();
        let (late, _) = sit_down(&room);
        assert!(silent.await.unwrap_err().is_cancelled());
        let _busy = late.desk().take().unwrap();
        let _later = room.enter().expect("the one that asked has had its second turn");
        assert!(asks.await.unwrap_err().is_cancelled());
        assert!(!is_answered.is_finished());
    }

    #[test]
    fn who_is_being_answered_stays_and_a_place_that_is_left_is_free() {
        let room = Room::new(1, 10);
        let guest = room.enter().unwrap();
        let answer = guest.desk().take();
        assert!(room.enter().is_none());
        drop((answer, guest));
        assert!(room.enter().is_some());
    }

    #[test]
    fn requests_are_counted_over_all_connections() {
        let room = Room::new(2, 2);
        let (one, two) = (room.enter().unwrap(), room.enter().unwrap());
        let under_way = (one.desk().take().unwrap(), one.desk().take().unwrap());
        assert!(two.desk().take().is_none());
        drop(under_way);
        assert!(two.desk().take().is_some());
    }
}
