//! What a rule can see of a call.

use serde::{Deserialize, Serialize};

/// The operations through which the model is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ModelOperation {
    #[default]
    Converse,
    ConverseStream,
    InvokeModel,
    InvokeModelWithResponseStream,
    /// An agent asks, while it answers this.
    InvokeAgent,
    InvokeInlineAgent,
    RetrieveAndGenerate,
    RetrieveAndGenerateStream,
    /// What a guardrail finds, as far as it does not find it by itself.
    ApplyGuardrail,
}

impl ModelOperation {
    /// AWS's name for it.
    pub fn name(self) -> &'static str {
        match self {
            ModelOperation::Converse => "Converse",
            ModelOperation::ConverseStream => "ConverseStream",
            ModelOperation::InvokeModel => "InvokeModel",
            ModelOperation::InvokeModelWithResponseStream => "InvokeModelWithResponseStream",
            ModelOperation::InvokeAgent => "InvokeAgent",
            ModelOperation::InvokeInlineAgent => "InvokeInlineAgent",
            ModelOperation::RetrieveAndGenerate => "RetrieveAndGenerate",
            ModelOperation::RetrieveAndGenerateStream => "RetrieveAndGenerateStream",
            ModelOperation::ApplyGuardrail => "ApplyGuardrail",
        }
    }

    /// Whether its answer leaves in frames.
    pub fn is_stream(self) -> bool {
        match self {
            ModelOperation::ConverseStream
            | ModelOperation::InvokeModelWithResponseStream
            | ModelOperation::InvokeAgent
            | ModelOperation::InvokeInlineAgent
            | ModelOperation::RetrieveAndGenerateStream => true,
            ModelOperation::Converse
            | ModelOperation::InvokeModel
            | ModelOperation::RetrieveAndGenerate
            | ModelOperation::ApplyGuardrail => false,
        }
    }
}

/// One call to the model, whatever form its request had. What a call does not have is empty.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Scene {
    pub operation: ModelOperation,
    /// As the caller gave it: an id, an inference profile or an ARN.
    pub model: String,
    pub system: String,
    /// The text of the last user message that has any. Tool results are not text.
    pub last_user: String,
    /// The texts of all messages, oldest first.
    pub messages: Vec<Said>,
    /// What the last message brings back from tools.
    pub tool_results: Vec<ToolResult>,
    /// The names of the tools on offer.
    pub tools: Vec<String>,
    /// How often the model has spoken in this conversation.
    pub turn: u32,
    /// An agent's session, or what a caller gives as `session` in `requestMetadata`.
    pub session: String,
    /// The id of the agent that asks.
    pub agent: String,
    /// What an agent asks the model for: `PRE_PROCESSING`, `ORCHESTRATION`, `KNOWLEDGE_BASE_RESPONSE_GENERATION`,
    /// `POST_PROCESSING`.
    pub prompt_type: String,
    /// The id of the knowledge base that the call is about.
    pub knowledge_base: String,
    /// The application's name, or the access key id where it has none.
    pub caller: String,
    /// How many tokens the caller wants at most, where it says so.
    pub max_tokens: Option<u32>,
    /// The estimate for everything that was sent.
    pub input_tokens: u32,
}

impl Scene {
    /// Bytes of all texts that the caller sent.
    pub fn text_bytes(&self) -> usize {
        let messages = self.messages.iter().map(|said| said.text.len());
        let results = self.tool_results.iter().map(|result| result.text.len());
        let tools = self.tools.iter().map(String::len);
        self.system.len() + self.last_user.len() + messages.chain(results).chain(tools).sum::<usize>()
    }
}

/// One message's texts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Said {
    /// `user` or `assistant`.
    pub role: String,
    pub text: String,
}

/// What a tool has brought back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ToolResult {
    pub tool_use_id: String,
    /// The tool's name, where the conversation tells it.
    pub name: String,
    /// Its texts, and its JSON as text.
    pub text: String,
    pub is_error: bool,
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
