//! Events on their way out, for who writes every one of them down: each once, soon after it is over.

use std::collections::{BTreeSet, VecDeque};

use super::{CAPACITY, Event, EventId};

/// Nothing is written by itself: [`super::Timeline::take_written`] hands it out.
#[derive(Default)]
pub struct Outbox {
    /// Events of the ring that were not handed out yet.
    unwritten: BTreeSet<EventId>,
    /// Those of them that are over, in the order in which they ended.
    over: VecDeque<EventId>,
    /// How many of these were over at the last look already.
    settled: usize,
    /// Events that the ring has no room for any longer.
    leaving: Vec<Event>,
    lost: u64,
}

/// What there is to write.
#[derive(Debug, Default)]
pub struct Batch {
    pub events: Vec<Event>,
    /// Events that nobody took before there was no room for them any longer.
    pub lost: u64,
}

impl Outbox {
    pub fn began(&mut self, id: EventId) {
        self.unwritten.insert(id);
    }

    pub fn ended(&mut self, id: EventId) {
        self.over.push_back(id);
    }

    /// The ring lets go of an event.
    pub fn leaves(&mut self, event: Event) {
        if !self.unwritten.remove(&event.id) {
            return;
        }
        if self.leaving.len() < CAPACITY {
            self.leaving.push(event);
        } else {
            self.lost += 1;
        }
    }

    /// What left the ring, and what was over at the last look: an answer's last change comes right behind its end.
    pub fn take(&mut self, ring: &VecDeque<Event>) -> Batch {
        let settled: Vec<EventId> = self.over.drain(..self.settled).collect();
        self.settled = self.over.len();
        let mut events = std::mem::take(&mut self.leaving);
        events.extend(settled.into_iter().filter(|id| self.unwritten.remove(id)).filter_map(|id| find(ring, id)));
        Batch { events, lost: std::mem::take(&mut self.lost) }
    }

    /// All that was not handed out yet, over or not.
    pub fn take_all(&mut self, ring: &VecDeque<Event>) -> Batch {
        self.over.clear();
        self.settled = 0;
        let mut events = std::mem::take(&mut self.leaving);
        events.extend(std::mem::take(&mut self.unwritten).into_iter().filter_map(|id| find(ring, id)));
        Batch { events, lost: std::mem::take(&mut self.lost) }
    }
}

fn find(ring: &VecDeque<Event>, id: EventId) -> Option<Event> {
    let at = ring.binary_search_by_key(&id, |event| event.id).ok()?;
    ring.get(at).cloned()
}

#[cfg(test)]
mod tests {
    use crate::kernel::Timestamp;
    use crate::kernel::timeline::{Batch, Beginning, CAPACITY, EventId, Kind, Outcome, Timeline};

    const NOW: Timestamp = Timestamp::from_secs(0);

    fn writing(capacity: usize) -> Timeline {
        let timeline = Timeline::new(NOW);
        timeline.keep(capacity);
        timeline.write_down();
        timeline
    }

    fn begin(timeline: &Timeline) -> EventId {
        timeline.begin(NOW, Beginning::new(Kind::Request, "kinesis", "ListStreams", ""))
    }

    fn end(timeline: &Timeline, id: EventId) {
        timeline.update(id, |event| event.outcome = Outcome::Done);
    }

    fn ids(batch: &Batch) -> Vec<u64> {
        batch.events.iter().map(|event| event.id.0).collect()
    }

    #[test]
    fn every_event_is_handed_out_once_when_it_is_over() {
        let timeline = writing(10);
        let (slow, quick) = (begin(&timeline), begin(&timeline));
        end(&timeline, quick);
        assert_eq!(ids(&timeline.take_written()), [0; 0], "it has just ended, and may change");
        timeline.update(quick, |event| event.detail = "changed".to_owned());
        let batch = timeline.take_written();
        assert_eq!((ids(&batch), &*batch.events[0].detail), (vec![2], "changed"));
        end(&timeline, slow);
        let open = begin(&timeline);
        assert_eq!(ids(&timeline.take_unwritten()), [slow.0, open.0]);
        assert_eq!(ids(&timeline.take_unwritten()), [0; 0]);
    }

    #[test]
    fn what_the_ring_lets_go_of_waits_and_what_nobody_takes_is_counted() {
        let timeline = writing(2);
        for _ in 0..CAPACITY + 4 {
            let id = begin(&timeline);
            end(&timeline, id);
        }
        let batch = timeline.take_unwritten();
        assert_eq!((batch.events.len(), batch.lost), (CAPACITY + 2, 2));
        assert_eq!(timeline.events().len(), 2);
    }

    #[test]
    fn a_new_beginning_loses_nothing() {
        let timeline = writing(5);
        let (_open, over) = (begin(&timeline), begin(&timeline));
        end(&timeline, over);
        timeline.restart(NOW);
        begin(&timeline);
        assert_eq!(ids(&timeline.take_unwritten()), [1, 2, 3]);
    }

    #[test]
    fn what_a_caller_says_at_length_is_cut() {
        let timeline = Timeline::new(NOW);
        let long = "ü".repeat(10_000);
        let id = timeline.begin(NOW, Beginning::new(Kind::Refused, "kinesis", long.clone(), long.clone()));
        timeline.update(id, |event| {
            event.detail = long.clone();
            event.outcome = Outcome::Error { code: long.clone(), message: long.clone() };
        });
        let event = timeline.events().remove(0);
        let shown = serde_json::json!(event).to_string();
        assert!(shown.len() < 6000, "{} bytes", shown.len());
    }
}
