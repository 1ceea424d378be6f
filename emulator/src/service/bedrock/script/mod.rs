//! The model's script: rules that say whom the model answers, what, how fast, and how it fails.
//!
//! ```yaml
//! - name: plan                      # the script section of a scenario: a list of rules
//!   when: {op: [Converse, ConverseStream], model: "*sonnet*", last_user: {regex: "user (?<uid>u_\\d+)"}, turn: 0}
//!   times: 3                        # then the rule is spent, and later rules are asked
//!   replies:                        # one a call; the last repeats unless `exhaust: fail`
//!   - fault: {error: ThrottlingException, retry_after: 200ms}
//!   - text: 'hello {{m.uid}}'
//! ```
//!
//! A file of its own may also be `{seed, defaults, rules}`. The types here are
//! those of the YAML and of the Rust builder alike. Rules are asked in order,
//! the first that fits answers. Counters and states belong to the rule and the
//! session; a call without a session counts for the rule alone. Every attempt
//! counts: a retry gets the next reply. The [`SESSIONS_KEPT`] sessions that were
//! answered last are remembered.
//!
//! Knows no HTTP and no service; of the kernel only the moment, chance, and how
//! durations and globs are written.

pub mod cadence;
pub mod chance;
pub mod check;
mod compose;
pub mod condition;
mod difference;
mod draft;
pub mod fault;
pub mod json_path;
mod lorem;
pub mod mistake;
pub mod moment;
mod mutate;
pub mod mutation;
mod one_or_many;
pub mod performance;
pub mod place;
mod reach;
pub mod recorded;
pub mod reply;
pub mod scene;
#[cfg(test)]
mod schema;
pub mod session;
pub mod template;
pub mod text;
pub mod when;

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

pub use cadence::Jitter;
pub use chance::Chance;
pub use check::Problem;
pub use condition::{MessageCondition, Role, ToolResultCondition};
pub use fault::{Break, ErrorFault, Fault};
pub use json_path::JsonPath;
pub use lorem::ipsum;
pub use mistake::Mistake;
pub use moment::Moment;
pub use mutation::Mutation;
pub use performance::{Act, Block, Ending, Performance, Piece, Usage};
pub use place::Step;
pub use reply::{Content, Embedding, GivenPiece, Reasoning, Reply, StopReason, ToolUse};
pub use scene::{ModelOperation, Said, Scene, ToolResult};
pub use session::{SESSIONS_KEPT, Session, Sessions};
pub use text::{Captures, Pattern, TextCondition};
pub use when::{Mismatch, When};

use super::price::Prices;
use super::spending::Budget;
use crate::kernel::duration;

/// The state in which every session begins.
pub const START: &str = "start";

/// A whole script.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Whatever is left to chance repeats with it, whatever else is drawn in the world.
    pub seed: Option<u64>,
    pub defaults: Defaults,
    /// What tokens cost, before the built-in table.
    pub price: Prices,
    /// More than this fails the run.
    pub budget: Budget,
    pub rules: Vec<Rule>,
}

/// What holds where a reply says nothing else. Without it the model answers at once.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Defaults {
    #[serde(with = "duration")]
    pub first_token_after: Duration,
    /// Without it, all tokens come with the first.
    pub tokens_per_second: Option<NonZeroU32>,
    /// How much gaps and the time to the first token vary, by the seed.
    pub jitter: Option<Jitter>,
    pub on_miss: OnMiss,
}

/// What happens to a call that no rule fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnMiss {
    /// An error that names the nearest rule; the run has failed.
    #[default]
    Fail,
    /// For demos: the model says what the user said.
    Echo,
    /// For demos: the model says words without meaning, about as many as the caller allows.
    Lorem,
}

/// One rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// For people; `rule 1` and so on by place where none is given.
    #[serde(default)]
    pub name: String,
    /// Fits every call where nothing is given.
    #[serde(default)]
    pub when: When,
    /// The session is in one of these states; every session begins in `start`.
    #[serde(default, deserialize_with = "one_or_many::read")]
    pub in_state: Vec<String>,
    /// The state of the session after an answer of this rule.
    #[serde(default)]
    pub to_state: Option<String>,
    /// The rule is spent after answering this often; each session has its own count.
    #[serde(default)]
    pub times: Option<u32>,
    /// The run has failed unless the rule has answered exactly this often, all sessions together.
    #[serde(default)]
    pub expect: Option<u32>,
    pub replies: Vec<Reply>,
    #[serde(default)]
    pub exhaust: Exhaust,
}

