//! One call as an operation sees it: the time, who calls, where, and what it
//! may set in motion.

use super::timeline::{Beginning, Cause, Kind, Link, Outcome};
use super::{ApiError, Arn, Caller, Circumstances, Delivery, EventId, Ids, Kernel, Scope, Timestamp};

/// Handed to every operation, timer and delivery. Borrowed for as long as the state is.
pub struct Call<'a> {
    pub kernel: &'a Kernel,
    /// One moment for the whole call.
    pub now: Timestamp,
    pub scope: &'a Scope,
    pub caller: &'a Caller,
    /// This call on the timeline: the cause of all that comes of it.
    pub event: EventId,
    pub circumstances: Circumstances,
    /// Where the caller reached this world: `http://127.0.0.1:4566`. Empty for what no caller asked for.
    pub endpoint: &'a str,
    sent: Vec<(Delivery, EventId)>,
}

impl<'a> Call<'a> {
    pub fn new(kernel: &'a Kernel, now: Timestamp, scope: &'a Scope, caller: &'a Caller, event: EventId) -> Self {
        Self {
            kernel,
            now,
            scope,
            caller,
            event,
            circumstances: Circumstances::default(),
            endpoint: "",
            sent: Vec::new(),
        }
    }

    pub fn ids(&self) -> &Ids {
        &self.kernel.ids
    }

    /// The ARN of something of this account and region.
    pub fn arn(&self, service: &str, resource: impl Into<String>) -> Arn {
        Arn::new(service, self.scope, resource)
    }

    /// Sends to another service over the bus, once the state is released.
    pub fn send(&mut self, delivery: Delivery) {
        self.sent.push((delivery, self.event));
    }

    /// What was sent, each with the event that sent it, for the bus.
    pub fn take_sent(&mut self) -> Vec<(Delivery, EventId)> {
        std::mem::take(&mut self.sent)
    }

    /// Puts work that fell due on the timeline. From here on, it is the cause
    /// of what this call sends. `cause` is what set the timer.
    pub fn timer(
        &mut self,
        service: &'static str,
        action: &'static str,
        resource: impl Into<String>,
        cause: Option<EventId>,
    ) {
        let mut beginning = Beginning::new(Kind::Timer, service, action, resource).in_scope(self.scope);
        if let Some(cause) = cause {
            beginning = beginning.because_of(cause, Link::Made);
        }
        self.event = self.kernel.timeline.record(self.now, beginning, "");
    }

    /// Puts what is sent to a caller that listens on the timeline. From here on, it is what this call tells of.
    pub fn push(&mut self, service: &'static str, action: &'static str, resource: impl Into<String>) {
        let mut beginning = Beginning::new(Kind::Push, service, action, resource)
            .because_of(self.event, Link::Made)
            .in_scope(self.scope);
        beginning.caller = self.caller.clone();
        self.event = self.kernel.timeline.record(self.now, beginning, "");
    }

    /// What this call tells of is an error.
    pub fn failed(&self, error: &ApiError) {
        let ApiError { code, message, .. } = error.clone();
        self.kernel.timeline.update(self.event, |event| event.outcome = Outcome::Error { code, message });
    }

    /// Adds to what the timeline says of this call.
    pub fn note(&self, detail: impl Into<String>) {
        let detail = detail.into();
        self.kernel.timeline.update(self.event, |event| {
            if event.detail.is_empty() {
                event.detail = detail;
            } else {
                event.detail.push_str(", ");
                event.detail.push_str(&detail);
            }
        });
    }

    /// Nothing came of this call: the timeline keeps it but does not show it.
    pub fn quiet(&self) {
        self.kernel.timeline.update(self.event, |event| event.quiet = true);
    }

    /// This call read what `writer` wrote.
    pub fn read_from(&self, writer: EventId) {
        let cause = Cause { event: writer, link: Link::Read };
        self.kernel.timeline.update(self.event, |event| event.cause = Some(cause));
    }

    /// This call handed work to its caller (records, a message): what the
    /// caller does next comes from it.
    pub fn hand_work(&self) {
        self.kernel.timeline.hand_work(self.caller, self.event);
    }
}
