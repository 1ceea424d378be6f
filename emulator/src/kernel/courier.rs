//! Hands on what is due on the bus: one attempt after the other, until it is taken, no retry would help, or the sender's
//! [`Effort`] is used up. Then the dead letter is written. Every attempt is on the timeline.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;

use super::bus::Posted;
use super::delivery::{DeadLetter, Effort, Errand, Exhausted, Failure, Receipt, RequestOf};
use super::mishap::caught;
use super::timeline::{Beginning, Cause, Kind, Link, Outcome};
use super::world::World;
use super::{AnyService, ApiError, Call, Caller, Delivery, EventId, Protocol, Timestamp};
use crate::wire;

/// Counts the errands that are under way.
#[derive(Default)]
pub struct Errands {
    under_way: AtomicUsize,
    back: Notify,
}

impl Errands {
    /// Waits until none is under way.
    pub async fn all_back(&self) {
        loop {
            let back = self.back.notified();
            if self.under_way.load(Ordering::SeqCst) == 0 {
                return;
            }
            back.await;
        }
    }
}

impl World {
    /// Hands on every delivery that is due, and those that they cause in turn.
    pub fn carry(&self, now: Timestamp) {
        while let Some((posted, refused)) = self.bus.take_due(now) {
            self.attempt(now, posted, refused);
        }
    }

    fn attempt(&self, now: Timestamp, posted: Posted, refused: Option<ApiError>) {
        if let Some(exhausted) = out_of_time(&posted, now) {
            return self.give_up(now, &posted, Some(exhausted));
        }
        let hop = self.begin_hop(now, &posted);
        let handed_over = match refused {
            Some(error) => Ok(Err(error)),
            None => {
                let sender = self.sender_of(&posted.delivery);
                let number = |body: &Bytes, attempt| sender.map_or(body.clone(), |sender| sender.number(body, attempt));
                let delivery = posted.delivery.in_attempt(posted.tried + 1, number);
                caught(|| self.hand_over(now, &delivery, hop))
            }
        };
        match handed_over {
            Ok(Ok(Receipt::Taken)) => self.bus.over(&posted),
            Ok(Ok(Receipt::NotBefore(moment))) => {
                self.kernel.timeline.update(hop, |event| event.quiet = true);
                self.wait_for(moment, now, posted);
            }
            Ok(Ok(Receipt::Errand(errand))) => self.send_out(posted, hop, errand),
            Ok(Err(error)) => self.failed(now, posted, hop, error),
            Err(message) => {
                self.kernel.timeline.update(hop, |event| event.outcome = Outcome::Panic { message });
                self.bus.over(&posted);
            }
        }
    }

    fn begin_hop(&self, now: Timestamp, posted: &Posted) -> EventId {
        let Posted { delivery, cause, tried, fault, .. } = posted;
        let (from, to) = (delivery.from.to_string(), delivery.to.to_string());
        let mut beginning =
            Beginning::new(Kind::Hop, delivery.from.service.clone(), "deliver", format!("{from} -> {to}"))
                .because_of(cause.event, cause.link)
                .in_scope(delivery.scope());
        beginning.attempt = tried + 1;
        self.kernel.timeline.record(now, beginning, fault.unwrap_or_default())
    }

    fn hand_over(&self, now: Timestamp, delivery: &Delivery, hop: EventId) -> Result<Receipt, ApiError> {
        let service = delivery.request.as_ref().map_or(&delivery.to.service, |request| &request.service);
        let Some(index) = self.services().position(|known| known.description().signing_name == *service) else {
            return Err(ApiError::not_implemented(format_args!("the service of `{}`", delivery.to)));
        };
        let caller = Caller::default();
        if let Some(request) = &delivery.request {
            let mut call = Call::new(&self.kernel, now, &delivery.from.scope, &caller, hop);
            return self.perform(index, request, delivery, &mut call);
        }
        let mut call = Call::new(&self.kernel, now, &delivery.to.scope, &caller, hop);
        let (receipt, next_due) = self.service(index).receive(delivery, &mut call)?;
        self.plan(index, call.scope, next_due);
        self.post(&mut call);
        Ok(receipt)
    }

    /// Runs an operation on behalf of the sender, in the sender's account and region.
    fn perform(
        &self,
        index: usize,
        request: &RequestOf,
        delivery: &Delivery,
        call: &mut Call<'_>,
    ) -> Result<Receipt, ApiError> {
        let service = self.service(index);
        let description = service.description();
        let Some(found) = service.operation(&request.operation) else {
            let what = format!("{} {}", description.name, request.operation);
            return Err(ApiError::not_implemented(what));
        };
        let mut document = wire::Request::of_document(description.protocol, delivery.body.clone());
        if description.protocol == Protocol::RestJson1 {
            document = document.with_labels_of(service.operations()[found.place].1.uri);
        }
        let ready = service.prepare(found.place, &document)?;
        let (result, next_due) = ready.run(call);
        self.plan(index, call.scope, next_due);
        self.post(call);
        result.map(|_answer| Receipt::Taken)
    }

    /// Lets work outside this world run where it may block. On a paused runtime time stands still meanwhile.
    fn send_out(&self, posted: Posted, hop: EventId, errand: Errand) {
        self.errands.under_way.fetch_add(1, Ordering::SeqCst);
        self.bus.lend(&posted);
        self.kernel.timeline.update(hop, |event| event.outcome = Outcome::Pending);
        let (world, errands) = (self.me.clone(), Arc::clone(&self.errands));
        tokio::spawn(async move {
            let ended = tokio::task::spawn_blocking(move || caught(errand)).await;
            if let (Some(world), Ok(ended)) = (world.upgrade(), ended) {
                world.came_back(posted, hop, ended);
            }
            errands.under_way.fetch_sub(1, Ordering::SeqCst);
            errands.back.notify_waiters();
        });
    }

