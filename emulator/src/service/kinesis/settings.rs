//! What a test may choose about the service's timing and limits.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// On AWS it is seconds to minutes. Long enough that a program which forgets to
/// wait is refused as on AWS, short enough that nobody waits for it.
const TRANSITION: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a stream or a consumer is CREATING, UPDATING or DELETING.
    pub transition: Duration,
    /// Whether throughput and rates of calls are limited as on AWS, to begin with.
    pub limits: Limits,
}

/// Whether throughput and rates of calls are limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limits {
    #[default]
    Off,
    Enforced,
}

impl FromStr for Limits {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            "enforced" => Ok(Self::Enforced),
            _ => Err(format!("`{text}` is neither `enforced` nor `off`")),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { transition: TRANSITION, limits: Limits::Off }
    }
}
