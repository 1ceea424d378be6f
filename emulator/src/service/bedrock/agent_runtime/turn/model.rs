//! The model is asked, and what it says is heard.

use std::time::Duration;

use serde_json::{Value, json};

use super::tools::ToolUse;
use super::{Stage, Turn, after_pre_processing, guarding, prompt};
use crate::kernel::{Call, End, Timestamp};
use crate::service::bedrock::actor::Cue;
use crate::service::bedrock::agent::{PromptConfiguration, PromptType};
use crate::service::bedrock::agent_runtime::failure::Exception;
use crate::service::bedrock::agent_runtime::retrieval::answer::Answer;
use crate::service::bedrock::asking;
use crate::service::bedrock::guardrail::policy::sides::Source;
use crate::service::bedrock::ledger::Attempt;
use crate::service::bedrock::script::{Act, Block, Ending, Performance, Said, Scene, cadence};

/// How often an agent asks the model what to do before it gives up.
///
/// assumed: AWS documents no number; one developer counts seven
/// (<https://github.com/awslabs/amazon-bedrock-agent-samples/issues/125>), others more.
const ROUNDS_MAX: u32 = 15;

/// What stands before the summaries of earlier sessions. assumed: AWS's guideline is a longer one.
const MEMORY_GUIDELINE: &str = "This is what you remember of earlier sessions with the user:";

/// What the model says, and until when.
pub struct Speaking {
    pub kind: PromptType,
    pub performance: Performance,
    pub asked: Timestamp,
    pub until: Timestamp,
}

impl Turn {
    pub fn ask(&mut self, kind: PromptType, call: &mut Call<'_>) {
        if kind == PromptType::Orchestration {
            if self.work.rounds == ROUNDS_MAX {
                return self.give_up(call);
            }
            self.work.rounds += 1;
            self.tracing.next_round();
        }
        let scene = self.scene(kind);
        self.trace_asked(kind, &scene, call.now);
        self.asked += 1;
        let actor = self.cell.shared(call).actor.clone();
        let (event, Cue { act, progress, .. }) = asking::consult(&actor, call, scene, self.attempt());
        call.event = event;
        let now = call.now;
        match act {
            Err(miss) => self.fail(&Exception::validation(miss), call),
            Ok(Act::Refuse(fault)) => self.fail(&Exception::of_fault(&fault, self.cast.operation), call),
            Ok(Act::Recorded(_)) => {
                let message = "rehearsal: an agent asks its model in its own way, and no recorded answer fits that";
                self.fail(&Exception::validation(message), call);
            }
            Ok(Act::Html(status)) => {
                // What was to take the place of an answer cannot, once the stream has begun.
                let message = format!("the model answered with a page of status {status}");
                self.fail(&Exception::of("", status, &message, self.cast.operation), call);
            }
            Ok(Act::Hang(None)) => {
                self.hearing = Some(progress.watch(call.kernel.clock.clone()));
                self.stage = Stage::Over(End::Stall);
            }
            Ok(Act::Hang(Some(after)) | Act::Reset(after)) => self.stage = Stage::Silent(now + after),
            Ok(Act::Speak(performance)) => {
                self.hearing = Some(progress.watch(call.kernel.clock.clone()));
                if let Ending::Broken { frames, then } = &performance.ending {
                    self.break_off = Some((self.frames.len() + frames, then.clone()));
                }
                let until = now + performance.lasts();
                self.listen(Speaking { kind, performance, asked: now, until }, call);
            }
        }
    }

    /// Each question to the model is a call of its own, though one request asks several.
    pub fn attempt(&self) -> Attempt {
        let Attempt { invocation_id, attempt } = &self.options.attempt;
        let invocation_id =
            if invocation_id.is_empty() { String::new() } else { format!("{invocation_id}/{}", self.asked) };
        Attempt { invocation_id, attempt: *attempt }
    }

