//! The messages of one queue and the states they are in.
//!
//! A message is known by its number, in the order of arrival. Nothing has to
//! happen for a message to become visible again: whoever looks first brings the
//! states up to the moment. Of a FIFO queue's messages, only the head of a group can
//! be received, and none of a group while one of its messages is in flight.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::message::{Message, State};
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{EventId, Timestamp};

#[derive(Clone, Debug, Default)]
pub struct Messages {
    by_number: Kept<u64, Message>,
    so_far: Single<u64>,
    ready: BTreeSet<u64>,
    delayed: BTreeSet<(Timestamp, u64)>,
    in_flight: BTreeSet<(Timestamp, u64)>,
    by_age: BTreeSet<(Timestamp, u64)>,
    /// Of a FIFO queue.
    groups: Option<Groups>,
    /// What passed out of retention since that was told last.
    pub expired: Expired,
}

#[derive(Clone, Debug, Default)]
struct Groups {
    by_name: BTreeMap<String, Group>,
    /// The groups from which something can be received, by the numbers of their heads.
    open: BTreeSet<(u64, String)>,
}

#[derive(Clone, Debug, Default)]
struct Group {
    members: BTreeSet<u64>,
    in_flight: usize,
    /// The group's entry among those that are open.
    open_at: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Expired {
    pub count: usize,
    pub writer: Option<EventId>,
}

impl Messages {
    pub fn new(is_fifo: bool) -> Self {
        Self { groups: is_fifo.then(Groups::default), ..Self::default() }
    }

    /// Goes through the messages; where they stand follows from them.
    pub fn keep(&mut self, is_fifo: bool, book: &mut Book<'_>) {
        book.value("next_number", &mut self.so_far);
        book.map("message", &mut self.by_number);
        if book.reads() {
            self.groups = is_fifo.then(Groups::default);
            for number in self.by_number.keys().copied().collect::<Vec<u64>>() {
                self.find_place(number);
            }
        }
    }

    pub fn get(&self, number: u64) -> Option<&Message> {
        self.by_number.get(&number)
    }

    pub fn get_mut(&mut self, number: u64) -> Option<&mut Message> {
        self.by_number.get_mut(&number)
    }

    /// The number that the next message gets.
    pub fn next_number(&self) -> u64 {
        *self.so_far
    }

    pub fn ready_count(&self) -> usize {
        self.ready.len()
    }

    pub fn delayed_count(&self) -> usize {
        self.delayed.len()
    }

    pub fn in_flight_count(&self) -> usize {
        self.in_flight.len()
    }

    /// The messages that can be received on a standard queue, oldest first.
    pub fn ready(&self) -> impl Iterator<Item = u64> + '_ {
        self.ready.iter().copied()
    }

