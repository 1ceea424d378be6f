//! Says something to an agent that comes with the request.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeInlineAgent.html>
//!
//! ```text
//! POST /agents/s-1
//! {"foundationModel":"anthropic.claude-3-haiku-20240307-v1:0","inputText":"Where is order 7?",
//!  "instruction":"You help customers of a shop with their orders."}
//!
//! chunk         {"bytes":"SXQgaGFzIGJlZW4gc2hpcHBlZC4="}
//! ```

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::beginning::Request;
use super::cast::{Cast, Searched};
use super::invoke_agent::{PromptCreationConfigurations, StreamingConfigurations};
use super::session::Key;
use super::session_state::SessionState;
use super::shapes;
use super::turn::Options;
use crate::kernel::operation::{Encode, Prepared};
use crate::kernel::{AnyOperation, ApiError, Binding, Call, Cell};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{ActionGroupDescription, Given, GuardrailConfiguration, PromptOverrides};
use crate::service::bedrock::ledger::Attempt;
use crate::service::bedrock::script::ModelOperation;
use crate::wire;

/// "By default, idleSessionTTLInSeconds is 1800 seconds" of an agent that comes with the request.
const IDLE_SECONDS: u64 = 1800;

pub struct InvokeInlineAgent;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    session_id: String,
    foundation_model: String,
    instruction: String,
    input_text: Option<String>,
    action_groups: Option<Vec<ActionGroupDescription>>,
    knowledge_bases: Option<Vec<KnowledgeBase>>,
    guardrail_configuration: Option<GuardrailConfiguration>,
    prompt_override_configuration: Option<PromptOverrides>,
    inline_session_state: Option<SessionState>,
    #[serde(rename = "idleSessionTTLInSeconds")]
    idle_session_seconds: Option<u64>,
    enable_trace: Option<bool>,
    end_session: Option<bool>,
    streaming_configurations: Option<StreamingConfigurations>,
    prompt_creation_configurations: Option<PromptCreationConfigurations>,
    agent_collaboration: Option<String>,
    collaborators: Option<Vec<Value>>,
    collaborator_configurations: Option<Vec<Value>>,
    orchestration_type: Option<String>,
    custom_orchestration: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KnowledgeBase {
    knowledge_base_id: String,
    description: String,
    #[serde(default)]
    retrieval_configuration: Value,
}

impl AnyOperation<Bedrock> for InvokeInlineAgent {
    fn name(&self) -> &'static str {
        ModelOperation::InvokeInlineAgent.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/agents/{sessionId}")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Ok(Box::new(Asking { given: request.decode()?, attempt: Attempt::of(request) }))
    }
}

struct Asking {
    given: Given,
    attempt: Attempt,
}

impl Prepared<Bedrock> for Asking {
    fn resource(&self) -> String {
        self.given.name("sessionId")
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<Bedrock>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let Self { given, attempt } = *self;
        let mut input: Input = given.read(&shapes::INVOKE_INLINE_AGENT)?;
        input.refuse_not_yet()?;
        let options = Options {
            traces: input.enable_trace.unwrap_or(false),
            streaming: input.streaming_configurations.take().unwrap_or_default(),
            attempt,
            ..Options::default()
        };
        let request = Request {
            cast: input.cast()?,
            key: Key { agent_id: String::new(), alias_id: String::new(), session_id: input.session_id },
            input: input.input_text,
            state: input.inline_session_state.unwrap_or_default(),
            ends_session: input.end_session.unwrap_or(false),
            turns_to_include: input
                .prompt_creation_configurations
                .and_then(|prompts| prompts.previous_conversation_turns_to_include),
            options,
        };
        request.begin(cell, call)
    }
}

impl Input {
    fn refuse_not_yet(&self) -> Result<(), ApiError> {
        let collaborates = self.agent_collaboration.as_deref().is_some_and(|kind| kind != "DISABLED");
        let custom = self.orchestration_type.as_deref() == Some("CUSTOM_ORCHESTRATION");
        for (given, what) in [
            (collaborates, "agentCollaboration"),
            (self.collaborators.is_some(), "collaborators"),
            (self.collaborator_configurations.is_some(), "collaboratorConfigurations"),
            (custom || self.custom_orchestration.is_some(), "customOrchestration"),
        ] {
            if given {
                return Err(ApiError::not_implemented(format_args!("{what} of {PLACE}")));
            }
        }
        Ok(())
    }

    fn cast(&mut self) -> Result<Cast, ApiError> {
        let mut prompts = self.prompt_override_configuration.take().unwrap_or_default();
        prompts.check()?;
        prompts.refuse_not_yet(PLACE)?;
        prompts.complete();
        let groups = self.action_groups.take().unwrap_or_default();
        let mut actions = Vec::new();
        for group in &groups {
            actions.extend(group.actions(PLACE)?);
        }
        let knowledge_bases = self.knowledge_bases.take().unwrap_or_default().into_iter().map(|base| Searched {
            id: base.knowledge_base_id,
            configuration: base.retrieval_configuration,
            description: base.description,
        });
        Ok(Cast {
            operation: ModelOperation::InvokeInlineAgent,
            identity: None,
            model: std::mem::take(&mut self.foundation_model),
            instruction: std::mem::take(&mut self.instruction),
            prompts,
            actions,
            knowledge_bases: knowledge_bases.collect(),
            guardrail: self.guardrail_configuration.take(),
            memory: None,
            asks_the_user: groups.iter().any(ActionGroupDescription::asks_the_user),
            idle: Duration::from_secs(self.idle_session_seconds.unwrap_or(IDLE_SECONDS)),
        })
    }
}

/// For what is not implemented.
const PLACE: &str = "bedrock-agent-runtime InvokeInlineAgent";