    fn came_back(&self, posted: Posted, hop: EventId, ended: Result<Result<String, ApiError>, String>) {
        let _call = self.kernel.call();
        let now = self.kernel.clock.now();
        match ended {
            Ok(Ok(detail)) => {
                self.kernel.timeline.update(hop, |event| {
                    event.outcome = Outcome::Done;
                    event.detail = detail;
                });
                self.bus.over(&posted);
            }
            Ok(Err(error)) => self.failed(now, posted, hop, error),
            Err(message) => {
                self.kernel.timeline.update(hop, |event| event.outcome = Outcome::Panic { message });
                self.bus.over(&posted);
            }
        }
        self.carry(now);
        self.look_again();
    }

    /// The receiver has set a moment: it is asked again then, or when the sender's time is over.
    fn wait_for(&self, moment: Timestamp, now: Timestamp, mut posted: Posted) {
        // assumed: what waits for its receiver until its time is over was throttled.
        posted.error.get_or_insert_with(|| ApiError::with_status(429, "ThrottlingException", "Rate exceeded"));
        let end = posted.delivery.effort.as_deref().map(|effort| posted.sent + effort.max_age);
        // Never this moment again, or the same question would be asked for ever.
        let next = moment.max(now + Duration::from_millis(1));
        self.bus.put_back(end.map_or(next, |end| next.min(end)), posted);
        self.look_again();
    }

    /// An attempt has failed: there is another, or the bus gives up.
    fn failed(&self, now: Timestamp, mut posted: Posted, hop: EventId, error: ApiError) {
        let ApiError { code, message, .. } = error.clone();
        self.kernel.timeline.update(hop, |event| event.outcome = Outcome::Error { code, message });
        let may_be_retried = error.is_transient();
        let asked_for = error.retry_after().unwrap_or_default();
        posted.tried += 1;
        posted.error = Some(error);
        posted.cause = Cause { event: hop, link: Link::Retry };
        posted.fault = None;
        let Some(effort) = posted.delivery.effort.clone() else { return self.bus.over(&posted) };
        if !may_be_retried {
            return self.give_up(now, &posted, None);
        }
        if posted.tried > effort.max_retries {
            return self.give_up(now, &posted, Some(Exhausted::MaximumRetryAttempts));
        }
        // What would be tried too late is given up when its time is over, and not before.
        let wait = self.bus.backoff(posted.tried).max(asked_for);
        let next = (now + wait).min(posted.sent + effort.max_age);
        self.bus.put_back(next, posted);
        self.look_again();
    }

    fn give_up(&self, now: Timestamp, posted: &Posted, exhausted: Option<Exhausted>) {
        self.write_letter(now, posted, exhausted);
        self.bus.over(posted);
    }

    fn write_letter(&self, now: Timestamp, posted: &Posted, exhausted: Option<Exhausted>) {
        let Some(effort) = posted.delivery.effort.as_deref() else { return };
        // The failed attempt says it all.
        if exhausted.is_none() && effort.dead_letter.is_none() {
            return;
        }
        // Who gives up has tried.
        let Some(error) = posted.error.clone() else { return };
        let failure = Failure { error, retries: posted.tried.saturating_sub(1), exhausted };
        let why = exhausted.map_or("no retry would help", Exhausted::as_str);
        let Effort { dead_letter, .. } = effort;
        let detail = match dead_letter {
            Some(_) => why.to_owned(),
            None => format!("{why}, no dead-letter queue"),
        };
        let delivery = &posted.delivery;
        let resource = format!("{} -> {}", delivery.from, delivery.to);
        let beginning = Beginning::new(Kind::Hop, delivery.from.service.clone(), "give up", resource)
            .because_of(posted.cause.event, Link::Made)
            .in_scope(delivery.scope());
        let event = self.kernel.timeline.record(now, beginning, detail);
        if let Some(letter) = dead_letter {
            self.bus.post(now, self.dead_letter_of(delivery, letter, &failure), event);
            self.look_again();
        }
    }

    /// The service that sent something, if it is one of this world.
    fn sender_of(&self, delivery: &Delivery) -> Option<&dyn AnyService> {
        self.services().find(|known| known.description().signing_name == delivery.from.service)
    }

    fn dead_letter_of(&self, delivery: &Delivery, letter: &DeadLetter, failure: &Failure) -> Delivery {
        let sender = self.sender_of(delivery);
        let explained = sender.map(|sender| sender.explain(failure)).unwrap_or_default();
        let mut attributes = letter.attributes.clone();
        attributes.extend(explained.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let body = match sender {
            Some(sender) if delivery.numbered => sender.number(&letter.body, failure.retries + 1),
            _ => letter.body.clone(),
        };
        let mut dead = Delivery::new(delivery.from.clone(), letter.queue.clone(), body);
        dead.attributes = attributes;
        dead
    }
}

/// What failed or had to wait, and has come to the end of the sender's patience.
fn out_of_time(posted: &Posted, now: Timestamp) -> Option<Exhausted> {
    let effort = posted.delivery.effort.as_deref()?;
    let too_late = posted.error.is_some() && now >= posted.sent + effort.max_age;
    too_late.then_some(Exhausted::MaximumEventAge)
}

#[cfg(test)]
mod tests;
