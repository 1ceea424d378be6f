//! `sessionState`: what a request brings into its session.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::kernel::ApiError;
use crate::service::bedrock::agent::{Action, What};
use crate::service::bedrock::script::Said;

/// Of InvokeAgent; that of an inline agent has no `knowledgeBaseConfigurations`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionState {
    pub session_attributes: Option<Map<String, Value>>,
    pub prompt_session_attributes: Option<Map<String, Value>>,
    pub invocation_id: Option<String>,
    pub return_control_invocation_results: Option<Vec<InvocationResult>>,
    pub knowledge_base_configurations: Option<Vec<KnowledgeBaseConfiguration>>,
    pub conversation_history: Option<ConversationHistory>,
    pub files: Option<Vec<InputFile>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnowledgeBaseConfiguration {
    pub knowledge_base_id: String,
    pub retrieval_configuration: Value,
}

#[derive(Debug, Deserialize)]
pub struct ConversationHistory {
    messages: Option<Vec<Message>>,
}

#[derive(Debug, Deserialize)]
struct Message {
    role: String,
    content: Vec<Map<String, Value>>,
}

#[derive(Debug, Deserialize)]
pub struct InputFile {
    name: String,
    source: FileSource,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileSource {
    source_type: String,
    byte_content: Option<Value>,
    s3_location: Option<Value>,
}

/// What came of an action that was returned to the caller.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvocationResult {
    api_result: Option<ActionResult>,
    function_result: Option<ActionResult>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionResult {
    action_group: String,
    function: Option<String>,
    api_path: Option<String>,
    http_method: Option<String>,
    confirmation_state: Option<String>,
    response_state: Option<ResponseState>,
    response_body: Option<BTreeMap<String, ContentBody>>,
}

#[derive(Debug, Deserialize)]
struct ContentBody {
    body: Option<String>,
}

/// How an action has failed, if it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResponseState {
    /// The whole request fails.
    Failure,
    /// The model is asked again.
    Reprompt,
}

impl SessionState {
    /// "You can attach up to 5 files", and a file is where its source says.
    pub fn check(&self) -> Result<(), ApiError> {
        const FILES_MAX: usize = 5;
        let files = self.files.as_deref().unwrap_or_default();
        if files.len() > FILES_MAX {
            // assumed: the wording of these.
            return Err(ApiError::validation(format!("The number of files exceeds the maximum of {FILES_MAX}.")));
        }
        for InputFile { name, source } in files {
            let there = match source.source_type.as_str() {
                "S3" => &source.s3_location,
                _ => &source.byte_content,
            };
            if there.is_none() {
                let kind = &source.source_type;
                return Err(ApiError::validation(format!(
                    "The source of file {name} has nothing for sourceType {kind}."
                )));
            }
        }
        Ok(())
    }

    /// The conversation that the request says to have gone before, if it does.
    pub fn history(&self) -> Option<Vec<Said>> {
        let messages = self.conversation_history.as_ref()?.messages.as_ref()?;
        let said = messages.iter().map(|message| {
            let texts = message.content.iter().filter_map(|block| block.get("text")?.as_str());
            Said { role: message.role.clone(), text: texts.collect::<Vec<_>>().join("\n") }
        });
        Some(said.collect())
    }
}

impl InvocationResult {
    pub fn result(&self) -> Option<&ActionResult> {
        self.function_result.as_ref().or(self.api_result.as_ref())
    }
}

impl ActionResult {
    pub fn is_of(&self, action: &Action) -> bool {
        self.action_group == action.group
            && match &action.what {
                What::Function { name } => self.function.as_deref() == Some(name),
                What::Api { path, method, .. } => {
                    let same_method =
                        self.http_method.as_deref().is_some_and(|given| given.eq_ignore_ascii_case(method));
                    self.api_path.as_deref() == Some(path) && same_method
                }
            }
    }

    pub fn is_denied(&self) -> bool {
        self.confirmation_state.as_deref() == Some("DENY")
    }

    pub fn is_confirmed(&self) -> bool {
        self.confirmation_state.as_deref() == Some("CONFIRM")
    }

    pub fn state(&self) -> Option<ResponseState> {
        self.response_state
    }

    /// What it says to the model: its bodies, one after the other.
    pub fn text(&self) -> String {
        let bodies = self.response_body.iter().flatten().filter_map(|(_, content)| content.body.as_deref());
        bodies.collect::<Vec<_>>().join("\n")
    }
}
