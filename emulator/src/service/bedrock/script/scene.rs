//! What a rule can see of a call.

use serde::{Deserialize, Serialize};

/// The operations through which the model is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModelOperation {
    Converse,
    ConverseStream,
    InvokeModel,
}

impl ModelOperation {
    /// AWS's name for it.
    pub fn name(self) -> &'static str {
        match self {
            ModelOperation::Converse => "Converse",
            ModelOperation::ConverseStream => "ConverseStream",
            ModelOperation::InvokeModel => "InvokeModel",
        }
    }
}

/// One call to the model, whatever form its request had.
#[derive(Clone, Debug, Serialize)]
pub struct Scene {
    pub operation: ModelOperation,
    /// As the caller gave it: an id, an inference profile or an ARN.
    pub model: String,
    pub system: String,
    /// The text of the last user message that has any. Tool results are not text.
    pub last_user: String,
    /// The names of the tools on offer.
    pub tools: Vec<String>,
    /// How often the model has spoken in this conversation.
    pub turn: u32,
    /// The estimate for everything that was sent.
    pub input_tokens: u32,
}

/// A text in backticks, on one line and not longer than a line.
pub fn quote(text: &str) -> String {
    const SHOWN: usize = 72;
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= SHOWN {
        return format!("`{one_line}`");
    }
    format!("`{}…`", one_line.chars().take(SHOWN).collect::<String>())
}
