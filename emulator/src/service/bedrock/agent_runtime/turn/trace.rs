//! The events of a turn that say how the agent came to its answer.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/trace-events.html>
//!
//! A trace id is that of the request with the number of the orchestration's round:
//! `8dc1..-0`. Pre-processing has `-pre-0`, post-processing `-post-0`.

use serde_json::{Value, json};

use super::Turn;
use super::model::{Verdict, metadata, text};
use super::tools::Asked;
use crate::kernel::Timestamp;
use crate::service::bedrock::agent::{Argument, PromptType, What};
use crate::service::bedrock::agent_runtime::failure::Exception;
use crate::service::bedrock::agent_runtime::retrieval::answer::reference;
use crate::service::bedrock::date_time::DateTime;
use crate::service::bedrock::guardrail::policy::sides::Source;
use crate::service::bedrock::knowledge::Found;
use crate::service::bedrock::script::{Block, Performance, Scene};
use crate::wire::event_stream;

/// The names of a request's traces.
pub struct Tracing {
    request: String,
    round: Option<u32>,
}

impl Tracing {
    pub fn new(request: String) -> Self {
        Self { request, round: None }
    }

    pub fn next_round(&mut self) {
        self.round = Some(self.round.map_or(0, |round| round + 1));
    }

    fn id(&self) -> String {
        format!("{}-{}", self.request, self.round.unwrap_or(0))
    }

    fn id_of(&self, kind: PromptType) -> String {
        match kind {
            PromptType::PreProcessing => format!("{}-pre-0", self.request),
            PromptType::PostProcessing => format!("{}-post-0", self.request),
            _ => self.id(),
        }
    }
}

/// The member of the trace's union in which a step is told.
fn member(kind: PromptType) -> &'static str {
    match kind {
        PromptType::PreProcessing => "preProcessingTrace",
        PromptType::PostProcessing => "postProcessingTrace",
        _ => "orchestrationTrace",
    }
}

impl Turn {
    fn trace(&mut self, trace: Value, now: Timestamp) {
        if !self.options.traces {
            return;
        }
        let mut part = json!({
            "sessionId": self.key.session_id,
            "eventTime": DateTime(now),
            "callerChain": [],
            "trace": trace,
        });
        if let Some(agent) = &self.cast.identity {
            part["agentId"] = json!(agent.id);
            part["agentAliasId"] = json!(agent.alias_id);
            part["agentVersion"] = json!(agent.version);
            part["callerChain"] = json!([{"agentAliasArn": agent.alias_arn}]);
        }
        self.frames.push_back(event_stream::event("trace", &part));
    }

    fn trace_step(&mut self, kind: PromptType, event: &str, mut content: Value, now: Timestamp) {
        content["traceId"] = json!(self.tracing.id_of(kind));
        self.trace(json!({ member(kind): { event: content } }), now);
    }

    fn trace_orchestration(&mut self, event: &str, content: Value, now: Timestamp) {
        self.trace_step(PromptType::Orchestration, event, content, now);
    }

    pub fn trace_asked(&mut self, kind: PromptType, scene: &Scene, now: Timestamp) {
        if !self.options.traces {
            return;
        }
        let messages: Vec<Value> =
            scene.messages.iter().map(|said| json!({"role": said.role, "content": said.text})).collect();
        let mut request = json!({"system": scene.system, "messages": messages});
        if kind == PromptType::Orchestration {
            request["tools"] = json!(self.cast.tool_specifications());
        }
        let mut input = json!({
            "foundationModel": scene.model,
            "text": request.to_string(),
            "type": kind,
        });
        if let Some(prompt) = self.prompt(kind) {
            for (member, value) in [
                ("inferenceConfiguration", json!(prompt.inference_configuration)),
                ("parserMode", json!(prompt.parser_mode)),
                ("promptCreationMode", json!(prompt.prompt_creation_mode)),
            ] {
                if !value.is_null() {
                    input[member] = value;
                }
            }
        }
        self.trace_step(kind, "modelInvocationInput", input, now);
    }

    pub fn trace_heard(&mut self, kind: PromptType, performance: &Performance, asked: Timestamp, now: Timestamp) {
        if !self.options.traces {
            return;
        }
        let usage = performance.usage;
        let mut metadata = metadata(asked, now);
        metadata["usage"] = json!({"inputTokens": usage.input_tokens, "outputTokens": usage.output_tokens});
        let mut output = json!({"metadata": metadata, "rawResponse": {"content": raw(performance)}});
        if let Some(reasoning) = reasoning(performance) {
            output["reasoningContent"] = reasoning;
        }
        match kind {
            PromptType::PreProcessing => {
                let Verdict { is_valid, rationale } = Verdict::of(&text(performance));
                output["parsedResponse"] = json!({"isValid": is_valid, "rationale": rationale});
            }
            PromptType::PostProcessing => output["parsedResponse"] = json!({"text": text(performance)}),
            _ => {}
        }
        self.trace_step(kind, "modelInvocationOutput", output, now);
    }

    /// Why the model asks for tools: what it says beside them, or thinks.
    pub fn trace_rationale(&mut self, performance: &Performance, text: &str, now: Timestamp) {
        let thought = performance.blocks.iter().find(|block| matches!(block, Block::Reasoning { .. })).map(Block::text);
        let rationale = Some(text.to_owned()).filter(|text| !text.is_empty()).or(thought);
        if let Some(rationale) = rationale {
            self.trace_orchestration("rationale", json!({"text": rationale}), now);
        }
    }

