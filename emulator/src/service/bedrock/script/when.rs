//! Whether a rule fits a call, and if not, why not.

use std::fmt;

use serde::Deserialize;

use super::condition::{MessageCondition, ToolResultCondition, outcome};
use super::one_or_many;
use super::scene::{ModelOperation, Said, Scene, quote};
use super::text::{Captures, Pattern, TextCondition};
use crate::kernel::glob;

/// The conditions of a rule: all must hold; what is not given holds always.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// One of these operations.
    #[serde(deserialize_with = "one_or_many::read")]
    pub op: Vec<ModelOperation>,
    /// The model's id, inference profile or ARN.
    pub model: Option<TextCondition>,
    /// The text of the last user message that has any.
    pub last_user: Option<TextCondition>,
    pub system: Option<TextCondition>,
    /// Each of these holds of some message.
    #[serde(deserialize_with = "one_or_many::read")]
    pub any_message: Vec<MessageCondition>,
    /// All of these tools are on offer; globs.
    #[serde(deserialize_with = "one_or_many::read")]
    pub tools: Vec<String>,
    /// Each of these holds of something that the last message brings back from a tool.
    #[serde(deserialize_with = "one_or_many::read")]
    pub tool_result: Vec<ToolResultCondition>,
    /// The model has spoken this often before.
    pub turn: Option<u32>,
    pub session: Option<TextCondition>,
    /// The id of the agent that asks.
    pub agent: Option<TextCondition>,
    /// What an agent asks the model for: `ORCHESTRATION` and so on.
    pub prompt_type: Option<TextCondition>,
    /// The id of the knowledge base that the call is about.
    pub knowledge_base: Option<TextCondition>,
    /// The application's name, or the access key id where it has none.
    pub caller: Option<TextCondition>,
    /// None of these holds.
    #[serde(deserialize_with = "one_or_many::read")]
    pub not: Vec<When>,
    pub all: Vec<When>,
    /// One of these holds.
    pub any: Vec<When>,
}

/// One condition that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub condition: &'static str,
    pub expected: String,
    pub seen: String,
    /// Where a text differs from what was expected of it, if they are near each other.
    pub marked: String,
    /// How many letters it is off.
    pub letters: usize,
}

impl Mismatch {
    pub fn new(condition: &'static str, expected: impl Into<String>, seen: impl Into<String>) -> Self {
        Self { condition, expected: expected.into(), seen: seen.into(), marked: String::new(), letters: 0 }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { condition, expected, seen, marked, .. } = self;
        write!(f, "{condition}: expected {expected}, saw {seen}")?;
        if marked.is_empty() { Ok(()) } else { write!(f, " (the difference: `{marked}`)") }
    }
}

