//! The script in Rust: conditions and rules for a test, in the words of the YAML.
//!
//! ```text
//! emulator.bedrock().given(model("*sonnet*")).and(prompt_contains("refund"))
//!     .respond_with(Reply::text("approved").first_token_after(secs(2))).up_to_n_times(1).expect(1).named("refund").mount();
//! ```
//!
//! A mistake in a rule is a mistake in the test: it panics with its place.

use super::actor::Actor;
use super::script::when::{Pattern, TextCondition};
use super::script::{Exhaust, ModelOperation, Reply, Rule, When};

/// Calls to models whose id fits a glob.
pub fn model(glob: &str) -> When {
    When { model: Some(glob.to_owned()), ..When::default() }
}

/// Calls whose last user text contains this.
pub fn prompt_contains(text: &str) -> When {
    When { last_user: Some(containing(text)), ..When::default() }
}

/// Calls whose last user text matches; groups are `{{m.NAME}}` in replies.
#[track_caller]
pub fn prompt_matches(regex: &str) -> When {
    let regex = Pattern::parse(regex).unwrap_or_else(|problem| panic!("{problem}"));
    When { last_user: Some(TextCondition { regex: Some(regex), ..TextCondition::default() }), ..When::default() }
}

/// Calls whose system text contains this.
pub fn system_contains(text: &str) -> When {
    When { system: Some(containing(text)), ..When::default() }
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

/// Every call.
pub fn anything() -> When {
    When::default()
}

fn containing(text: &str) -> TextCondition {
    TextCondition { contains: vec![text.to_owned()], ..TextCondition::default() }
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
        let rule = Rule {
            name: String::new(),
            when,
            times: None,
            expect: None,
            replies: Vec::new(),
            exhaust: Exhaust::Repeat,
        };
        Self { actor, rule }
    }

    /// This must hold as well. Panics where a rule can have one of a kind only, and has it.
    #[track_caller]
    pub fn and(mut self, condition: When) -> Self {
        let When { op, model, last_user, system, tools, turn } = condition;
        let when = &mut self.rule.when;
        when.op.extend(op);
        when.tools.extend(tools);
        join_text("last_user", &mut when.last_user, last_user);
        join_text("system", &mut when.system, system);
        once("model", &mut when.model, model);
        once("turn", &mut when.turn, turn);
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

    /// The rule is spent after answering this often.
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

#[track_caller]
fn join_text(name: &str, there: &mut Option<TextCondition>, more: Option<TextCondition>) {
    let Some(TextCondition { contains, regex }) = more else { return };
    let there = there.get_or_insert_default();
    there.contains.extend(contains);
    once(name, &mut there.regex, regex);
}

#[track_caller]
fn once<T>(name: &str, there: &mut Option<T>, more: Option<T>) {
    let Some(more) = more else { return };
    assert!(there.replace(more).is_none(), "the rule has two conditions on `{name}`; it can have one");
}
