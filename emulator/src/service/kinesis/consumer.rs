//! The enhanced fan-out consumers of a stream. Who listens through them is in `listeners.rs`.

use serde::{Deserialize, Serialize};

use super::SERVICE;
use super::resource_arn::Attached;
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{Arn, EventId, Scope, Timestamp};

/// "With On-demand Standard and Provisioned streams, you can register up to 20 consumers per stream."
pub const CONSUMERS_MAX: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ConsumerStatus {
    Creating,
    Active,
    Deleting,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Consumer {
    /// Its number among all that the stream has ever had.
    pub number: u64,
    pub name: String,
    pub arn: Arn,
    /// What its ARN ends with, and all that AWS tells of the moment.
    pub created_secs: i64,
    pub status: ConsumerStatus,
    /// When the transition that it is in ends, if it does before its stream.
    pub settles: Option<Timestamp>,
    /// The call that began the transition it is in.
    pub changed_by: EventId,
    pub attached: Attached,
}

/// The consumers of a stream by name.
#[derive(Clone, Debug, Default)]
pub struct Consumers {
    by_name: Kept<String, Consumer>,
    so_far: Single<u64>,
    /// What the ARN of the last consumer of each name that is gone ended with.
    past_secs: Kept<String, i64>,
}

impl Consumers {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("consumer", &mut self.by_name);
        book.map("past_consumer", &mut self.past_secs);
        book.value("consumers_so_far", &mut self.so_far);
    }

    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&Consumer> {
        self.by_name.get(name)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Consumer> {
        self.by_name.get_mut(name)
    }

    /// In the order of their names.
    pub fn after(&self, name: Option<&str>) -> impl Iterator<Item = &Consumer> {
        use std::ops::Bound::{Excluded, Unbounded};
        let start = name.map_or(Unbounded, Excluded);
        self.by_name.range::<str, _>((start, Unbounded)).map(|(_, consumer)| consumer)
    }

    /// Adds a consumer that is CREATING, of a name that none has.
    pub fn add(
        &mut self,
        name: &str,
        stream: &str,
        scope: &Scope,
        now: Timestamp,
        changed_by: EventId,
    ) -> &mut Consumer {
        // "If you delete a consumer and then create a new one with the same name, it won't have the same ARN."
        let created_secs = self.past_secs.get(name).map_or(now.as_secs(), |past| now.as_secs().max(past + 1));
        *self.so_far += 1;
        let consumer = Consumer {
            number: *self.so_far,
            name: name.to_owned(),
            arn: Arn::new(SERVICE, scope, format!("stream/{stream}/consumer/{name}:{created_secs}")),
            created_secs,
            status: ConsumerStatus::Creating,
            settles: None,
            changed_by,
            attached: Attached::default(),
        };
        self.by_name.get_or_insert_with(name.to_owned(), || consumer)
    }

    pub fn by_number(&mut self, number: u64) -> Option<&mut Consumer> {
        let name = self.by_name.values().find(|consumer| consumer.number == number)?.name.clone();
        self.by_name.get_mut(&name)
    }

    pub fn remove(&mut self, number: u64) -> Option<Consumer> {
        let name = self.by_number(number)?.name.clone();
        let gone = self.by_name.remove(&name)?;
        self.past_secs.insert(name, gone.created_secs);
        Some(gone)
    }

    /// All of them go with their stream.
    pub fn end(&mut self) {
        for consumer in self.by_name.values_mut().filter(|consumer| consumer.status != ConsumerStatus::Deleting) {
            consumer.end();
        }
    }
}

impl Consumer {
    /// From here on it is DELETING.
    pub fn end(&mut self) {
        self.status = ConsumerStatus::Deleting;
        self.settles = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consumer_that_comes_again_has_another_arn() {
        let mut consumers = Consumers::default();
        let mut arns = Vec::new();
        for (at, expected) in [(10, 10), (10, 11), (11, 12), (20, 20)] {
            let consumer = consumers.add("audit", "orders", &Scope::default(), Timestamp::from_secs(at), EventId(1));
            assert_eq!(consumer.created_secs, expected);
            assert!(consumer.arn.to_string().ends_with(&format!(":stream/orders/consumer/audit:{expected}")));
            let number = consumer.number;
            arns.push(consumers.remove(number).expect("it was added").arn);
            assert!(consumers.is_empty());
        }
        arns.dedup();
        assert_eq!(arns.len(), 4);
    }
}