    fn scene(&self, kind: PromptType) -> Scene {
        let work = &self.work;
        let orchestrates = kind == PromptType::Orchestration;
        let system = self.system(kind);
        let messages = match kind {
            PromptType::PreProcessing => vec![Said { role: "user".to_owned(), text: work.input.clone() }],
            _ => work.messages.clone(),
        };
        let results = if orchestrates { work.results.clone() } else { Vec::new() };
        let tools = if orchestrates { self.cast.tools() } else { Vec::new() };
        let turn = messages.iter().filter(|message| message.role == "assistant").count();
        let characters = system.chars().count()
            + messages.iter().map(|message| message.text.chars().count()).sum::<usize>()
            + results.iter().map(|result| result.text.chars().count()).sum::<usize>()
            + tools.iter().map(|tool| tool.chars().count()).sum::<usize>();
        let searched = self.cast.only_answers_from().filter(|_| kind == PromptType::KnowledgeBaseResponseGeneration);
        Scene {
            operation: self.cast.operation,
            model: self.cast.model(kind).to_owned(),
            system,
            last_user: work.input.clone(),
            messages,
            tool_results: results,
            tools,
            turn: u32::try_from(turn).unwrap_or(u32::MAX),
            session: self.key.session_id.clone(),
            agent: self.cast.identity.as_ref().map_or_else(String::new, |agent| agent.id.clone()),
            prompt_type: kind.to_string(),
            knowledge_base: searched.map_or_else(String::new, |base| base.id.clone()),
            input_tokens: cadence::tokens(characters),
            ..Scene::default()
        }
    }

    fn system(&self, kind: PromptType) -> String {
        let template = self.cast.prompts.of(kind).and_then(|prompt| prompt.base_prompt_template.as_deref());
        let attributes = &self.options.prompt_session_attributes;
        let attributes = if attributes.is_empty() { String::new() } else { json!(attributes).to_string() };
        let history: Vec<String> =
            self.work.messages.iter().map(|said| format!("{}: {}", said.role, said.text)).collect();
        let found: Vec<&str> = self.work.found.iter().map(|found| found.content.as_str()).collect();
        prompt::system(
            template.unwrap_or_default(),
            &[
                ("instruction", &self.cast.instruction),
                ("question", &self.work.input),
                ("prompt_session_attributes", &attributes),
                ("conversation_history", &history.join("\n")),
                ("search_results", &found.join("\n")),
                ("latest_response", &self.work.answer),
                ("agent_scratchpad", ""),
                ("memory_guideline", if self.work.memory.is_empty() { "" } else { MEMORY_GUIDELINE }),
                ("memory_content", &self.work.memory),
                ("memory_action_guideline", ""),
            ],
        )
    }

    /// What the model says is heard when it has said it all, or as it says it.
    fn listen(&mut self, speaking: Speaking, call: &mut Call<'_>) {
        let last_words = match speaking.kind {
            PromptType::Orchestration | PromptType::KnowledgeBaseResponseGeneration => {
                uses(&speaking.performance).next().is_none() && !self.post_processes()
            }
            PromptType::PostProcessing => true,
            _ => false,
        };
        if self.options.streaming.stream_final_response == Some(true) && last_words {
            return self.say(speaking, call);
        }
        self.stage = Stage::Speaking(Box::new(speaking));
    }

    pub fn heard(&mut self, speaking: Speaking, call: &mut Call<'_>) {
        let Speaking { kind, performance, asked, .. } = speaking;
        if let Some(hearing) = self.hearing.take() {
            hearing.sent_frame();
            hearing.ended();
        }
        self.trace_heard(kind, &performance, asked, call.now);
        self.citations = self.cited(&performance);
        let text = text(&performance);
        if let Some(assessment) = &performance.guardrail {
            // A reply that is an intervention says by itself what is found, and what is said instead.
            let assessment = assessment.as_object().map_or_else(|| assessment.clone(), guarding::shown);
            self.trace_guardrail(Source::Output, vec![assessment], true, call.now);
            return self.answer(text, call);
        }
        match kind {
            PromptType::PreProcessing if !Verdict::of(&text).is_valid => self.refuse(call),
            PromptType::PreProcessing => self.stage = after_pre_processing(&self.cast),
            PromptType::Orchestration => self.orchestrate(&performance, text, call),
            PromptType::KnowledgeBaseResponseGeneration => self.conclude(text, call),
            PromptType::PostProcessing | PromptType::MemorySummarization | PromptType::RoutingClassifier => {
                self.deliver(text, call);
            }
        }
    }

