//! What is wrong with a script though each of its parts can be read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::mistake::unknown;
use super::mutation::{Mutation, Needs};
use super::place::Step;
use super::recorded::Recorded;
use super::reply::{Content, Embedding, GivenPiece, Reasoning, Reply, Saying, StopReason, ToolUse};
use super::{Fault, Rule, Script, reach, template};

/// What is wrong, and the way to it through a script that is a map; one that is a list lacks the first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub way: Vec<Step>,
    pub why: String,
}

impl Problem {
    pub fn new(why: impl Into<String>) -> Self {
        Self { way: Vec::new(), why: why.into() }
    }

    pub fn at(key: &'static str, why: impl Into<String>) -> Self {
        Self { way: vec![Step::Key(key)], why: why.into() }
    }

    /// The same, seen from further out.
    pub fn within(mut self, outer: &[Step]) -> Self {
        self.way.splice(0..0, outer.iter().copied());
        self
    }
}

type Checked = Result<(), Problem>;

impl Script {
    /// The first problem, with the rule and the reply that have it.
    pub fn check(&self) -> Result<(), String> {
        self.problem().map_or(Ok(()), |problem| Err(problem.why))
    }

    /// The same with the way to it.
    pub fn problem(&self) -> Option<Problem> {
        let price = self.price.problem().map(|why| Problem::at("price", why));
        let budget = || self.budget.problem().map(|why| Problem::at("budget", why));
        let rules = || self.problem_of_rules().map(|problem| problem.within(&[Step::Key("rules")]));
        price.or_else(budget).or_else(rules)
    }

    fn problem_of_rules(&self) -> Option<Problem> {
        let mut rules = self.rules.iter().enumerate();
        let of_one =
            rules.find_map(|(index, rule)| Some(rule.check(&rule.title(index)).err()?.within(&[Step::Index(index)])));
        of_one.or_else(|| reach::problem(&self.rules))
    }
}

impl Rule {
    /// The rule's name, or its place in the script where it has none.
    pub fn title(&self, index: usize) -> String {
        if self.name.is_empty() { format!("rule {}", index + 1) } else { format!("rule `{}`", self.name) }
    }

    /// What is wrong with the rule by itself.
    pub fn check(&self, title: &str) -> Checked {
        let titled = |problem: Problem| Problem { why: format!("{title}: {}", problem.why), ..problem };
        if self.replies.is_empty() {
            return Err(Problem::at("replies", format!("{title} has no replies")));
        }
        reach::of_itself(self).map_err(titled)?;
        let captures = self.when.capture_names();
        for (index, reply) in self.replies.iter().enumerate() {
            reply.check(&captures).map_err(|problem| Problem {
                why: format!("{title}, reply {}: {}", index + 1, problem.why),
                way: problem.within(&[Step::Key("replies"), Step::Index(index)]).way,
            })?;
        }
        Ok(())
    }
}

impl Reply {
    fn check(&self, captures: &[String]) -> Checked {
        self.check_forms()?;
        self.check_speech()?;
        for (index, content) in self.content.iter().enumerate() {
            content.check().map_err(|problem| problem.within(&[Step::Key("content"), Step::Index(index)]))?;
        }
        for (index, tool) in self.tool_use.iter().enumerate() {
            tool.check().map_err(|problem| problem.within(&[Step::Key("tool_use"), Step::Index(index)]))?;
        }
        for (index, reasoning) in self.reasoning.iter().enumerate() {
            reasoning.check().map_err(|problem| problem.within(&[Step::Key("reasoning"), Step::Index(index)]))?;
        }
        self.check_templates(captures)?;
        self.check_mutations()?;
        self.check_values()
    }

