//! A log group: streams that share retention and tags.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::log_stream::{self, LogStream};
use crate::kernel::store::{Book, Kept};
use crate::kernel::{ApiError, Call, Timestamp};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogGroup {
    pub created: Timestamp,
    pub class: Class,
    pub retention_days: Option<u32>,
    pub tags: BTreeMap<String, String>,
    /// By name.
    #[serde(skip)]
    pub streams: Kept<String, LogStream>,
    /// Follows from the events.
    #[serde(skip)]
    pub stored_bytes: u64,
    /// When the next sweep is planned.
    pub sweep: Option<Timestamp>,
}

/// Kept and answered, without further effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Class {
    Standard,
    InfrequentAccess,
    Delivery,
}

pub const CLASSES: [&str; 3] = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"];

impl Class {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "STANDARD" => Some(Self::Standard),
            "INFREQUENT_ACCESS" => Some(Self::InfrequentAccess),
            "DELIVERY" => Some(Self::Delivery),
            _ => None,
        }
    }
}

impl LogGroup {
    /// Goes through what is kept of it beside itself.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("stream", &mut self.streams, LogStream::keep);
        if book.reads() {
            self.stored_bytes = self.streams.values().map(LogStream::bytes).sum();
        }
    }

    pub fn retention(&self) -> Option<Duration> {
        self.retention_days.map(|days| Duration::from_hours(24 * u64::from(days)))
    }

    /// The time of the oldest events that are still there for readers, in milliseconds.
    pub fn horizon(&self, now: Timestamp) -> u64 {
        self.retention().map_or(0, |retention| u64::try_from((now - retention).as_millis()).unwrap_or(0))
    }

    pub fn stream(&self, name: &str) -> Result<&LogStream, ApiError> {
        self.streams.get(name).ok_or_else(log_stream::not_found)
    }
}

/// The ARN without `:*` at its end.
pub fn arn(name: &str, call: &Call<'_>) -> String {
    call.arn("logs", format!("log-group:{name}")).to_string()
}

pub fn not_found() -> ApiError {
    ApiError::new("ResourceNotFoundException", "The specified log group does not exist.")
}