/// One condition of a rule, as far as it is given.
pub enum Condition<'a> {
    Op(&'a [ModelOperation]),
    Text(Field, &'a TextCondition),
    Message(&'a MessageCondition),
    Tool(&'a str),
    ToolResult(&'a ToolResultCondition),
    Turn(u32),
    Not(&'a When),
    All(&'a When),
    Any(&'a [When]),
}

/// The texts of a call that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Model,
    LastUser,
    System,
    Session,
    Agent,
    PromptType,
    KnowledgeBase,
    Caller,
}

impl Field {
    pub const ALL: [Self; 8] = [
        Self::Model,
        Self::LastUser,
        Self::System,
        Self::Session,
        Self::Agent,
        Self::PromptType,
        Self::KnowledgeBase,
        Self::Caller,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::LastUser => "last_user",
            Self::System => "system",
            Self::Session => "session",
            Self::Agent => "agent",
            Self::PromptType => "prompt_type",
            Self::KnowledgeBase => "knowledge_base",
            Self::Caller => "caller",
        }
    }

    pub fn of(self, scene: &Scene) -> &str {
        match self {
            Self::Model => &scene.model,
            Self::LastUser => &scene.last_user,
            Self::System => &scene.system,
            Self::Session => &scene.session,
            Self::Agent => &scene.agent,
            Self::PromptType => &scene.prompt_type,
            Self::KnowledgeBase => &scene.knowledge_base,
            Self::Caller => &scene.caller,
        }
    }

    pub fn condition(self, when: &When) -> Option<&TextCondition> {
        match self {
            Self::Model => when.model.as_ref(),
            Self::LastUser => when.last_user.as_ref(),
            Self::System => when.system.as_ref(),
            Self::Session => when.session.as_ref(),
            Self::Agent => when.agent.as_ref(),
            Self::PromptType => when.prompt_type.as_ref(),
            Self::KnowledgeBase => when.knowledge_base.as_ref(),
            Self::Caller => when.caller.as_ref(),
        }
    }

    fn condition_mut(self, when: &mut When) -> &mut Option<TextCondition> {
        match self {
            Self::Model => &mut when.model,
            Self::LastUser => &mut when.last_user,
            Self::System => &mut when.system,
            Self::Session => &mut when.session,
            Self::Agent => &mut when.agent,
            Self::PromptType => &mut when.prompt_type,
            Self::KnowledgeBase => &mut when.knowledge_base,
            Self::Caller => &mut when.caller,
        }
    }
}

impl When {
    pub fn conditions(&self) -> Vec<Condition<'_>> {
        let mut conditions = Vec::new();
        if !self.op.is_empty() {
            conditions.push(Condition::Op(&self.op));
        }
        let texts = Field::ALL.into_iter().filter_map(|field| Some(Condition::Text(field, field.condition(self)?)));
        conditions.extend(texts);
        conditions.extend(self.any_message.iter().map(Condition::Message));
        conditions.extend(self.tools.iter().map(|tool| Condition::Tool(tool)));
        conditions.extend(self.tool_result.iter().map(Condition::ToolResult));
        conditions.extend(self.turn.map(Condition::Turn));
        conditions.extend(self.not.iter().map(Condition::Not));
        conditions.extend(self.all.iter().map(Condition::All));
        if !self.any.is_empty() {
            conditions.push(Condition::Any(&self.any));
        }
        conditions
    }

    pub fn holds(&self, scene: &Scene) -> bool {
        self.conditions().iter().all(|condition| condition.holds(scene))
    }

    /// Every condition that does not hold.
    pub fn mismatches(&self, scene: &Scene) -> Vec<Mismatch> {
        let conditions = self.conditions();
        conditions
            .iter()
            .filter(|condition| !condition.holds(scene))
            .map(|condition| condition.mismatch(scene))
            .collect()
    }

    /// What the regular expressions match, once all conditions hold.
    pub fn captures(&self, scene: &Scene) -> Captures {
        let mut captures = Captures::new();
        self.capture(scene, &mut captures);
        captures
    }

    /// What was captured first stays; the last user text comes before all others.
    fn capture(&self, scene: &Scene, captures: &mut Captures) {
        let first = [Field::LastUser];
        let others = Field::ALL.into_iter().filter(|field| *field != Field::LastUser);
        for field in first.into_iter().chain(others) {
            if let Some(condition) = field.condition(self) {
                condition.capture(field.of(scene), captures);
            }
        }
        for condition in &self.any_message {
            if let Some(said) = scene.messages.iter().find(|said| condition.holds(said)) {
                condition.text.capture(&said.text, captures);
            }
        }
        for condition in &self.tool_result {
            if let Some(result) = scene.tool_results.iter().find(|result| condition.holds(result)) {
                condition.text.capture(&result.text, captures);
            }
        }
        for when in self.all.iter().chain(self.any.iter().find(|one| one.holds(scene))) {
            when.capture(scene, captures);
        }
    }

    /// The names that replies may use for captures.
    pub fn capture_names(&self) -> Vec<String> {
        let mut patterns = Vec::new();
        self.patterns(&mut patterns);
        let names = patterns.iter().flat_map(|Pattern(regex)| regex.capture_names().enumerate());
        names.flat_map(|(index, name)| [Some(index.to_string()), name.map(str::to_owned)]).flatten().collect()
    }

    fn patterns<'a>(&'a self, found: &mut Vec<&'a Pattern>) {
        let texts = Field::ALL.into_iter().filter_map(|field| field.condition(self));
        let texts = texts.chain(self.any_message.iter().map(|message| &message.text));
        for text in texts.chain(self.tool_result.iter().map(|result| &result.text)) {
            text.patterns(found);
        }
        for when in self.all.iter().chain(&self.any) {
            when.patterns(found);
        }
    }

    /// Both must hold.
    pub fn and(mut self, mut other: Self) -> Self {
        for field in Field::ALL {
            let (there, more) = (field.condition_mut(&mut self), field.condition_mut(&mut other).take());
            match (there.as_mut(), more) {
                (Some(there), Some(more)) => there.all.push(more),
                (None, more) => *there = more,
                (Some(_), None) => {}
            }
        }
        if self.op.is_empty() {
            self.op = std::mem::take(&mut other.op);
        }
        if self.turn.is_none() {
            self.turn = other.turn.take();
        }
        if self.any.is_empty() {
            self.any = std::mem::take(&mut other.any);
        }
        self.any_message.append(&mut other.any_message);
        self.tools.append(&mut other.tools);
        self.tool_result.append(&mut other.tool_result);
        self.not.append(&mut other.not);
        self.all.append(&mut other.all);
        // What has no room beside the rest stands by itself.
        if other != Self::default() {
            self.all.push(other);
        }
        self
    }
}

impl Condition<'_> {
    pub fn holds(&self, scene: &Scene) -> bool {
        match self {
            Condition::Op(operations) => operations.contains(&scene.operation),
            Condition::Text(field, condition) => condition.holds(field.of(scene)),
            Condition::Message(condition) => scene.messages.iter().any(|said| condition.holds(said)),
            Condition::Tool(tool) => scene.tools.iter().any(|offered| glob::matches(tool, offered)),
            Condition::ToolResult(condition) => scene.tool_results.iter().any(|result| condition.holds(result)),
            Condition::Turn(turn) => *turn == scene.turn,
            Condition::Not(when) => !when.holds(scene),
            Condition::All(when) => when.holds(scene),
            Condition::Any(whens) => whens.iter().any(|when| when.holds(scene)),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Condition::Op(_) => "op",
            Condition::Text(field, _) => field.name(),
            Condition::Message(_) => "any_message",
            Condition::Tool(_) => "tools",
            Condition::ToolResult(_) => "tool_result",
            Condition::Turn(_) => "turn",
            Condition::Not(_) => "not",
            Condition::All(_) => "all",
            Condition::Any(_) => "any",
        }
    }

    /// What to say of a condition that does not hold.
    fn mismatch(&self, scene: &Scene) -> Mismatch {
        let name = self.name();
        match self {
            Condition::Op(operations) => Mismatch::new(name, names(operations), scene.operation.name()),
            Condition::Text(field, condition) => text_mismatch(name, condition, field.of(scene)),
            Condition::Message(condition) => {
                let of_role = |said: &&Said| condition.role.is_none_or(|role| role.name() == said.role);
                match scene.messages.iter().rfind(of_role) {
                    Some(last) => text_mismatch(name, &condition.text, &last.text),
                    None => Mismatch::new(name, condition.to_string(), "no such message"),
                }
            }
            Condition::Tool(tool) => {
                Mismatch::new(name, format!("`{tool}` on offer"), format!("[{}]", scene.tools.join(", ")))
            }
            Condition::ToolResult(condition) => match scene.tool_results.last() {
                Some(last) => {
                    let seen = format!("{} of `{}`: {}", outcome(last.is_error), last.name, quote(&last.text));
                    let unmet = condition.text.unmet(&last.text);
                    let marked = unmet.map(|unmet| unmet.difference).unwrap_or_default();
                    let (marked, letters) = (marked.marked, marked.letters);
                    Mismatch { marked, letters, ..Mismatch::new(name, condition.to_string(), seen) }
                }
                None => Mismatch::new(name, condition.to_string(), "none"),
            },
            Condition::Turn(turn) => Mismatch::new(name, turn.to_string(), scene.turn.to_string()),
            Condition::Not(when) => Mismatch::new(name, format!("that not ({when})"), "that it is so"),
            Condition::All(when) => {
                let of_it = when.mismatches(scene);
                let letters = of_it.iter().map(|mismatch| mismatch.letters).sum();
                Mismatch { letters, ..Mismatch::new(name, format!("({when})"), list(&of_it)) }
            }
            Condition::Any(whens) => {
                let expected: Vec<String> = whens.iter().map(|when| format!("({when})")).collect();
                let of_each = whens.iter().map(|when| when.mismatches(scene));
                let letters = of_each.map(|of_it| of_it.iter().map(|mismatch| mismatch.letters).sum()).min();
                let letters = letters.unwrap_or_default();
                Mismatch { letters, ..Mismatch::new(name, expected.join(" or "), "none of it") }
            }
        }
    }
}

fn text_mismatch(name: &'static str, condition: &TextCondition, seen: &str) -> Mismatch {
    let Some(unmet) = condition.unmet(seen) else { return Mismatch::new(name, condition.to_string(), quote(seen)) };
    let (marked, letters) = (unmet.difference.marked, unmet.difference.letters);
    Mismatch { marked, letters, ..Mismatch::new(name, unmet.expected, quote(seen)) }
}

/// Several mismatches in one line.
pub fn list(mismatches: &[Mismatch]) -> String {
    mismatches.iter().map(Mismatch::to_string).collect::<Vec<_>>().join("; ")
}

fn names(operations: &[ModelOperation]) -> String {
    operations.iter().map(|operation| operation.name()).collect::<Vec<_>>().join(" or ")
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.conditions().iter().map(ToString::to_string).collect();
        f.write_str(&if parts.is_empty() { "always".to_owned() } else { parts.join(", ") })
    }
}

impl fmt::Display for Condition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Op(operations) => write!(f, "op is {}", names(operations)),
            Condition::Text(field, condition) => write!(f, "{} {condition}", field.name()),
            Condition::Message(condition) => condition.fmt(f),
            Condition::Tool(tool) => write!(f, "tool `{tool}` is on offer"),
            Condition::ToolResult(condition) => condition.fmt(f),
            Condition::Turn(turn) => write!(f, "turn is {turn}"),
            Condition::Not(when) => write!(f, "not ({when})"),
            Condition::All(when) => when.fmt(f),
            Condition::Any(whens) => {
                let any: Vec<String> = whens.iter().map(ToString::to_string).collect();
                write!(f, "({})", any.join(" or "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::bedrock::script::ToolResult;

    fn scene() -> Scene {
        let said = |role: &str, text: &str| Said { role: role.to_owned(), text: text.to_owned() };
        Scene {
            operation: ModelOperation::Converse,
            model: "us.anthropic.claude-sonnet-4-5".to_owned(),
            system: "You are an agent.".to_owned(),
            last_user: "items for user u_8821, please".to_owned(),
            messages: vec![said("user", "hello"), said("assistant", "who are you?"), said("user", "items for u_8821")],
            tool_results: vec![ToolResult {
                tool_use_id: "t".to_owned(),
                name: "get_order".to_owned(),
                text: r#"{"status":"OK","id":7}"#.to_owned(),
                is_error: false,
            }],
            tools: vec!["get_order".to_owned()],
            turn: 1,
            session: "s-1".to_owned(),
            agent: "AGENT12345".to_owned(),
            caller: "worker".to_owned(),
            input_tokens: 12,
            ..Scene::default()
        }
    }

    #[test]
    fn conditions_hold_or_say_why_not() {
        for (when, expected) in [
            ("{}", ""),
            ("{op: [Converse, InvokeModel], model: '*sonnet*', turn: 1, tools: get_order}", ""),
            ("{last_user: {contains: [items, u_8821]}, system: {contains: agent}}", ""),
            ("{op: ConverseStream}", "op: expected ConverseStream, saw Converse"),
            ("{model: '*haiku*'}", "model: expected `*haiku*`, saw `us.anthropic.claude-sonnet-4-5`"),
            (
                "{last_user: {contains: [items, refund]}}",
                "last_user: expected a text containing `refund`, saw `items for user u_8821, please`",
            ),
            (
                "{last_user: {contains: [for usr u_8821]}}",
                "last_user: expected a text containing `for usr u_8821`, saw `items for user u_8821, please` (the \
                 difference: `for us{+e+}r u_8821`)",
            ),
            ("{system: {regex: '^agent'}}", "system: expected a text matching `^agent`, saw `You are an agent.`"),
            ("{tools: [pay], turn: 0}", "tools: expected `pay` on offer, saw [get_order]; turn: expected 0, saw 1"),
            ("{tools: 'get_*', session: 's-*', agent: AGENT12345, caller: worker, prompt_type: ''}", ""),
            ("{session: {not: 's-*'}}", "session: expected a text of which does not hold that it is `s-*`, saw `s-1`"),
            ("{any_message: [{role: assistant, contains: who}, hello]}", ""),
            (
                "{any_message: {role: assistant, contains: where}}",
                "any_message: expected a text containing `where`, saw `who are you?`",
            ),
            ("{tool_result: {contains: OK}}", ""),
            ("{tool_result: {tool: 'get_*', is_error: false, json: {'$.id': 7}}}", ""),
            (
                "{tool_result: {is_error: true}}",
                "tool_result: expected an error, saw a success of `get_order`: `{\"status\":\"OK\",\"id\":7}`",
            ),
            ("{not: {tools: pay}}", ""),
            ("{not: [{turn: 1}]}", "not: expected that not (turn is 1), saw that it is so"),
            ("{all: [{turn: 1}, {session: s-1}]}", ""),
            ("{all: [{turn: 2}]}", "all: expected (turn is 2), saw turn: expected 2, saw 1"),
            ("{any: [{turn: 2}, {session: s-1}]}", ""),
            ("{any: [{turn: 2}, {turn: 3}]}", "any: expected (turn is 2) or (turn is 3), saw none of it"),
        ] {
            let when: When = serde_saphyr::from_str(when).expect(when);
            let found = when.mismatches(&scene());
            assert_eq!(list(&found), expected);
        }
    }

    #[test]
    fn groups_are_captured_from_whichever_condition_has_a_regex() {
        let when: When = serde_saphyr::from_str(
            r"{model: {regex: '(?<model>sonnet)'}, last_user: {regex: 'user (?<uid>u_\d+)'},
               any: [{tool_result: {regex: '(?<status>NONE)'}}, {tool_result: {regex: 'status.:.(?<status>\w+)'}}],
               not: {system: {regex: '(?<never>robot)'}}}",
        )
        .unwrap();
        let captures = when.captures(&scene());
        let expected =
            [("0", "user u_8821"), ("1", "u_8821"), ("uid", "u_8821"), ("model", "sonnet"), ("status", "OK")];
        assert_eq!(captures, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let names = when.capture_names();
        assert!(["uid", "model", "status", "1"].iter().all(|name| names.contains(&(*name).to_owned())), "{names:?}");
        assert!(!names.contains(&"never".to_owned()));
    }

    #[test]
    fn two_conditions_are_joined_and_none_is_lost() {
        let when = |yaml: &str| serde_saphyr::from_str::<When>(yaml).expect(yaml);
        for (one, other, joined) in [
            ("{}", "{turn: 1}", "turn is 1"),
            ("{model: '*sonnet*'}", "{last_user: '*x*'}", "model is `*sonnet*`, last_user is `*x*`"),
            ("{last_user: {contains: a}}", "{last_user: {contains: b}}", "last_user contains `a`, contains `b`"),
            ("{op: Converse}", "{op: [Converse, InvokeModel]}", "op is Converse, op is Converse or InvokeModel"),
            ("{turn: 1}", "{turn: 1, tools: x}", "tool `x` is on offer, turn is 1, turn is 1"),
            ("{any: [{turn: 1}]}", "{any: [{turn: 2}]}", "(turn is 2), (turn is 1)"),
        ] {
            assert_eq!(when(one).and(when(other)).to_string(), joined, "{one} and {other}");
        }
    }
}