    /// One thing is said in one way.
    fn check_forms(&self) -> Checked {
        one_text(self.text.is_some(), self.json.is_some(), self.pieces.is_some())?;
        if !self.citations.is_empty() && self.text.is_none() && self.json.is_none() && self.pieces.is_none() {
            return Err(Problem::at("citations", "citations are of a text: give `text`, `json` or `pieces`"));
        }
        let short = [
            ("text", self.text.is_some()),
            ("json", self.json.is_some()),
            ("pieces", self.pieces.is_some()),
            ("reasoning", !self.reasoning.is_empty()),
            ("tool_use", !self.tool_use.is_empty()),
        ];
        match short.iter().find(|(_, given)| *given) {
            Some((name, _)) if !self.content.is_empty() => {
                Err(Problem::at(name, format!("`content` says everything in its order: put `{name}` into it")))
            }
            _ => Ok(()),
        }
    }

    /// What only fails says nothing; what speaks has something to say.
    fn check_speech(&self) -> Checked {
        if let Some(recorded) = &self.recorded {
            return self.check_recorded(recorded);
        }
        let says_nothing = self.sayings().is_empty();
        let has_more = self.guardrail.is_some()
            || self.embedding.is_some()
            || self.mutate.iter().any(|mutation| mutation.needs() == Needs::Nothing);
        match (self.speaks(), says_nothing && !has_more) {
            (true, true) => Err(Problem::new(
                "nothing to say: give `text`, `json`, `tool_use`, `content`, or for other calls `guardrail` or `embedding`",
            )),
            (false, false) => Err(Problem::at("fault", "the fault comes first: what the reply says is never said")),
            _ => Ok(()),
        }
    }

    /// What was recorded is all that is said.
    fn check_recorded(&self, recorded: &Recorded) -> Checked {
        let more = !self.sayings().is_empty()
            || self.guardrail.is_some()
            || self.embedding.is_some()
            || self.fault.is_some()
            || !self.mutate.is_empty();
        if more {
            return Err(Problem::at(
                "recorded",
                "what was recorded is said as it is: give `usage` with it, and nothing else",
            ));
        }
        recorded.problem().map_or(Ok(()), |problem| Err(Problem::at("recorded", problem)))
    }

    fn check_templates(&self, captures: &[String]) -> Checked {
        for saying in self.sayings() {
            let checked = match saying {
                Saying::Text(text, _) => template::check(text, captures),
                Saying::Json(value, _) => template::check_json(value, captures),
                Saying::Pieces(pieces, _) => check_pieces(pieces, captures),
                Saying::Reasoning(Reasoning { text, pieces, .. }) => text
                    .iter()
                    .try_for_each(|text| template::check(text, captures))
                    .and_then(|()| check_pieces(pieces.as_deref().unwrap_or_default(), captures)),
                Saying::ToolUse(tool) => tool.check_templates(captures),
            };
            let key = match saying {
                Saying::Text(..) => "text",
                Saying::Json(..) => "json",
                Saying::Pieces(..) => "pieces",
                Saying::Reasoning(_) => "reasoning",
                Saying::ToolUse(_) => "tool_use",
            };
            checked.map_err(|why| Problem::at(if self.content.is_empty() { key } else { "content" }, why))?;
        }
        Ok(())
    }

    fn check_mutations(&self) -> Checked {
        let sayings = self.sayings();
        for (index, mutation) in self.mutate.iter().enumerate() {
            let name = mutation.name();
            // A refusal or a loop before it may have put there what it needs.
            if self.mutate[..index].iter().any(|before| before.needs() == Needs::Nothing) {
                break;
            }
            let lacks = match mutation.needs() {
                Needs::Text if !sayings.iter().any(Saying::is_text) => "a text: give `text` or `json`",
                Needs::Json if !sayings.iter().any(Saying::is_json) => "JSON: give `json`, or a text that is JSON",
                Needs::ToolUse if !sayings.iter().any(|saying| matches!(saying, Saying::ToolUse(_))) => {
                    "a use of a tool: give `tool_use`"
                }
                _ => continue,
            };
            let problem = Problem::new(format!("`{name}` changes {lacks}"));
            return Err(problem.within(&[Step::Key("mutate"), Step::Index(index)]));
        }
        let names = self.mutate.iter().enumerate().filter_map(|(index, mutation)| match mutation {
            Mutation::UnknownTool(Some(name)) => Some((index, name)),
            _ => None,
        });
        for (index, name) in names {
            check_name(name).map_err(|problem| problem.within(&[Step::Key("mutate"), Step::Index(index)]))?;
        }
        Ok(())
    }