    pub fn in_flight(&self) -> impl Iterator<Item = u64> + '_ {
        self.in_flight.iter().map(|(_, number)| *number)
    }

    /// The message that can be received next, and those behind it in its group: of a FIFO queue.
    pub fn next_in_group(&self) -> Option<u64> {
        self.groups.as_ref()?.open.first().map(|(head, _)| *head)
    }

    /// The messages of the group of that one that follow it.
    pub fn behind(&self, number: u64) -> Vec<u64> {
        let group = self.by_number.get(&number).and_then(|message| message.content.group.as_deref());
        let (Some(groups), Some(group)) = (&self.groups, group) else { return Vec::new() };
        let members = groups.by_name.get(group).into_iter().flat_map(|group| group.members.range(number + 1..));
        members.copied().take_while(|number| self.ready.contains(number)).collect()
    }

    /// When something becomes ready by itself.
    pub fn next_ready(&self) -> Option<Timestamp> {
        let first = |set: &BTreeSet<(Timestamp, u64)>| set.first().map(|(moment, _)| *moment);
        first(&self.delayed).into_iter().chain(first(&self.in_flight)).min()
    }

    pub fn oldest(&self) -> Option<Timestamp> {
        self.by_age.first().map(|(sent, _)| *sent)
    }

    /// Brings the states up to `now`.
    pub fn catch_up(&mut self, now: Timestamp, retention: Duration) {
        let horizon = now - retention;
        while let Some((sent, number)) = self.by_age.first().copied().filter(|(sent, _)| *sent <= horizon) {
            self.by_age.remove(&(sent, number));
            if let Some(message) = self.remove(number) {
                self.expired.count += 1;
                self.expired.writer.get_or_insert(message.writer);
            }
        }
        while let Some((_, number)) = self.next_timed().filter(|(moment, _)| *moment <= now) {
            self.set_state(number, State::Ready);
        }
    }

    fn next_timed(&self) -> Option<(Timestamp, u64)> {
        self.delayed.first().into_iter().chain(self.in_flight.first()).min().copied()
    }

    pub fn add(&mut self, message: Message) -> u64 {
        let number = *self.so_far;
        *self.so_far += 1;
        self.put(number, message);
        number
    }

    /// Puts a message at the place of its number: a new one, or one that had been removed.
    pub fn put(&mut self, number: u64, message: Message) {
        self.by_number.insert(number, message);
        self.find_place(number);
    }

    fn find_place(&mut self, number: u64) {
        let Some(message) = self.by_number.get(&number) else { return };
        let (sent, state, group) = (message.sent, message.state, message.content.group.clone());
        self.by_age.insert((sent, number));
        if let (Some(groups), Some(group)) = (&mut self.groups, group) {
            groups.by_name.entry(group).or_default().members.insert(number);
        }
        self.enter(number, state);
        self.open_or_close(number);
    }

    pub fn remove(&mut self, number: u64) -> Option<Message> {
        let message = self.by_number.get(&number)?.clone();
        self.leave(number, message.state);
        self.by_age.remove(&(message.sent, number));
        if let (Some(groups), Some(name)) = (&mut self.groups, &message.content.group)
            && let Some(group) = groups.by_name.get_mut(name)
        {
            group.members.remove(&number);
        }
        self.open_or_close(number);
        self.by_number.remove(&number)
    }

    pub fn set_state(&mut self, number: u64, state: State) {
        let Some(message) = self.by_number.get_mut(&number) else { return };
        let before = std::mem::replace(&mut message.state, state);
        self.leave(number, before);
        self.enter(number, state);
        self.open_or_close(number);
    }

    /// Delays what is delayed by another time: of a FIFO queue, whose delay is that of all of its messages.
    pub fn delay_anew(&mut self, delay: Duration) {
        for (_, number) in self.delayed.clone() {
            let until = self.by_number.get(&number).map(|message| message.sent + delay);
            if let Some(until) = until {
                self.set_state(number, State::Delayed(until));
            }
        }
    }

    pub fn clear(&mut self) {
        for number in self.by_number.keys().copied().collect::<Vec<u64>>() {
            self.remove(number);
        }
        self.expired = Expired::default();
    }

    fn enter(&mut self, number: u64, state: State) {
        match state {
            State::Ready => self.ready.insert(number),
            State::Delayed(until) => self.delayed.insert((until, number)),
            State::InFlight(until) => self.in_flight.insert((until, number)),
        };
        if matches!(state, State::InFlight(_))
            && let Some(group) = self.group_mut(number)
        {
            group.in_flight += 1;
        }
    }

    fn leave(&mut self, number: u64, state: State) {
        match state {
            State::Ready => self.ready.remove(&number),
            State::Delayed(until) => self.delayed.remove(&(until, number)),
            State::InFlight(until) => self.in_flight.remove(&(until, number)),
        };
        if matches!(state, State::InFlight(_))
            && let Some(group) = self.group_mut(number)
        {
            group.in_flight -= 1;
        }
    }

    fn group_mut(&mut self, number: u64) -> Option<&mut Group> {
        let name = self.by_number.get(&number)?.content.group.as_deref()?;
        self.groups.as_mut()?.by_name.get_mut(name)
    }

    /// Notes whether something can be received from the group of that message, which has changed.
    fn open_or_close(&mut self, number: u64) {
        let Some(groups) = &mut self.groups else { return };
        let Some(name) = self.by_number.get(&number).and_then(|message| message.content.group.clone()) else { return };
        let Some(group) = groups.by_name.get_mut(&name) else { return };
        let head = group.members.first().copied().filter(|head| group.in_flight == 0 && self.ready.contains(head));
        if let Some(open_at) = std::mem::replace(&mut group.open_at, head) {
            groups.open.remove(&(open_at, name.clone()));
        }
        if group.members.is_empty() {
            groups.by_name.remove(&name);
        } else if let Some(head) = head {
            groups.open.insert((head, name));
        }
    }
}
