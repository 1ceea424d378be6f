//! An answer as it was recorded, said again byte for byte and at the same pace.
//!
//! `rehearsal record` writes it; people cut it. A frame's payload is what its event carries; headers that are part of an
//! answer are kept, ids and dates are not.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};

use super::mistake::unknown;
use crate::kernel::duration;

/// The headers of an answer that a recording has.
pub const HEADERS: [&str; 9] = [
    "content-type",
    "retry-after",
    "x-amz-retry-after",
    "x-amzn-bedrock-content-type",
    "x-amzn-bedrock-input-token-count",
    "x-amzn-bedrock-invocation-latency",
    "x-amzn-bedrock-output-token-count",
    "x-amzn-bedrock-service-tier",
    "x-amzn-errortype",
];

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recorded {
    /// Otherwise 200.
    pub status: Option<u16>,
    pub headers: BTreeMap<String, String>,
    /// How long after the request the answer began.
    #[serde(with = "duration")]
    pub after: Duration,
    /// An answer in one piece.
    pub body: Option<String>,
    /// A stream.
    pub frames: Vec<Frame>,
    /// What came of a frame that was not whole.
    pub rest: Half,
    /// Behind the last frame at once, however long that took.
    pub end: End,
}

/// One frame of a stream: an event, or an exception.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Frame {
    /// After the one before it.
    #[serde(with = "duration")]
    pub after: Duration,
    pub event: Option<String>,
    pub exception: Option<String>,
    pub payload: String,
}

/// Bytes, in base64.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Half(pub Vec<u8>);

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    #[default]
    Clean,
    /// The connection broke.
    Reset,
}

impl Recorded {
    pub fn status(&self) -> u16 {
        self.status.unwrap_or(200)
    }

    /// What is wrong with it, if anything.
    pub fn problem(&self) -> Option<String> {
        if let Some(name) = self.headers.keys().find(|name| !HEADERS.contains(&name.as_str())) {
            return Some(unknown("header", name, &HEADERS));
        }
        if !(200..600).contains(&self.status()) {
            return Some(format!("{} is no status of an answer", self.status()));
        }
        if self.body.is_some() && !(self.frames.is_empty() && self.rest.0.is_empty()) {
            return Some("an answer has a `body` or `frames`, not both".to_owned());
        }
        let neither = |frame: &&Frame| frame.event.is_some() == frame.exception.is_some();
        let bad = self.frames.iter().position(|frame| neither(&frame))?;
        Some(format!("frame {} is an `event` or an `exception`", bad + 1))
    }

    /// From the request to the end.
    pub fn lasts(&self) -> Duration {
        let frames = self.frames.iter().map(|frame| frame.after);
        frames.fold(self.after, Duration::saturating_add)
    }
}

impl<'de> Deserialize<'de> for Half {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(|error| serde::de::Error::custom(format!("this is no base64: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_said_again_is_refused() {
        for (yaml, expected) in [
            ("{body: '{}'}", None),
            ("{frames: [{event: messageStart, payload: '{}'}], end: reset}", None),
            ("{frames: [{payload: '{}'}]}", Some("frame 1 is an `event` or an `exception`")),
            ("{body: x, frames: [{event: e}]}", Some("an answer has a `body` or `frames`, not both")),
            ("{status: 100}", Some("100 is no status of an answer")),
        ] {
            let recorded: Recorded = serde_saphyr::from_str(yaml).expect(yaml);
            assert_eq!(recorded.problem().as_deref(), expected, "{yaml}");
        }
        let recorded: Recorded = serde_saphyr::from_str("{headers: {retry-aftr: '1'}}").unwrap();
        assert!(recorded.problem().is_some_and(|problem| problem.contains("did you mean `retry-after`?")));
        assert!(serde_saphyr::from_str::<Recorded>("{rest: '*'}").is_err());
    }
}
