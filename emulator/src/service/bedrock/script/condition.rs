//! Conditions on one message and on what one tool has brought back.

use std::fmt;

use serde::{Deserialize, Deserializer};

use super::one_or_many;
use super::scene::{Said, ToolResult};
use super::text::{Pattern, Places, TextCondition, glob_or};
use crate::kernel::glob;

/// Conditions on a message. A text alone is a glob.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessageCondition {
    pub role: Option<Role>,
    pub text: TextCondition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    User,
    Assistant,
}

/// Conditions on what a tool has brought back. A text alone is a glob on its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolResultCondition {
    /// A glob on the tool's name.
    pub tool: Option<String>,
    pub is_error: Option<bool>,
    pub text: TextCondition,
}

impl MessageCondition {
    pub fn holds(&self, said: &Said) -> bool {
        self.role.is_none_or(|role| role.name() == said.role) && self.text.holds(&said.text)
    }
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

impl ToolResultCondition {
    pub fn holds(&self, result: &ToolResult) -> bool {
        self.tool.as_ref().is_none_or(|tool| glob::matches(tool, &result.name))
            && self.is_error.is_none_or(|is_error| is_error == result.is_error)
            && self.text.holds(&result.text)
    }
}

pub(super) fn outcome(is_error: bool) -> &'static str {
    if is_error { "an error" } else { "a success" }
}

impl fmt::Display for MessageCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.role {
            Some(role) => write!(f, "a message of role {} that {}", role.name(), self.text),
            None => write!(f, "a message that {}", self.text),
        }
    }
}

impl fmt::Display for ToolResultCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.is_error.map_or("a result", outcome))?;
        if let Some(tool) = &self.tool {
            write!(f, " of `{tool}`")?;
        }
        if self.text.is_empty() { Ok(()) } else { write!(f, " that {}", self.text) }
    }
}

impl From<String> for MessageCondition {
    fn from(glob: String) -> Self {
        Self { text: TextCondition::glob(glob), ..Self::default() }
    }
}

impl From<String> for ToolResultCondition {
    fn from(glob: String) -> Self {
        Self { text: TextCondition::glob(glob), ..Self::default() }
    }
}

/// The members of a [`MessageCondition`] as they are written: those of its text beside its own.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MessageForm {
    role: Option<Role>,
    #[serde(deserialize_with = "one_or_many::read")]
    contains: Vec<String>,
    equals: Option<String>,
    regex: Option<Pattern>,
    glob: Option<String>,
    json: Places,
    #[serde(deserialize_with = "one_or_many::read")]
    not: Vec<TextCondition>,
    all: Vec<TextCondition>,
    any: Vec<TextCondition>,
}

impl<'de> Deserialize<'de> for MessageCondition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        glob_or(deserializer, |form| {
            let MessageForm { role, contains, equals, regex, glob, json, not, all, any } = form;
            Self { role, text: TextCondition { contains, equals, regex, glob, json, not, all, any } }
        })
    }
}

/// The members of a [`ToolResultCondition`] as they are written: those of its text beside its own.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ToolResultForm {
    tool: Option<String>,
    is_error: Option<bool>,
    #[serde(deserialize_with = "one_or_many::read")]
    contains: Vec<String>,
    equals: Option<String>,
    regex: Option<Pattern>,
    glob: Option<String>,
    json: Places,
    #[serde(deserialize_with = "one_or_many::read")]
    not: Vec<TextCondition>,
    all: Vec<TextCondition>,
    any: Vec<TextCondition>,
}

impl<'de> Deserialize<'de> for ToolResultCondition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        glob_or(deserializer, |form| {
            let ToolResultForm { tool, is_error, contains, equals, regex, glob, json, not, all, any } = form;
            Self { tool, is_error, text: TextCondition { contains, equals, regex, glob, json, not, all, any } }
        })
    }
}
