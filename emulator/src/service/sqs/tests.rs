//! Queues under random senders, consumers and clocks, held against a plain account of each message.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::Sqs;
use super::attributes::Attributes;
use super::message::{Message, State};
use super::queue::Queue;
use super::receipt_handle::ReceiptHandle;
use super::receiving::Request;
use super::sending::Draft;
use crate::kernel::{Call, Caller, Clock, EventId, Kernel, Scope, Timestamp};

const NAME: &str = "orders";
const GROUPS: u8 = 3;
const VISIBILITY_SECONDS: i64 = 30;

#[derive(Clone, Debug)]
enum Step {
    Send {
        group: u8,
        delay: u8,
    },
    Receive {
        count: u8,
    },
    /// Of the receipts so far, one by its place from the last.
    Delete(u8),
    Hide {
        receipt: u8,
        seconds: u8,
    },
    Wait {
        seconds: u8,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..GROUPS, 0..3u8).prop_map(|(group, delay)| Step::Send { group, delay: delay * 7 }),
        3 => (1..=10u8).prop_map(|count| Step::Receive { count }),
        2 => (0..6u8).prop_map(Step::Delete),
        1 => (0..6u8, 0..40u8).prop_map(|(receipt, seconds)| Step::Hide { receipt, seconds }),
        2 => (0..40u8).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// What is known of a message from outside.
#[derive(Debug)]
struct Account {
    group: u8,
    /// Nobody gets it before this moment.
    hidden_until: Timestamp,
    /// The receive that it is in flight for, if it is not visible yet.
    receive: u32,
}

struct Play {
    sqs: Sqs,
    kernel: Kernel,
    now: Timestamp,
    is_fifo: bool,
    sent: u64,
    /// By number: those that are not deleted.
    alive: BTreeMap<u64, Account>,
    receipts: Vec<(u64, u32)>,
}

impl Play {
    fn new(is_fifo: bool) -> Self {
        let now = Timestamp::from_secs(1_767_225_600);
        let mut attributes = Attributes::new(is_fifo);
        if let Some(fifo) = &mut attributes.fifo {
            fifo.content_based_deduplication = true;
        }
        let mut sqs = Sqs::default();
        sqs.queues.insert(NAME.to_owned(), Queue::new(NAME.to_owned(), attributes, now));
        let kernel = Kernel::new(Clock::starting_at(now), 7);
        Self { sqs, kernel, now, is_fifo, sent: 0, alive: BTreeMap::new(), receipts: Vec::new() }
    }

    fn perform(&mut self, step: &Step) {
        match step {
            Step::Send { group, delay } => self.send(*group, *delay),
            Step::Receive { count } => drop(self.receive(*count, VISIBILITY_SECONDS)),
            Step::Delete(receipt) => self.delete(*receipt),
            Step::Hide { receipt, seconds } => self.hide(*receipt, *seconds),
            Step::Wait { seconds } => self.now = self.now + Duration::from_secs((*seconds).into()),
        }
        self.compare_counts();
    }

    fn send(&mut self, group: u8, delay: u8) {
        let delay = if self.is_fifo { 0 } else { delay };
        let draft = Draft {
            message_body: Some(self.sent.to_string()),
            delay_seconds: Some(delay.into()),
            message_group_id: Some(group.to_string()),
            ..Draft::default()
        };
        let (scope, caller) = (Scope::default(), Caller::default());
        let call = Call::new(&self.kernel, self.now, &scope, &caller, EventId(1));
        self.sqs.send(NAME, draft, &call).expect("it is a good message");
        let hidden_until = self.now + Duration::from_secs(delay.into());
        self.alive.insert(self.sent, Account { group, hidden_until, receive: 0 });
        self.sent += 1;
    }

    fn receive(&mut self, count: u8, visibility_timeout: i64) -> Vec<u64> {
        let request = Request { count: count.into(), visibility_timeout, attempt: None, waits: false };
        let (scope, caller) = (Scope::default(), Caller::default());
        let mut call = Call::new(&self.kernel, self.now, &scope, &caller, EventId(2));
        let numbers = self.sqs.receive_messages(NAME, &request, &mut call).expect("the queue is there").numbers;
        assert!(numbers.len() <= count.into());
        let blocked: Vec<u8> = self
            .alive
            .values()
            .filter(|account| account.hidden_until > self.now)
            .map(|account| account.group)
            .collect();
        for (place, number) in numbers.iter().enumerate() {
            let account = self.alive.get(number).expect("what is deleted is not received");
            assert!(account.hidden_until <= self.now, "{number} is invisible");
            if self.is_fifo {
                assert!(!blocked.contains(&account.group), "the group of {number} is in flight");
                let before = self.alive.range(..number).filter(|(_, before)| before.group == account.group);
                for (earlier, _) in before {
                    assert!(numbers[..place].contains(earlier), "{number} overtakes {earlier}");
                }
            }
        }
        for number in &numbers {
            let account = self.alive.get_mut(number).expect("it was looked at above");
            account.hidden_until = self.now + Duration::from_secs(visibility_timeout.unsigned_abs());
            account.receive += 1;
            self.receipts.push((*number, account.receive));
        }
        numbers
    }