/// What a rule does when all its replies are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exhaust {
    /// Gives the last one again.
    #[default]
    Repeat,
    /// Counts as a miss; later rules are not asked.
    Fail,
    /// Begins again with the first.
    Loop,
}

impl Script {
    /// Reads a script and checks it. The error shows the place in the text, or names the rule.
    pub fn from_yaml(text: &str) -> Result<Self, String> {
        Self::read(text).map_err(|mistake| mistake.to_string())
    }

    /// The same for whoever wants the place of a mistake.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let script: Self = serde_saphyr::from_str(text).map_err(|error| Mistake::found(&error, text))?;
        let Some(Problem { way, why }) = script.problem() else { return Ok(script) };
        match place::locate(text, &way) {
            Some(place) => Err(Mistake::at(place, text, why)),
            None => Err(Mistake::nowhere(why)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    seed: Option<u64>,
    #[serde(default)]
    defaults: Defaults,
    #[serde(default)]
    price: Prices,
    #[serde(default)]
    budget: Budget,
    rules: Vec<Rule>,
}

impl<'de> Deserialize<'de> for Script {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListOrFile)
    }
}

struct ListOrFile;

impl<'de> Visitor<'de> for ListOrFile {
    type Value = Script;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rules, or `seed`, `defaults` and `rules`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Script, A::Error> {
        let rules = Vec::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(Script { rules, ..Script::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Script, A::Error> {
        let File { seed, defaults, price, budget, rules } = File::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Script { seed, defaults, price, budget, rules })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_s_section_is_a_list_of_rules() {
        let script = Script::from_yaml(
            "- when: {last_user: {contains: u_8821}}\n  replies:\n  - fault: {hang: 30s}\n  - text: '[{\"a\":0.93}]'\n",
        )
        .unwrap();
        let [rule] = &script.rules[..] else { panic!("{script:?}") };
        assert_eq!(rule.replies[0].fault, Some(Fault::Hang(Some(Duration::from_secs(30)))));
        assert_eq!(rule.replies[1].text.as_deref(), Some("[{\"a\":0.93}]"));
    }

    #[test]
    fn a_file_has_defaults_too() {
        let script = Script::from_yaml(
            "seed: 7\ndefaults: {first_token_after: 300ms, tokens_per_second: 60, on_miss: echo}\nrules:\n\
             - name: tool\n  when: {op: Converse, model: '*sonnet*', turn: 0, tools: [get_order], system: {contains: agent}}\n  \
               times: 3\n  exhaust: fail\n  replies:\n  - tool_use: {name: get_order, input: {id: 7}, split: 5}\n    \
               stop_reason: tool_use\n    usage: {input_tokens: 5, output_tokens: 6}\n  - json: [{a: 1.5, b: [true, null]}]\n",
        )
        .unwrap();
        assert_eq!(script.seed, Some(7));
        assert_eq!(script.defaults.on_miss, OnMiss::Echo);
        assert_eq!(script.rules[0].replies[1].json.as_ref().unwrap().to_string(), r#"[{"a":1.5,"b":[true,null]}]"#);
        assert_eq!(script.rules[0].replies[0].tool_use[0].split.map(NonZeroU32::get), Some(5));
    }

    #[test]
    fn counters_states_and_cadence_are_read() {
        let script = Script::from_yaml(
            "- in_state: start\n  to_state: paid\n  exhaust: loop\n  replies:\n  - text: a\n    gaps: [1s, 200ms]\n    \
               jitter: 10ms\n- in_state: [paid]\n  replies:\n  - text: b\n    mutate: [prose_around, {max_tokens: 3}]\n",
        )
        .unwrap();
        let [first, second] = &script.rules[..] else { panic!("{script:?}") };
        assert_eq!((&first.in_state[..], first.to_state.as_deref()), (&["start".to_owned()][..], Some("paid")));
        assert_eq!(first.exhaust, Exhaust::Loop);
        assert_eq!(first.replies[0].gaps, [Duration::from_secs(1), Duration::from_millis(200)]);
        assert_eq!(second.replies[0].mutate, [Mutation::ProseAround, Mutation::MaxTokens(Some(3))]);
    }

    /// A script, and what the complaint about it must contain.
    #[test]
    fn a_mistake_is_shown_with_its_place() {
        for (yaml, expected) in [
            ("- replies:\n  - text: a\n  wehn: {}\n", &["wehn", "3:3", "did you mean `when`?"][..]),
            ("- when: {last_user: {regex: '('}}\n  replies:\n  - text: a\n", &["regular expression", "1:"]),
            ("- when: {op: Convers}\n  replies:\n  - text: a\n", &["Convers", "did you mean `Converse`?"]),
            ("- when: {last_user: {contain: a}}\n  replies:\n  - text: a\n", &["did you mean `contains`?", "1:"]),
            ("- when: {tool_result: {is_eror: true}}\n  replies:\n  - text: a\n", &["did you mean `is_error`?", "1:"]),
            ("- replies:\n  - text: a\n    first_token_after: soon\n", &["is not a duration", "3:"]),
            ("- replies:\n  - text: a\n    mutate: truncate\n", &["did you mean `truncate_json`?", "3:"]),
            ("- replies:\n  - fault: {hang: 30s, delay: 2s}\n", &["one of", "here is hang and delay", "2:"]),
            ("- replies:\n  - fault: {do: stal}\n", &["did you mean `stall`?", "2:"]),
            ("- replies:\n  - fault: {error: Nonsense}\n", &["`Nonsense`", "status", "2:"]),
            ("- replies: []\n", &["rule 1", "no replies", "1:3"]),
            ("- name: x\n  replies:\n  - stop_reason: end_turn\n", &["rule `x`, reply 1", "nothing to say", "3:5"]),
            ("- name: x\n  replies:\n  - text: '{{m.uid}}'\n", &["rule `x`, reply 1", "`m.uid`", "3:5"]),
            ("- name: x\n  replies:\n  - fault: {hang: true}\n    text: a\n", &["never said", "3:5"]),
            ("- replies:\n  - text: a\n    json: [1]\n", &["give one", "3:5"]),
            ("- replies:\n  - text: a\n    content: [{text: b}]\n", &["put `text` into it", "2:5"]),
            ("- replies:\n  - content:\n    - {text: b, tool_use: {name: c}}\n", &["a block is one of", "3:7"]),
            ("- replies:\n  - tool_use: {name: get order}\n", &["no name of a tool", "2:16"]),
            ("- replies:\n  - tool_use:\n    - name: get\n      input: [1]\n", &["is no object", "4:7"]),
            ("- replies:\n  - tool_use: {name: get, input: {}, input_text: x}\n", &["give one", "2:38"]),
            ("- replies:\n  - reasoning: {redacted: '?'}\n", &["is base64", "2:17"]),
            ("- replies:\n  - text: plain\n    mutate: [code_fence, missing_field]\n", &["changes JSON", "3:26"]),
            ("- replies:\n  - text: a\n    usage: {output_tokens: 4000000000}\n", &["token counts end", "3:13"]),
            ("- replies:\n  - guardrail: {topicpolicy: {}}\n", &["did you mean `topicPolicy`?", "2:5"]),
            ("- replies:\n  - text: a\n    citations: [{titel: b}]\n", &["did you mean `title`?", "3:5"]),
            ("- replies:\n  - embedding: [[1], [1, 2]]\n", &["of one length", "2:5"]),
            ("seed: 7\nrules:\n- times: 0\n  replies: [text: a]\n", &["never answers", "3:3"]),
            ("- replies: [text: a]\n- name: b\n  replies: [text: b]\n", &["rule `b` can never answer", "2:3"]),
            ("rules: 7\n", &["1:"]),
            ("seven\n", &["a list of rules"]),
        ] {
            let complaint = Script::from_yaml(yaml).expect_err(yaml);
            for part in expected {
                assert!(complaint.contains(part), "{yaml}\n{complaint}\nlacks {part}");
            }
        }
    }

    /// Words of the language, put together at random: most are refused, and none may panic.
    const SCRIPTS: &str = r#"(- |  |\n|replies|when|text|json|fault|mutate|last_user|regex|not|any|content|tool_use|name|after|do|[:{}\[\],'"$.*] ?|\{\{(m|json|now|count|int) ?|\}\}|[a-z0-9é]{1,3}){0,40}"#;

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..Default::default() })]

        #[test]
        fn no_text_makes_the_reader_panic(text in SCRIPTS, reply in SCRIPTS) {
            for script in [text.clone(), format!("- replies: [{{{reply}}}]"), format!("- when: {{{text}}}\n  replies: [{{text: '{reply}'}}]")] {
                if let Ok(script) = Script::read(&script) {
                    assert_eq!(script.check(), Ok(()));
                }
            }
        }
    }
}
