//! Moments as the APIs about agents write them: `2026-01-01T00:00:00Z`, where other services write seconds.

use serde::{Serialize, Serializer};

use crate::kernel::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub Timestamp);

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339())
    }
}
