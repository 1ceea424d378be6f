//! A session becomes a summary: the model is asked for it, with the prompt `MEMORY_SUMMARIZATION`.
//!
//! AWS's template wants the summary between `<summary>` and `</summary>`; where it is, the rest is left out (assumed: a
//! text without them is the summary). Where the model fails, nothing is remembered.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Memories, MemoryKey, Summary};
use crate::kernel::store::{Book, Kept};
use crate::kernel::{Call, Timestamp};
use crate::service::bedrock::Attempt;
use crate::service::bedrock::actor::{Actor, Cue};
use crate::service::bedrock::agent::PromptType;
use crate::service::bedrock::agent_runtime::cast::Cast;
use crate::service::bedrock::agent_runtime::history::History;
use crate::service::bedrock::agent_runtime::session::Key;
use crate::service::bedrock::agent_runtime::turn::{model, prompt};
use crate::service::bedrock::asking;
use crate::service::bedrock::script::{Act, Said, Scene, cadence};

/// What of a session is to be remembered: what was said in the turns that name a memory, by its id.
///
/// assumed: turns of one session that name several memories are remembered each in its own.
#[derive(Clone, Debug, Default)]
pub struct Remembered {
    turns: Kept<String, Turns>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Turns {
    /// The agent as it was when it spoke last.
    cast: Arc<Cast>,
    #[serde(skip)]
    said: History,
}

impl Remembered {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map_of("remembered", &mut self.turns, |turns, book| turns.said.keep(book));
    }

    /// A turn that names a memory is over.
    pub fn add(&mut self, memory_id: &str, cast: &Arc<Cast>, said: [Said; 2]) {
        let empty = || Turns { cast: Arc::clone(cast), said: History::default() };
        let turns = self.turns.get_or_insert_with(memory_id.to_owned(), empty);
        turns.cast = Arc::clone(cast);
        turns.said.add(said);
    }
}

impl Memories {
    /// A session has ended: what is to be remembered of it is summarized.
    pub fn remember(
        &mut self,
        key: &Key,
        started: Timestamp,
        remembered: &Remembered,
        actor: &Actor,
        call: &mut Call<'_>,
    ) {
        for (memory_id, turns) in &remembered.turns {
            let Some(configuration) = &turns.cast.memory else { continue };
            if turns.cast.prompts.enabled(PromptType::MemorySummarization).is_none() {
                continue;
            }
            let Key { agent_id, alias_id, session_id } = key.clone();
            let memory = MemoryKey { agent_id, alias_id, memory_id: memory_id.clone() };
            let scene = turns.scene(key, &self.content(&memory, configuration.recent_sessions));
            let (event, Cue { act, progress, .. }) = asking::consult(actor, call, scene, Attempt::default());
            let hearing = progress.watch(call.kernel.clock.clone());
            hearing.ended();
            let Ok(Act::Speak(performance)) = act else { continue };
            hearing.sent_frame();
            let summary = Summary {
                memory,
                session_id,
                started,
                expires: call.now + configuration.storage,
                text: summary_in(&model::text(&performance)).to_owned(),
                said: call.now + performance.lasts(),
                is_said: false,
                last: event,
            };
            self.add(summary);
        }
    }
}

impl Turns {
    fn scene(&self, key: &Key, earlier: &str) -> Scene {
        let kind = PromptType::MemorySummarization;
        let lines: Vec<String> = self.said.iter().map(|said| format!("{}: {}", said.role, said.text)).collect();
        let conversation = lines.join("\n");
        let template = self.cast.prompts.of(kind).and_then(|prompt| prompt.base_prompt_template.as_deref());
        let values = [("past_conversation_summary", earlier), ("conversation", &conversation)];
        let system = prompt::system(template.unwrap_or_default(), &values);
        Scene {
            operation: self.cast.operation,
            model: self.cast.model(kind).to_owned(),
            input_tokens: cadence::tokens(system.chars().count() + conversation.chars().count()),
            system,
            last_user: conversation.clone(),
            messages: vec![Said { role: "user".to_owned(), text: conversation }],
            session: key.session_id.clone(),
            agent: key.agent_id.clone(),
            prompt_type: kind.to_string(),
            ..Scene::default()
        }
    }
}

fn summary_in(text: &str) -> &str {
    let between = text.split_once("<summary>").and_then(|(_, after)| after.split_once("</summary>"));
    between.map_or(text, |(summary, _)| summary).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_what_stands_between_its_tags_or_all() {
        for (text, expected) in [
            ("Asked for tea.", "Asked for tea."),
            (
                "I think: <summary>\n<topic name='tea'>Wants it.</topic>\n</summary> Done.",
                "<topic name='tea'>Wants it.</topic>",
            ),
            ("<summary>open", "<summary>open"),
        ] {
            assert_eq!(summary_in(text), expected, "{text}");
        }
    }
}
