//! What a filter does to what goes in and to what comes out, and whether it looks at it.

use serde::{Deserialize, Serialize};

use crate::kernel::Violations;

/// Which way a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Input,
    Output,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sides {
    input_action: Option<String>,
    output_action: Option<String>,
    input_enabled: Option<bool>,
    output_enabled: Option<bool>,
}

/// What is done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is told, and nothing else.
    None,
    Anonymize,
    Block,
}

impl Source {
    pub fn parse(text: &str) -> Self {
        if text == "OUTPUT" { Source::Output } else { Source::Input }
    }
}

impl Action {
    pub fn parse(text: &str) -> Self {
        match text {
            "BLOCK" | "BLOCKED" => Action::Block,
            "ANONYMIZE" | "ANONYMIZED" => Action::Anonymize,
            _ => Action::None,
        }
    }

    /// In an assessment.
    pub fn as_done(self) -> &'static str {
        match self {
            Action::None => "NONE",
            Action::Anonymize => "ANONYMIZED",
            Action::Block => "BLOCKED",
        }
    }
}

impl Sides {
    pub fn check(&self, violations: &mut Violations, member: &str, actions: &[&str]) {
        for (name, action) in [("inputAction", &self.input_action), ("outputAction", &self.output_action)] {
            if let Some(action) = action {
                violations.one_of(format!("{member}.{name}"), action, actions);
            }
        }
    }

    /// assumed: that defaults are given back.
    pub fn complete(&mut self, action: &str) {
        self.input_action.get_or_insert_with(|| action.to_owned());
        self.output_action.get_or_insert_with(|| action.to_owned());
        self.input_enabled.get_or_insert(true);
        self.output_enabled.get_or_insert(true);
    }

    /// What is done on that side, if it is looked at.
    pub fn action(&self, source: Source) -> Option<Action> {
        let (action, enabled) = match source {
            Source::Input => (&self.input_action, self.input_enabled),
            Source::Output => (&self.output_action, self.output_enabled),
        };
        let action = action.as_deref().map_or(Action::Block, Action::parse);
        (enabled != Some(false)).then_some(action)
    }
}