    /// A receipt, its handle, and whether its receive still holds the message.
    fn receipt(&mut self, back: u8) -> Option<(u64, ReceiptHandle, bool)> {
        let at = self.receipts.len().checked_sub(1 + usize::from(back))?;
        let (number, receive) = self.receipts[at];
        let queue = &self.sqs.queues[NAME];
        let holds = self
            .alive
            .get(&number)
            .is_some_and(|account| account.receive == receive && account.hidden_until > self.now);
        Some((number, ReceiptHandle::new(queue, number, receive), holds))
    }

    fn delete(&mut self, back: u8) {
        let Some((number, handle, holds)) = self.receipt(back) else { return };
        let now = self.now;
        let queue = self.sqs.queues.get_mut(NAME).expect("the queue is there");
        queue.catch_up(now);
        let deleted = queue.delete(&handle, "handle");
        let is_gone = !self.alive.contains_key(&number);
        assert_eq!(deleted.is_ok(), is_gone || holds || !self.is_fifo, "{number}");
        if deleted.is_ok() {
            self.alive.remove(&number);
        }
    }

    fn hide(&mut self, back: u8, seconds: u8) {
        let Some((number, handle, holds)) = self.receipt(back) else { return };
        let now = self.now;
        let queue = self.sqs.queues.get_mut(NAME).expect("the queue is there");
        queue.catch_up(now);
        let hidden = queue.change_visibility(&handle, "handle", seconds.into(), now);
        let in_flight =
            self.alive.get(&number).is_some_and(|account| account.hidden_until > now && account.receive > 0);
        assert_eq!(hidden.is_ok(), if self.is_fifo { holds } else { in_flight }, "{number}");
        if let (Ok(()), Some(account)) = (hidden, self.alive.get_mut(&number)) {
            account.hidden_until = now + Duration::from_secs(seconds.into());
        }
    }

    fn compare_counts(&mut self) {
        let now = self.now;
        let queue = self.sqs.queues.get_mut(NAME).expect("the queue is there");
        queue.catch_up(now);
        let hidden = |received: bool| {
            self.alive.values().filter(|it| it.hidden_until > now && (it.receive > 0) == received).count()
        };
        let visible = self.alive.len() - hidden(true) - hidden(false);
        let messages = &queue.messages;
        let counts = [messages.ready_count(), messages.in_flight_count(), messages.delayed_count()];
        assert_eq!(counts, [visible, hidden(true), hidden(false)]);
    }

    /// When all that was hidden is visible again, all that was not deleted is received, each once.
    fn drain(&mut self) {
        self.now = self.now + Duration::from_hours(1);
        let mut left: Vec<u64> = self.alive.keys().copied().collect();
        loop {
            let received = self.receive(10, 3600);
            if received.is_empty() {
                break;
            }
            for number in received {
                let at = left.iter().position(|known| *known == number).expect("each comes once");
                left.remove(at);
                self.alive.remove(&number);
                self.sqs.queues.get_mut(NAME).expect("the queue is there").messages.remove(number);
            }
        }
        assert!(left.is_empty(), "{left:?} are lost");
    }
}

proptest! {
    #![proptest_config(Config { rng_seed: RngSeed::Fixed(7), cases: 256, ..Config::default() })]

    #[test]
    fn no_message_is_lost_seen_too_early_or_out_of_order(is_fifo: bool, steps in prop::collection::vec(step(), 1..120)) {
        let mut play = Play::new(is_fifo);
        for step in &steps {
            play.perform(step);
        }
        play.drain();
    }
}

#[test]
fn only_so_many_messages_are_in_flight() {
    for (is_fifo, waits, refused) in [(false, false, true), (false, true, false), (true, false, false)] {
        let mut play = Play::new(is_fifo);
        play.send(0, 0);
        let template: Message = play.sqs.queues[NAME].messages.get(0).expect("it was sent").clone();
        let in_flight = State::InFlight(play.now + Duration::from_hours(1));
        let queue = play.sqs.queues.get_mut(NAME).expect("the queue is there");
        for _ in 0..120_000 {
            queue.messages.add(Message { state: in_flight, ..template.clone() });
        }
        let request = Request { count: 1, visibility_timeout: 30, attempt: None, waits };
        let (scope, caller) = (Scope::default(), Caller::default());
        let mut call = Call::new(&play.kernel, play.now, &scope, &caller, EventId(2));
        let received = play.sqs.receive_messages(NAME, &request, &mut call);
        match received {
            Ok(taken) => assert!(!refused && taken.numbers.is_empty()),
            Err(error) => assert!(refused && error.code == "OverLimit", "{error}"),
        }
    }
}
