//! The pattern of a rule: as it was written and is kept, and compiled.

use serde::{Deserialize, Serialize};

use super::pattern::Pattern;
use super::put_rule;
use crate::kernel::ApiError;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RulePattern {
    /// As the caller wrote it, which is how AWS gives it back.
    pub text: String,
    pub compiled: Pattern,
}

impl TryFrom<String> for RulePattern {
    type Error = ApiError;

    fn try_from(text: String) -> Result<Self, ApiError> {
        Ok(Self { compiled: put_rule::compile(&text)?, text })
    }
}

impl From<RulePattern> for String {
    fn from(pattern: RulePattern) -> Self {
        pattern.text
    }
}