    fn orchestrate(&mut self, performance: &Performance, text: String, call: &mut Call<'_>) {
        self.work.results.clear();
        self.work.uses.extend(uses(performance));
        if self.work.uses.is_empty() {
            return self.conclude(text, call);
        }
        self.trace_rationale(performance, &text, call.now);
        self.work.messages.push(Said { role: "assistant".to_owned(), text });
        self.stage = Stage::Tools;
    }

    /// The agent has come to an answer.
    fn conclude(&mut self, text: String, call: &mut Call<'_>) {
        self.trace_finish(&text, call.now);
        if !self.post_processes() {
            return self.deliver(text, call);
        }
        self.work.answer = text;
        self.stage = Stage::Ask(PromptType::PostProcessing);
    }

    fn post_processes(&self) -> bool {
        self.cast.prompts.enabled(PromptType::PostProcessing).is_some()
    }

    /// Which parts of what is said come from what was found.
    fn cited(&self, performance: &Performance) -> Vec<Value> {
        let found = &self.work.found;
        if found.is_empty() { Vec::new() } else { Answer::of(performance, found, true).citations(found) }
    }

    pub fn prompt(&self, kind: PromptType) -> Option<&PromptConfiguration> {
        self.cast.prompts.of(kind)
    }
}

/// The tools that the model asks for.
fn uses(performance: &Performance) -> impl Iterator<Item = ToolUse> {
    performance.blocks.iter().filter_map(|block| match block {
        Block::ToolUse { id, name, input, .. } => {
            Some(ToolUse { id: id.clone(), name: name.clone(), input: input.clone() })
        }
        _ => None,
    })
}

pub fn text(performance: &Performance) -> String {
    let texts = performance.blocks.iter().filter(|block| matches!(block, Block::Text { .. })).map(Block::text);
    texts.collect()
}

/// What pre-processing says of the user's words.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    pub is_valid: bool,
    pub rationale: String,
}

impl Verdict {
    /// In JSON, as AWS's parser functions give it, or with a category, as AWS's templates ask for it: the agent
    /// answers to `D` and `E`. Any other text says that the words are good.
    pub fn of(text: &str) -> Self {
        if let Ok(Value::Object(verdict)) = serde_json::from_str::<Value>(text) {
            let rationale = verdict.get("rationale").and_then(Value::as_str).unwrap_or_default().to_owned();
            let is_valid = verdict.get("isValid").or(verdict.get("is_valid")).and_then(Value::as_bool).unwrap_or(true);
            return Self { is_valid, rationale };
        }
        let between = |tag: &str| {
            let (_, after) = text.split_once(&format!("<{tag}>"))?;
            Some(after.split_once(&format!("</{tag}>"))?.0.trim())
        };
        let is_valid = between("category").is_none_or(|category| category.starts_with(['D', 'E']));
        Self { is_valid, rationale: between("thinking").unwrap_or(text).to_owned() }
    }
}

/// How long something took, as traces say it.
pub fn metadata(began: Timestamp, ended: Timestamp) -> Value {
    use crate::service::bedrock::date_time::DateTime;
    let took: Duration = ended.since(began);
    json!({
        "startTime": DateTime(began),
        "endTime": DateTime(ended),
        "totalTimeMs": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_read_as_aws_writes_it() {
        for (text, is_valid, rationale) in [
            (r#"{"isValid": false, "rationale": "malicious"}"#, false, "malicious"),
            (r#"{"isValid": true}"#, true, ""),
            ("<thinking>It is fine.</thinking><category>D</category>", true, "It is fine."),
            ("<thinking>It asks for prompts.</thinking> <category>B</category>", false, "It asks for prompts."),
            ("go ahead", true, "go ahead"),
        ] {
            assert_eq!(Verdict::of(text), Verdict { is_valid, rationale: rationale.to_owned() }, "{text}");
        }
    }
}