    fn check_values(&self) -> Checked {
        let usage = self.usage;
        let counts = [
            ("input_tokens", usage.input_tokens),
            ("output_tokens", usage.output_tokens),
            ("cache_read_input_tokens", usage.cache_read_input_tokens),
            ("cache_write_input_tokens", usage.cache_write_input_tokens),
        ];
        for (name, count) in counts {
            if count.is_some_and(|count| i32::try_from(count).is_err()) {
                let why = format!("token counts end at {}", i32::MAX);
                return Err(Problem::at(name, why).within(&[Step::Key("usage")]));
            }
        }
        if self.stop_sequence.is_some() && self.stop_reason.is_some_and(|reason| reason != StopReason::StopSequence) {
            return Err(Problem::at("stop_reason", "with a `stop_sequence` the stop reason is `stop_sequence`"));
        }
        if let Some(assessment) = &self.guardrail {
            check_members("guardrail", "an assessment", assessment, ASSESSMENT)?;
        }
        let citations = self.citations.iter().chain(self.content.iter().flat_map(|content| &content.citations));
        for citation in citations {
            check_members("citations", "a citation", citation, CITATION)?;
        }
        if let Some(Embedding(vectors)) = &self.embedding {
            let length = vectors.first().map_or(0, Vec::len);
            if length == 0 || vectors.iter().any(|vector| vector.len() != length) {
                return Err(Problem::at("embedding", "vectors are of one length, which is not 0"));
            }
            if vectors.iter().flatten().any(|number| !number.is_finite()) {
                return Err(Problem::at("embedding", "every number of a vector is finite"));
            }
        }
        match (&self.fault, self.embedding.is_some() && self.sayings().is_empty()) {
            (Some(Fault::WithoutMessageStop), true) => {
                Err(Problem::at("fault", "an embedding is no stream: it has no `messageStop`"))
            }
            _ => Ok(()),
        }
    }
}

/// The members of AWS's `GuardrailAssessment`.
const ASSESSMENT: &[&str] = &[
    "topicPolicy",
    "contentPolicy",
    "wordPolicy",
    "sensitiveInformationPolicy",
    "contextualGroundingPolicy",
    "automatedReasoningPolicy",
    "invocationMetrics",
    "appliedGuardrailDetails",
];

/// The members of AWS's `Citation`.
const CITATION: &[&str] = &["title", "source", "sourceContent", "location"];

fn check_members(key: &'static str, what: &str, value: &Value, known: &[&str]) -> Checked {
    let Value::Object(members) = value else {
        return Err(Problem::at(key, format!("{what} is a map, of {}", known.join(", "))));
    };
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Problem::at(key, unknown(&format!("member of {what}"), name, known))),
        None => Ok(()),
    }
}

fn check_pieces(pieces: &[GivenPiece], captures: &[String]) -> Result<(), String> {
    pieces.iter().try_for_each(|piece| template::check(&piece.text, captures))
}

fn one_text(text: bool, json: bool, pieces: bool) -> Checked {
    if usize::from(text) + usize::from(json) + usize::from(pieces) > 1 {
        let key = if json { "json" } else { "pieces" };
        return Err(Problem::at(key, "`text`, `json` and `pieces` are ways to say one thing: give one"));
    }
    Ok(())
}

impl Saying<'_> {
    fn is_text(&self) -> bool {
        matches!(self, Saying::Text(..) | Saying::Json(..) | Saying::Pieces(..))
    }

    /// Whether it may be JSON: of a text with templates that is known only when it is said.
    fn is_json(&self) -> bool {
        match self {
            Saying::Json(..) => true,
            Saying::Text(text, _) => {
                template::is_template(text) || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
            }
            Saying::Pieces(pieces, _) => {
                let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
                template::is_template(&text) || serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok()
            }
            Saying::Reasoning(_) | Saying::ToolUse(_) => false,
        }
    }
}