    pub fn trace_action(&mut self, asked: &Asked, execution: &str, invocation_id: Option<&str>, now: Timestamp) {
        let mut input = json!({
            "actionGroupName": asked.action.group,
            "executionType": execution,
            "parameters": asked.arguments.shown(),
        });
        if let Some(id) = invocation_id {
            input["invocationId"] = json!(id);
        }
        match &asked.action.what {
            What::Function { name } => input["function"] = json!(name),
            What::Api { path, method, .. } => {
                input["apiPath"] = json!(path);
                input["verb"] = json!(method.to_ascii_lowercase());
                if let Some((content_type, properties)) = &asked.arguments.body {
                    let properties: Vec<Value> = properties.iter().map(Argument::shown).collect();
                    input["requestBody"] = json!({"content": {content_type: properties}});
                }
            }
        }
        let invocation = json!({"invocationType": "ACTION_GROUP", "actionGroupInvocationInput": input});
        self.trace_orchestration("invocationInput", invocation, now);
    }

    pub fn trace_observed(&mut self, text: &str, began: Timestamp, now: Timestamp) {
        let output = json!({"text": text, "metadata": metadata(began, now)});
        let observation = json!({"type": "ACTION_GROUP", "actionGroupInvocationOutput": output});
        self.trace_orchestration("observation", observation, now);
    }

    pub fn trace_reprompt(&mut self, text: &str, source: &str, now: Timestamp) {
        let observation = json!({"type": "REPROMPT", "repromptResponse": {"text": text, "source": source}});
        self.trace_orchestration("observation", observation, now);
    }

    pub fn trace_search(&mut self, knowledge_base_id: &str, query: &str, now: Timestamp) {
        let input = json!({"knowledgeBaseId": knowledge_base_id, "text": query});
        let invocation = json!({"invocationType": "KNOWLEDGE_BASE", "knowledgeBaseLookupInput": input});
        self.trace_orchestration("invocationInput", invocation, now);
    }

    pub fn trace_found(&mut self, found: &[Found], now: Timestamp) {
        let references: Vec<Value> = found.iter().map(reference).collect();
        let output = json!({"retrievedReferences": references, "metadata": metadata(now, now)});
        let observation = json!({"type": "KNOWLEDGE_BASE", "knowledgeBaseLookupOutput": output});
        self.trace_orchestration("observation", observation, now);
    }

    pub fn trace_ask_user(&mut self, question: &str, now: Timestamp) {
        let observation = json!({"type": "ASK_USER", "finalResponse": {"text": question}});
        self.trace_orchestration("observation", observation, now);
    }

    pub fn trace_finish(&mut self, text: &str, now: Timestamp) {
        let mut metadata = metadata(self.began, now);
        metadata["operationTotalTimeMs"] = metadata["totalTimeMs"].clone();
        let observation = json!({"type": "FINISH", "finalResponse": {"text": text, "metadata": metadata}});
        self.trace_orchestration("observation", observation, now);
    }

    /// What a guardrail makes of what the user or the agent says: an assessment for each part that it judged.
    pub fn trace_guardrail(&mut self, side: Source, assessments: Vec<Value>, intervened: bool, now: Timestamp) {
        let (name, member) = match side {
            Source::Input => ("pre", "inputAssessments"),
            Source::Output => ("post", "outputAssessments"),
        };
        let guardrail = json!({
            "action": if intervened { "INTERVENED" } else { "NONE" },
            member: assessments,
            "metadata": metadata(now, now),
            "traceId": format!("{}-guardrail-{name}-0", self.tracing.request),
        });
        self.trace(json!({ "guardrailTrace": guardrail }), now);
    }

    pub fn trace_failure(&mut self, reason: &str, code: u16, now: Timestamp) {
        let failure = json!({
            "failureCode": code,
            "failureReason": reason,
            "metadata": metadata(self.began, now),
            "traceId": self.tracing.id(),
        });
        self.trace(json!({ "failureTrace": failure }), now);
    }

    pub fn trace_exception(&mut self, exception: &Exception, now: Timestamp) {
        self.trace_failure(&exception.message, exception.status, now);
    }
}

/// The model's answer as a text, in the form that models which use tools have.
fn raw(performance: &Performance) -> String {
    let content = performance.blocks.iter().filter_map(|block| match block {
        Block::Text { .. } => Some(json!({"type": "text", "text": block.text()})),
        Block::ToolUse { id, name, input, .. } => {
            Some(json!({"type": "tool_use", "id": id, "name": name, "input": input}))
        }
        Block::Reasoning { .. } | Block::RedactedReasoning { .. } => None,
    });
    let usage = performance.usage;
    let answer = json!({
        "role": "assistant",
        "content": content.collect::<Vec<_>>(),
        "stop_reason": performance.stop_reason.as_str(),
        "usage": {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens},
    });
    answer.to_string()
}

/// A union: what may be read comes before what may not.
fn reasoning(performance: &Performance) -> Option<Value> {
    performance.blocks.iter().find_map(|block| match block {
        Block::Reasoning { signature, .. } => {
            let mut text = json!({"text": block.text()});
            if let Some(signature) = signature {
                text["signature"] = json!(signature);
            }
            Some(json!({ "reasoningText": text }))
        }
        Block::RedactedReasoning { data } => Some(json!({ "redactedContent": data })),
        _ => None,
    })
}
