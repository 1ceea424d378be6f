//! The script in Rust: conditions and rules for a test, in the words of the YAML.
//!
//! ```text
//! emulator.bedrock().given(model("*sonnet*")).and(prompt_contains("refund"))
//!     .respond_with(Reply::text("approved").first_token_after(secs(2))).up_to_n_times(1).expect(1).named("refund").mount();
//! ```
//!
//! The functions here are the usual conditions; [`When`] itself has them all, with
//! [`TextCondition`] for every text. A mistake in a rule is a mistake in the test:
//! it panics with its place.

use serde_json::Value;

use super::actor::Actor;
use super::script::text::{At, Places};
use super::script::{
    Exhaust, JsonPath, MessageCondition, ModelOperation, Pattern, Reply, Role, Rule, TextCondition,
    ToolResultCondition, When,
};

/// Calls to models whose id fits a glob.
pub fn model(glob: &str) -> When {
    When { model: Some(TextCondition::glob(glob)), ..When::default() }
}

/// Calls whose last user text contains this.
pub fn prompt_contains(text: &str) -> When {
    last_user(TextCondition::contains(text))
}

/// Calls whose last user text is this.
pub fn prompt_equals(text: &str) -> When {
    last_user(TextCondition::equals(text))
}

/// Calls whose last user text matches; groups are `{{m.NAME}}` in replies.
#[track_caller]
pub fn prompt_matches(regex: &str) -> When {
    last_user(TextCondition::regex(pattern(regex)))
}

/// Calls whose last user text has JSON in it with this value at the path.
#[track_caller]
pub fn prompt_json(path: &str, value: impl Into<Value>) -> When {
    let path = JsonPath::parse(path).unwrap_or_else(|problem| panic!("{problem}"));
    last_user(TextCondition { json: Places(vec![(path, At::Value(value.into()))]), ..TextCondition::default() })
}

/// Calls whose last user text is such.
pub fn last_user(condition: TextCondition) -> When {
    When { last_user: Some(condition), ..When::default() }
}

/// Calls whose system text contains this.
pub fn system_contains(text: &str) -> When {
    When { system: Some(TextCondition::contains(text)), ..When::default() }
}

/// Calls with a message that contains this, of a role if one is given.
pub fn message_contains(role: Option<Role>, text: &str) -> When {
    When { any_message: vec![MessageCondition { role, text: TextCondition::contains(text) }], ..When::default() }
}

/// Calls through one operation.
pub fn operation(operation: ModelOperation) -> When {
    When { op: vec![operation], ..When::default() }
}

/// Calls in which the model has spoken this often before.
pub fn turn(turn: u32) -> When {
    When { turn: Some(turn), ..When::default() }
}

/// Calls that offer this tool.
pub fn tool_offered(name: &str) -> When {
    When { tools: vec![name.to_owned()], ..When::default() }
}

/// Calls whose last message brings this back from a tool.
pub fn tool_result_contains(text: &str) -> When {
    tool_result(ToolResultCondition { text: TextCondition::contains(text), ..ToolResultCondition::default() })
}

/// Calls whose last message brings back an error from the tool.
pub fn tool_failed(name: &str) -> When {
    let (tool, is_error) = (Some(name.to_owned()), Some(true));
    tool_result(ToolResultCondition { tool, is_error, ..ToolResultCondition::default() })
}

/// Calls whose last message brings such a thing back from a tool.
pub fn tool_result(condition: ToolResultCondition) -> When {
    When { tool_result: vec![condition], ..When::default() }
}

/// Calls in sessions whose id fits a glob.
pub fn session(glob: &str) -> When {
    When { session: Some(TextCondition::glob(glob)), ..When::default() }
}

/// Calls of an agent whose id fits a glob.
pub fn agent(glob: &str) -> When {
    When { agent: Some(TextCondition::glob(glob)), ..When::default() }
}

/// Calls in which an agent asks for this: `ORCHESTRATION` and so on.
pub fn prompt_type(glob: &str) -> When {
    When { prompt_type: Some(TextCondition::glob(glob)), ..When::default() }
}

/// Calls about a knowledge base whose id fits a glob.
pub fn knowledge_base(glob: &str) -> When {
    When { knowledge_base: Some(TextCondition::glob(glob)), ..When::default() }
}

/// Calls of an application, or an access key where it has no name.
pub fn caller(glob: &str) -> When {
    When { caller: Some(TextCondition::glob(glob)), ..When::default() }
}

/// Calls of which this does not hold.
pub fn not(condition: When) -> When {
    When { not: vec![condition], ..When::default() }
}

/// Calls of which all of these hold.
pub fn all_of(conditions: impl IntoIterator<Item = When>) -> When {
    When { all: conditions.into_iter().collect(), ..When::default() }
}

/// Calls of which one of these holds.
pub fn any_of(conditions: impl IntoIterator<Item = When>) -> When {
    When { any: conditions.into_iter().collect(), ..When::default() }
}

/// Every call.
pub fn anything() -> When {
    When::default()
}

#[track_caller]
fn pattern(regex: &str) -> Pattern {
    Pattern::parse(regex).unwrap_or_else(|problem| panic!("{problem}"))
}

/// A rule in the making; it is in force once it is mounted.
#[must_use = "a rule is in force once it is mounted"]
#[derive(Debug)]
pub struct RuleBuilder {
    actor: Actor,
    rule: Rule,
}

impl RuleBuilder {
    pub(super) fn new(actor: Actor, when: When) -> Self {
        Self { actor, rule: Rule { when, ..Rule::default() } }
    }

    /// This must hold as well.
    pub fn and(mut self, condition: When) -> Self {
        self.rule.when = self.rule.when.and(condition);
        self
    }

    /// The reply; said again for a sequence. The last repeats.
    pub fn respond_with(mut self, reply: Reply) -> Self {
        self.rule.replies.push(reply);
        self
    }

    /// The next reply of the sequence.
    pub fn then(self, reply: Reply) -> Self {
        self.respond_with(reply)
    }

    /// The rule answers in this state of the session; said again for several. Sessions begin in `start`.
    pub fn in_state(mut self, state: &str) -> Self {
        self.rule.in_state.push(state.to_owned());
        self
    }

    /// The state of the session after an answer.
    pub fn to_state(mut self, state: &str) -> Self {
        self.rule.to_state = Some(state.to_owned());
        self
    }

    /// The rule is spent after answering this often; each session has its own count.
    pub fn up_to_n_times(mut self, times: u32) -> Self {
        self.rule.times = Some(times);
        self
    }

    /// The test fails unless the rule has answered exactly this often when the emulator is dropped.
    pub fn expect(mut self, times: u32) -> Self {
        self.rule.expect = Some(times);
        self
    }

    /// A call after the last reply is a miss.
    pub fn fail_when_exhausted(mut self) -> Self {
        self.rule.exhaust = Exhaust::Fail;
        self
    }

    /// After the last reply the first is given again.
    pub fn loop_when_exhausted(mut self) -> Self {
        self.rule.exhaust = Exhaust::Loop;
        self
    }

    pub fn named(mut self, name: &str) -> Self {
        self.rule.name = name.to_owned();
        self
    }

    /// Puts the rule in force, behind those that are.
    #[track_caller]
    pub fn mount(self) {
        self.actor.mount(self.rule).unwrap_or_else(|problem| panic!("{problem}"));
    }
}