impl Content {
    fn check(&self) -> Checked {
        one_text(self.text.is_some(), self.json.is_some(), self.pieces.is_some())?;
        let is_text = self.text.is_some() || self.json.is_some() || self.pieces.is_some();
        let kinds = usize::from(is_text) + usize::from(self.reasoning.is_some()) + usize::from(self.tool_use.is_some());
        if kinds != 1 {
            return Err(Problem::new("a block is one of `text`, `json`, `pieces`, `reasoning` and `tool_use`"));
        }
        if !is_text && !self.citations.is_empty() {
            return Err(Problem::at("citations", "citations are of a text: give `text`, `json` or `pieces`"));
        }
        if let Some(tool) = &self.tool_use {
            tool.check().map_err(|problem| problem.within(&[Step::Key("tool_use")]))?;
        }
        match &self.reasoning {
            Some(reasoning) => reasoning.check().map_err(|problem| problem.within(&[Step::Key("reasoning")])),
            None => Ok(()),
        }
    }
}

impl Reasoning {
    fn check(&self) -> Checked {
        match (&self.text, &self.pieces, &self.redacted) {
            (Some(_), None, None) | (None, Some(_), None) => Ok(()),
            (None, None, Some(_)) if self.signature.is_some() => {
                Err(Problem::at("signature", "redacted reasoning has no signature"))
            }
            (None, None, Some(data)) if STANDARD.decode(data).is_err() => {
                Err(Problem::at("redacted", "redacted reasoning is base64"))
            }
            (None, None, Some(_)) => Ok(()),
            _ => Err(Problem::new("reasoning is one of `text`, `pieces` and `redacted`")),
        }
    }
}

impl ToolUse {
    /// What SDKs and AWS hold of tool names and ids.
    fn check(&self) -> Checked {
        if self.name.is_empty() {
            return Err(Problem::new("a tool has a `name`"));
        }
        check_name(&self.name)?;
        if let Some(id) = self.id.as_ref().filter(|id| !fits(id, "_-.:")) {
            let why = format!("`{id}` is no id of a tool use: 1 to 64 of letters, digits and `_-.:`");
            return Err(Problem::at("id", why));
        }
        let ways = [("input_text", self.input_text.is_some()), ("pieces", self.pieces.is_some())];
        let given = ways.iter().filter(|(_, given)| *given).map(|(name, _)| *name);
        let given: Vec<&'static str> = given.chain(self.input.as_ref().map(|_| "input")).collect();
        if given.len() > 1 {
            let why = "`input`, `input_text` and `pieces` are ways to say one thing: give one";
            return Err(Problem::at(given[0], why));
        }
        if self.pieces.is_some() && self.split.is_some() {
            return Err(Problem::at("split", "`pieces` are the fragments: nothing is left to split"));
        }
        match &self.input {
            Some(input) if !input.is_object() => Err(Problem::at(
                "input",
                format!("the input of tool `{}` is no object; what is no input at all is `input_text`", self.name),
            )),
            _ => Ok(()),
        }
    }

    fn check_templates(&self, captures: &[String]) -> Result<(), String> {
        self.input.iter().try_for_each(|input| template::check_json(input, captures))?;
        self.input_text.iter().try_for_each(|text| template::check(text, captures))?;
        check_pieces(self.pieces.as_deref().unwrap_or_default(), captures)
    }
}

fn check_name(name: &str) -> Checked {
    if fits(name, "_-") {
        return Ok(());
    }
    let why = format!("`{name}` is no name of a tool: 1 to 64 of letters, digits, `_` and `-`");
    Err(Problem::at("name", why))
}

fn fits(text: &str, also: &str) -> bool {
    (1..=64).contains(&text.len()) && text.chars().all(|letter| letter.is_ascii_alphanumeric() || also.contains(letter))
}
