//! What the model asks for is done: searched, carried out, or returned to the caller.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Stage, Step, Turn};
use crate::kernel::timeline::{Beginning, Kind, Link};
use crate::kernel::{Arn, Call, Timestamp};
use crate::service::bedrock::agent::{Action, Arguments, Executor, PromptType};
use crate::service::bedrock::agent_runtime::SERVICE;
use crate::service::bedrock::agent_runtime::action_event::{self, Returned};
use crate::service::bedrock::agent_runtime::cast::{Searched, Wish};
use crate::service::bedrock::agent_runtime::failure::Exception;
use crate::service::bedrock::agent_runtime::session_state::ResponseState;
use crate::service::bedrock::knowledge::Found;
use crate::service::bedrock::script::{Said, ToolResult};

/// A tool that the model asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ToolUse {
    pub id: String,
    pub name: String,
    pub input: Value,
}

/// An action that the caller is to carry out, or to say yes to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    pub tool: ToolUse,
    pub action: Action,
    pub arguments: Arguments,
}

/// An action that is being carried out.
pub struct Waiting {
    invocation_id: String,
    asked: Asked,
    began: Timestamp,
    until: Timestamp,
}

/// assumed: how long an agent waits for a function, which is as long as functions may run.
const PATIENCE: Duration = Duration::from_mins(16);

/// How the text of an observation came about that the model is to correct.
const PARSER: &str = "PARSER";
const ACTION_GROUP: &str = "ACTION_GROUP";

impl Turn {
    pub fn next_tool(&mut self, call: &mut Call<'_>) {
        if let Some((asked, function)) = self.confirmed.pop_front() {
            return self.invoke(asked, function, call);
        }
        let cast = Arc::clone(&self.cast);
        let Some(tool) = self.work.uses.pop_front() else {
            if !self.work.returning.is_empty() {
                return self.return_control(call);
            }
            // What the tools bring back is the next message.
            self.work.messages.push(Said { role: "user".to_owned(), text: String::new() });
            self.stage = Stage::Ask(PromptType::Orchestration);
            return;
        };
        self.stage = Stage::Tools;
        match cast.wish(&tool.name) {
            Some(Wish::Act(action)) => self.act(tool, action, call),
            Some(Wish::Search(base)) => match tool.input.get("searchQuery").and_then(Value::as_str) {
                Some(query) => {
                    let query = query.to_owned();
                    self.search_for(&tool, base, &query, call);
                }
                None => self.correct(&tool, &missing("searchQuery", &tool.name), PARSER, call),
            },
            Some(Wish::AskUser) => match tool.input.get("question").and_then(Value::as_str) {
                Some(question) => self.ask_user(question.to_owned(), call),
                None => self.correct(&tool, &missing("question", &tool.name), PARSER, call),
            },
            None => {
                // assumed: the wording.
                let text = format!("The tool '{}' does not exist. Please use one of the tools on offer.", tool.name);
                self.correct(&tool, &text, PARSER, call);
            }
        }
    }

    fn act(&mut self, tool: ToolUse, action: &Action, call: &mut Call<'_>) {
        let arguments = match action.arguments(&tool.input) {
            Ok(arguments) => arguments,
            Err(parameter) => return self.correct(&tool, &missing(&parameter.name, &tool.name), PARSER, call),
        };
        let asked = Asked { tool, action: action.clone(), arguments };
        match &action.executor {
            Executor::Lambda(function) if !action.needs_confirmation => self.invoke(asked, function.clone(), call),
            Executor::ReturnControl | Executor::Lambda(_) => {
                let id = self.work.invocation_id.get_or_insert_with(|| call.ids().uuid()).clone();
                self.trace_action(&asked, "RETURN_CONTROL", Some(&id), call.now);
                self.work.returning.push(asked);
            }
            Executor::Nobody => {
                // assumed: the wording.
                let group = &action.group;
                let message = format!("Action group {group} has no executor for the action.");
                self.fail(&Exception::dependency_failed(message), call);
            }
        }
    }

    /// Has a Lambda function carry an action out.
    pub fn invoke(&mut self, asked: Asked, function: Arn, call: &mut Call<'_>) {
        let invocation_id = call.ids().uuid();
        self.trace_action(&asked, "LAMBDA", None, call.now);
        let invocation = call.arn("bedrock", format!("agent-invocation/{invocation_id}"));
        let event = self.action_event(&asked, call);
        self.cell.exclusive(call).sessions.await_answer(&invocation_id, &self.woken);
        call.send(action_event::delivery(invocation, function, &event));
        let (began, until) = (call.now, call.now + PATIENCE);
        self.stage = Stage::Waiting(Box::new(Waiting { invocation_id, asked, began, until }));
    }

    fn action_event(&self, asked: &Asked, call: &mut Call<'_>) -> Value {
        let none = serde_json::Map::new();
        let state = self.cell.shared(call);
        let session = state.sessions.get(&self.key);
        let agent = self.cast.identity.as_ref();
        let agent = agent.map_or_else(
            || json!({"name": "INLINE_AGENT", "id": "INLINE_AGENT", "alias": "INLINE_AGENT", "version": "INLINE_AGENT"}),
            |agent| json!({"name": agent.name, "id": agent.id, "alias": agent.alias_id, "version": agent.version}),
        );
        let circumstances = action_event::Circumstances {
            agent,
            session_id: &self.key.session_id,
            input: &self.work.input,
            session_attributes: session.map_or(&none, |session| &session.attributes),
            prompt_session_attributes: &self.options.prompt_session_attributes,
        };
        action_event::event(&asked.action, &asked.arguments, &circumstances)
    }

