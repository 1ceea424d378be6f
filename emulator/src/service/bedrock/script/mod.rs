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
//! the first that fits answers; counters belong to the rule, whoever calls.
//! Every attempt counts: a retry gets the next reply.
//!
//! Knows no HTTP and no service; of the kernel only how durations and globs are written.

pub mod cadence;
pub mod check;
pub mod fault;
pub mod mistake;
mod one_or_many;
pub mod performance;
pub mod reply;
pub mod scene;
pub mod template;
pub mod when;

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

pub use fault::{Break, ErrorFault, Fault};
pub use mistake::Mistake;
pub use performance::{Act, Block, Ending, Performance, Piece, Usage};
pub use reply::{Reply, StopReason, ToolUse};
pub use scene::{ModelOperation, Said, Scene, ToolResult};
pub use when::{Captures, Mismatch, When};

use super::price::Prices;
use super::spending::Budget;
use crate::kernel::duration;

/// A whole script.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Generated tool use ids repeat with it, whatever else is drawn in the world.
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
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// For people; `rule 1` and so on by place where none is given.
    #[serde(default)]
    pub name: String,
    /// Fits every call where nothing is given.
    #[serde(default)]
    pub when: When,
    /// The rule is spent after answering this often.
    #[serde(default)]
    pub times: Option<u32>,
    /// The run has failed unless the rule has answered exactly this often.
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
}

impl Script {
    /// Reads a script and checks it. The error shows the place in the text, or names the rule.
    pub fn from_yaml(text: &str) -> Result<Self, String> {
        Self::read(text).map_err(|mistake| mistake.to_string())
    }

    /// The same for whoever wants the place of a mistake.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let script: Self = serde_saphyr::from_str(text).map_err(|error| Mistake::found(&error, text))?;
        let Some((rule, problem)) = script.problem() else { return Ok(script) };
        match places(text).get(rule) {
            Some(place) => Err(Mistake::at(place.referenced, text, problem)),
            None => Err(Mistake::nowhere(problem)),
        }
    }
}

/// Where each rule begins.
fn places(text: &str) -> Vec<Spanned<IgnoredAny>> {
    #[derive(Deserialize)]
    struct Rules {
        rules: Vec<Spanned<IgnoredAny>>,
    }
    let list = serde_saphyr::from_str(text);
    list.or_else(|_| serde_saphyr::from_str(text).map(|Rules { rules }| rules)).unwrap_or_default()
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
        assert_eq!(script.rules[0].replies[0].tool_use[0].split, 5);
    }

    /// A script, and what the complaint about it must contain.
    #[test]
    fn a_mistake_is_shown_with_its_place() {
        for (yaml, expected) in [
            ("- replies:\n  - text: a\n  wehn: {}\n", &["wehn", "3:3"][..]),
            ("- when: {last_user: {regex: '('}}\n  replies:\n  - text: a\n", &["regular expression", "1:"]),
            ("- when: {op: Convers}\n  replies:\n  - text: a\n", &["Convers", "ConverseStream"]),
            ("- replies:\n  - text: a\n    first_token_after: soon\n", &["is not a duration", "3:"]),
            ("- replies:\n  - fault: {hang: 30s, delay: 2s}\n", &["one of", "2:"]),
            ("- replies:\n  - fault: {error: Nonsense}\n", &["`Nonsense`", "status"]),
            ("- replies: []\n", &["rule 1", "no replies"]),
            ("- name: x\n  replies:\n  - stop_reason: end_turn\n", &["rule `x`, reply 1", "nothing to say"]),
            ("- name: x\n  replies:\n  - text: '{{m.uid}}'\n", &["rule `x`, reply 1", "`m.uid`"]),
            ("- name: x\n  replies:\n  - fault: {hang: true}\n    text: a\n", &["never said"]),
            ("rules: 7\n", &["1:"]),
            ("seven\n", &["a list of rules"]),
        ] {
            let complaint = Script::from_yaml(yaml).expect_err(yaml);
            for part in expected {
                assert!(complaint.contains(part), "{yaml}\n{complaint}\nlacks {part}");
            }
        }
    }
}