    pub(super) fn look_for_answer(&mut self, waiting: Box<Waiting>, call: &mut Call<'_>) -> Step {
        let answer = self.cell.exclusive(call).sessions.take_answer(&waiting.invocation_id);
        let Some((delivery, event)) = answer else {
            if call.now < waiting.until {
                let until = waiting.until;
                self.stage = Stage::Waiting(waiting);
                return Step::Wait(until);
            }
            self.cell.exclusive(call).sessions.forget_invocation(&waiting.invocation_id);
            // assumed: the wording.
            self.fail(&Exception::dependency_failed("The Lambda function of the action group did not answer."), call);
            return Step::Again;
        };
        call.event = event;
        let Waiting { asked, began, .. } = *waiting;
        match action_event::read(&asked.action, &delivery) {
            Err(message) => self.fail(&Exception::dependency_failed(message), call),
            Ok(returned) => {
                self.adopt_attributes(&returned, call);
                self.observe(&asked.tool, &returned.text, returned.state, began, call);
                self.stage = Stage::Tools;
            }
        }
        Step::Again
    }

    /// "The session attributes and prompt session attributes that the function returns" replace those before.
    fn adopt_attributes(&mut self, returned: &Returned, call: &mut Call<'_>) {
        if let Some(attributes) = &returned.prompt_session_attributes {
            self.options.prompt_session_attributes = attributes.clone();
        }
        let Some(attributes) = &returned.session_attributes else { return };
        if let Some(session) = self.cell.exclusive(call).sessions.get_mut(&self.key) {
            session.attributes = attributes.clone();
        }
    }

    /// An action was carried out, or the model is to try again.
    pub fn observe(
        &mut self,
        tool: &ToolUse,
        text: &str,
        state: Option<ResponseState>,
        began: Timestamp,
        call: &mut Call<'_>,
    ) {
        if state == Some(ResponseState::Reprompt) {
            return self.correct(tool, text, ACTION_GROUP, call);
        }
        self.trace_observed(text, began, call.now);
        self.bring_back(tool, text.to_owned(), false);
    }

    /// The model is told what is wrong with what it asked for.
    fn correct(&mut self, tool: &ToolUse, text: &str, source: &str, call: &mut Call<'_>) {
        self.trace_reprompt(text, source, call.now);
        self.bring_back(tool, text.to_owned(), true);
    }

    pub fn bring_back(&mut self, tool: &ToolUse, text: String, is_error: bool) {
        let ToolUse { id, name, .. } = tool;
        self.work.results.push(ToolResult { tool_use_id: id.clone(), name: name.clone(), text, is_error });
    }

    fn search_for(&mut self, tool: &ToolUse, base: &Searched, query: &str, call: &mut Call<'_>) {
        let Some(found) = self.search(base, query, call) else { return };
        let texts = found.iter().enumerate().map(|(place, found)| format!("[{}] {}", place + 1, found.content));
        let text = texts.collect::<Vec<_>>().join("\n");
        self.bring_back(tool, text, false);
        self.work.found.extend(found);
    }

    /// The agent only answers from what it finds: it searches for what the user has said.
    pub fn search_at_once(&mut self, call: &mut Call<'_>) {
        let cast = Arc::clone(&self.cast);
        let Some(base) = cast.only_answers_from() else {
            self.stage = Stage::Ask(PromptType::Orchestration);
            return;
        };
        self.tracing.next_round();
        let input = self.work.input.clone();
        let Some(found) = self.search(base, &input, call) else { return };
        self.work.found = found;
        self.stage = Stage::Ask(PromptType::KnowledgeBaseResponseGeneration);
    }

    /// What a knowledge base has on something. None where the turn has failed over it.
    fn search(&mut self, base: &Searched, query: &str, call: &mut Call<'_>) -> Option<Vec<Found>> {
        let configured = self.options.configurations.iter().find(|of| of.knowledge_base_id == base.id);
        let configuration = configured.map_or(&base.configuration, |of| &of.retrieval_configuration).clone();
        self.trace_search(&base.id, query, call.now);
        let beginning = Beginning::new(Kind::Hop, SERVICE, "retrieve", base.id.clone())
            .because_of(call.event, Link::Made)
            .in_scope(call.scope);
        let event = call.kernel.timeline.record(call.now, beginning, "");
        let found = self.cell.shared(call).knowledge_bases.search(&base.id, query, &configuration);
        call.event = event;
        match found {
            Ok(found) => {
                let plural = if found.len() == 1 { "" } else { "s" };
                call.note(format!("{} chunk{plural}", found.len()));
                self.trace_found(&found, call.now);
                Some(found)
            }
            Err(error) => {
                call.failed(&error);
                let operation = self.cast.operation;
                self.fail(&Exception::of(&error.code, error.status, &error.message, operation), call);
                None
            }
        }
    }
}

/// assumed: the wording, which follows AWS's parser functions.
fn missing(parameter: &str, tool: &str) -> String {
    format!(
        "Missing the parameter '{parameter}' from function '{tool}' parameters. Please try again with the missing parameter added."
    )
}
