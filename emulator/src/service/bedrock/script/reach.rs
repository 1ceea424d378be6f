//! Rules that can never answer. Only what is certain is told: a rule that is merely doubtful passes.

use std::collections::BTreeSet;

use super::check::Problem;
use super::condition::{MessageCondition, ToolResultCondition};
use super::place::Step;
use super::scene::ModelOperation;
use super::text::{At, Pattern, TextCondition};
use super::when::{Field, When};
use super::{Exhaust, Reply, Rule, START};

/// What is wrong with a rule by itself: it contradicts itself, or a reply of it is never given.
pub fn of_itself(rule: &Rule) -> Result<(), Problem> {
    if rule.times == Some(0) {
        return Err(Problem::at("times", "with `times: 0` it never answers"));
    }
    contradiction(&rule.when).map_err(|problem| problem.within(&[Step::Key("when")]))?;
    let times = rule.times.map_or(usize::MAX, |times| times as usize);
    if times < rule.replies.len() && rule.exhaust != Exhaust::Loop {
        let why = format!("reply {} is never given: the rule is spent after {times}", times + 1);
        return Err(Problem::new(why).within(&[Step::Key("replies"), Step::Index(times)]));
    }
    if rule.to_state.is_some() && rule.in_state == rule.to_state.iter().cloned().collect::<Vec<_>>() {
        return Err(Problem::at("to_state", "the rule leads to the state it is in: leave `to_state` out"));
    }
    Ok(())
}

/// The first rule that no call can ever reach.
pub fn problem(rules: &[Rule]) -> Option<Problem> {
    let states = states(rules);
    for (index, rule) in rules.iter().enumerate() {
        let title = rule.title(index);
        let problem = |key, why: String| Some(Problem::at(key, why).within(&[Step::Index(index)]));
        if !rule.in_state.is_empty() && !rule.in_state.iter().any(|state| states.contains(state.as_str())) {
            let known: Vec<&str> = states.iter().copied().collect();
            let state = &rule.in_state[0];
            let meant = super::mistake::did_you_mean(state, &known);
            let why = format!("{title} can never answer: no rule leads to the state `{state}` from `{START}`{meant}");
            return problem("in_state", why);
        }
        if let Some(why) = shadowed(&rules[..index], rule, &title) {
            return problem(if rule.name.is_empty() { "when" } else { "name" }, why);
        }
    }
    None
}

impl Rule {
    /// Why it would never answer behind these.
    pub fn shadowed_by(&self, earlier: &[Rule], title: &str) -> Option<String> {
        shadowed(earlier, self, title)
    }
}

/// Why a rule never gets a call, if an earlier one takes them all.
fn shadowed(earlier: &[Rule], rule: &Rule, title: &str) -> Option<String> {
    let (before, by) = earlier.iter().enumerate().find(|(_, by)| takes_all_of(by, rule))?;
    let always = if by.when == When::default() { "fits every call" } else { "fits every call that this one fits" };
    Some(format!(
        "{title} can never answer: {} comes before it, {always} ({}), and is never spent",
        by.title(before),
        by.when
    ))
}

fn takes_all_of(earlier: &Rule, later: &Rule) -> bool {
    let of_state = |state: &String| earlier.in_state.contains(state);
    let in_state = earlier.in_state.is_empty() || (!later.in_state.is_empty() && later.in_state.iter().all(of_state));
    earlier.times.is_none() && in_state && covers(&earlier.when, &later.when) && takes_all_vectors_of(earlier, later)
}

/// A call for vectors passes by every rule that neither gives some nor fails.
fn takes_all_vectors_of(earlier: &Rule, later: &Rule) -> bool {
    let has_a_say = |reply: &Reply| reply.embedding.is_some() || !reply.speaks();
    let op = &later.when.op;
    let may_be_asked = op.is_empty() || op.contains(&ModelOperation::InvokeModel);
    !may_be_asked || !later.replies.iter().any(has_a_say) || earlier.replies.iter().all(has_a_say)
}

/// The states that rules lead to, from the first on.
fn states(rules: &[Rule]) -> BTreeSet<&str> {
    let mut states = BTreeSet::from([START]);
    loop {
        let answers = |rule: &&Rule| {
            rule.in_state.is_empty() || rule.in_state.iter().any(|state| states.contains(state.as_str()))
        };
        let led: Vec<&str> = rules.iter().filter(answers).filter_map(|rule| rule.to_state.as_deref()).collect();
        let before = states.len();
        states.extend(led);
        if states.len() == before {
            return states;
        }
    }
}

/// Whether every call that `narrow` fits is certain to fit `wide`.
fn covers(wide: &When, narrow: &When) -> bool {
    // Only a rule that names it speaks of what a guardrail finds.
    let of_guardrail = narrow.op.contains(&ModelOperation::ApplyGuardrail);
    let op = (wide.op.is_empty() && !of_guardrail)
        || (!narrow.op.is_empty() && narrow.op.iter().all(|op| wide.op.contains(op)));
    let texts = Field::ALL.into_iter().all(|field| match (field.condition(wide), field.condition(narrow)) {
        (None, _) => true,
        (Some(wide), None) => is_anything(wide),
        (Some(wide), Some(narrow)) => covers_text(wide, narrow),
    });
    let all_in = |wide: &[MessageCondition], narrow: &[MessageCondition]| {
        let covers = |wide: &MessageCondition, narrow: &MessageCondition| {
            (wide.role.is_none() || wide.role == narrow.role) && covers_text(&wide.text, &narrow.text)
        };
        wide.iter().all(|wide| narrow.iter().any(|narrow| covers(wide, narrow)))
    };
    let results_in = |wide: &[ToolResultCondition], narrow: &[ToolResultCondition]| {
        let covers = |wide: &ToolResultCondition, narrow: &ToolResultCondition| {
            (wide.tool.is_none() || wide.tool == narrow.tool)
                && (wide.is_error.is_none() || wide.is_error == narrow.is_error)
                && covers_text(&wide.text, &narrow.text)
        };
        wide.iter().all(|wide| narrow.iter().any(|narrow| covers(wide, narrow)))
    };
    op && texts
        && all_in(&wide.any_message, &narrow.any_message)
        && wide.tools.iter().all(|tool| narrow.tools.contains(tool))
        && results_in(&wide.tool_result, &narrow.tool_result)
        && (wide.turn.is_none() || wide.turn == narrow.turn)
        && wide.not.iter().all(|not| narrow.not.contains(not))
        && wide.all.iter().all(|each| narrow.all.contains(each) || covers(each, narrow))
        && (wide.any.is_empty() || wide.any == narrow.any || wide.any.iter().any(|one| covers(one, narrow)))
}

fn is_anything(condition: &TextCondition) -> bool {
    covers_text(condition, &TextCondition::default())
}

fn covers_text(wide: &TextCondition, narrow: &TextCondition) -> bool {
    // What is known to the letter can be asked.
    if let Some(equals) = &narrow.equals {
        return wide.holds(equals);
    }
    let contained = |part: &String| narrow.contains.iter().any(|there| there.contains(part.as_str()));
    let glob = wide.glob.as_ref().is_none_or(|glob| {
        glob.chars().all(|letter| letter == '*') && !glob.is_empty() || Some(glob) == narrow.glob.as_ref()
    });
    wide.contains.iter().all(contained)
        && wide.equals.is_none()
        && (wide.regex.is_none() || wide.regex == narrow.regex)
        && glob
        && wide.json.0.iter().all(|place| narrow.json.0.contains(place))
        && wide.not.iter().all(|not| narrow.not.contains(not))
        && wide.all.iter().all(|each| narrow.all.contains(each) || covers_text(each, narrow))
        && (wide.any.is_empty() || wide.any == narrow.any || wide.any.iter().any(|one| covers_text(one, narrow)))
}

/// A condition that no call fulfils.
fn contradiction(when: &When) -> Result<(), Problem> {
    for field in Field::ALL {
        if let Some(condition) = field.condition(when) {
            text_contradiction(condition).map_err(|problem| problem.within(&[Step::Key(field.name())]))?;
        }
    }
    for (index, message) in when.any_message.iter().enumerate() {
        let within = [Step::Key("any_message"), Step::Index(index)];
        text_contradiction(&message.text).map_err(|problem| problem.within(&within))?;
    }
    for (index, result) in when.tool_result.iter().enumerate() {
        let within = [Step::Key("tool_result"), Step::Index(index)];
        text_contradiction(&result.text).map_err(|problem| problem.within(&within))?;
    }
    let without = When { not: Vec::new(), ..when.clone() };
    for (index, not) in when.not.iter().enumerate() {
        if covers(not, &without) {
            let why = format!("no call fits: `not` excludes everything that the rest asks for ({not})");
            return Err(Problem::new(why).within(&[Step::Key("not"), Step::Index(index)]));
        }
    }
    for (index, each) in when.all.iter().enumerate() {
        let within = [Step::Key("all"), Step::Index(index)];
        contradiction(each).map_err(|problem| problem.within(&within))?;
        apart(when, each).map_err(|problem| problem.within(&within))?;
    }
    for (index, one) in when.any.iter().enumerate() {
        contradiction(one).map_err(|problem| problem.within(&[Step::Key("any"), Step::Index(index)]))?;
    }
    Ok(())
}

/// Two conditions of which only one can hold.
fn apart(one: &When, other: &When) -> Result<(), Problem> {
    if let (Some(one), Some(other)) = (one.turn, other.turn)
        && one != other
    {
        return Err(Problem::at("turn", format!("no call fits: its turn cannot be {one} and {other}")));
    }
    let shared = |op: &ModelOperation| other.op.contains(op);
    if !one.op.is_empty() && !other.op.is_empty() && !one.op.iter().any(shared) {
        return Err(Problem::at("op", "no call fits: these operations are none of the others"));
    }
    Ok(())
}

fn text_contradiction(condition: &TextCondition) -> Result<(), Problem> {
    if let Some(equals) = &condition.equals {
        let rest = TextCondition { equals: None, ..condition.clone() };
        if let Some(unmet) = rest.unmet(equals) {
            let why = format!("no text fits: `equals` says one that is not {}", unmet.expected);
            return Err(Problem::at("equals", why));
        }
    }
    if let (Some(glob), true) = (&condition.glob, condition.equals.is_none())
        && !glob.contains(['*', '?'])
    {
        let rest = TextCondition { glob: None, ..condition.clone() };
        if let Some(unmet) = rest.unmet(glob) {
            let why = format!("no text fits: `glob` without `*` says one that is not {}", unmet.expected);
            return Err(Problem::at("glob", why));
        }
    }
    if let Some(Pattern(regex)) = &condition.regex
        && !can_match(regex.as_str())
    {
        return Err(Problem::at("regex", format!("no text fits: nothing matches `{regex}`")));
    }
    let without = TextCondition { not: Vec::new(), ..condition.clone() };
    for (index, not) in condition.not.iter().enumerate() {
        if covers_text(not, &without) {
            let why = format!("no text fits: `not` excludes everything that the rest asks for ({not})");
            return Err(Problem::new(why).within(&[Step::Key("not"), Step::Index(index)]));
        }
    }
    for (_, at) in &condition.json.0 {
        if let At::Text(condition) = at {
            text_contradiction(condition).map_err(|problem| problem.within(&[Step::Key("json")]))?;
        }
    }
    for (index, each) in condition.all.iter().enumerate() {
        text_contradiction(each).map_err(|problem| problem.within(&[Step::Key("all"), Step::Index(index)]))?;
    }
    for (index, one) in condition.any.iter().enumerate() {
        text_contradiction(one).map_err(|problem| problem.within(&[Step::Key("any"), Step::Index(index)]))?;
    }
    Ok(())
}

/// Patterns with letters before the beginning or behind the end: the usual ways to match nothing.
fn can_match(pattern: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || letter == ' ' || letter == '_';
    let is_multiline = pattern.starts_with("(?") && !pattern.starts_with("(?i)");
    let behind_end = pattern.split_once('$').is_some_and(|(before, after)| {
        !before.ends_with('\\') && after.starts_with(plain) && !before.contains(['[', '(', '|']) && !after.contains('|')
    });
    let before_beginning = pattern.split_once('^').is_some_and(|(before, after)| {
        before.ends_with(plain) && !before.contains(['[', '(', '|', '\\', '*', '?', '{']) && !after.contains('|')
    });
    is_multiline || !(behind_end || before_beginning) || is_optional(pattern)
}

/// Where a quantifier may take back the letter that seems to stand there.
fn is_optional(pattern: &str) -> bool {
    pattern.contains(['?', '*', '{'])
}

#[cfg(test)]
mod tests {
    use crate::service::bedrock::script::Script;

    /// Rules without replies, and what is said of them.
    fn check(rules: &[&str], expected: &str) {
        let with_replies = rules.iter().map(|rule| match rule.contains("replies") {
            true => format!("- {{{rule}}}\n"),
            false => format!("- {{{rule}, replies: [text: a]}}\n").replace("{,", "{"),
        });
        let yaml: String = with_replies.collect();
        match (Script::from_yaml(&yaml), expected) {
            (Ok(_), "") => {}
            (Err(complaint), expected) if !expected.is_empty() => {
                assert!(complaint.contains(expected), "{yaml}\n{complaint}\nlacks {expected}");
            }
            (found, _) => panic!("{yaml}\n{:?}\nis not {expected:?}", found.map(|_| "fine")),
        }
    }

    #[test]
    fn a_rule_behind_a_more_general_one_is_told() {
        let never = "2:";
        for (first, second, expected) in [
            (
                "name: a",
                "name: b, when: {turn: 0}",
                "rule `b` can never answer: rule `a` comes before it, fits every call",
            ),
            ("name: a", "name: b", never),
            ("times: 1", "name: b", ""),
            ("exhaust: fail", "name: b", never),
            ("when: {turn: 0}", "when: {turn: 0, op: Converse}", never),
            ("when: {turn: 0}", "when: {turn: 1}", ""),
            ("when: {op: [Converse, InvokeModel]}", "when: {op: Converse}", never),
            ("when: {op: Converse}", "when: {op: [Converse, InvokeModel]}", ""),
            ("when: {last_user: {contains: a}}", "when: {last_user: {contains: [xay, z]}}", never),
            ("when: {last_user: {contains: a}}", "when: {last_user: {contains: b}}", ""),
            ("when: {last_user: {contains: a}}", "when: {last_user: {equals: banana}}", never),
            ("when: {last_user: {contains: a}}", "when: {system: {contains: a}}", ""),
            ("when: {model: '*'}", "name: b", never),
            ("when: {model: '*sonnet*'}", "when: {model: '*sonnet*', turn: 1}", never),
            ("when: {model: '*sonnet*'}", "when: {model: '*sonnet-4*'}", ""),
            ("when: {last_user: {regex: 'a+'}}", "when: {last_user: {regex: 'a+', contains: b}}", never),
            ("when: {last_user: {regex: 'a+'}}", "when: {last_user: {regex: 'aa+'}}", ""),
            ("when: {not: {turn: 0}}", "when: {not: {turn: 0}, op: Converse}", never),
            ("when: {not: {turn: 0}}", "when: {turn: 1}", ""),
            ("when: {any: [{turn: 0}, {turn: 1}]}", "when: {turn: 1}", never),
            ("when: {any: [{turn: 0}, {turn: 1}]}", "when: {turn: 2}", ""),
            ("when: {all: [{turn: 0}]}", "when: {turn: 0}", never),
            ("when: {tools: [a]}", "when: {tools: [a, b]}", never),
            ("when: {tools: [a, b]}", "when: {tools: [a]}", ""),
            ("when: {tool_result: {tool: a}}", "when: {tool_result: {tool: a, is_error: true}}", never),
            ("when: {tool_result: {is_error: true}}", "when: {tool_result: {tool: a}}", ""),
            ("when: {any_message: {contains: a}}", "when: {any_message: {role: user, contains: aa}}", never),
            ("when: {last_user: {json: {'$.a': 1}}}", "when: {last_user: {json: {'$.a': 1, '$.b': 2}}}", never),
            ("in_state: start, to_state: paid", "name: b", ""),
            ("name: a", "in_state: start", never),
            ("name: a", "when: {op: ApplyGuardrail}", ""),
            ("when: {op: ApplyGuardrail}", "when: {op: ApplyGuardrail}", never),
            ("name: a", "when: {model: 'amazon.titan-embed*'}, replies: [{embedding: [1]}]", ""),
            ("name: a", "when: {op: Converse}, replies: [{fault: {hang: true}}]", never),
        ] {
            check(&[first, second], expected);
        }
    }

    #[test]
    fn a_rule_that_no_call_fits_is_told() {
        for (rule, expected) in [
            ("times: 0", "never answers"),
            ("when: {last_user: {equals: refund, contains: x}}", "`equals` says one that is not a text containing `x`"),
            ("when: {last_user: {equals: refund, regex: '^x'}}", "1:23"),
            ("when: {last_user: {equals: refund, regex: '^r'}}", ""),
            ("when: {model: {glob: haiku, contains: sonnet}}", "`glob` without `*`"),
            ("when: {last_user: {regex: 'a$b'}}", "nothing matches"),
            ("when: {last_user: {regex: 'a^b'}}", "nothing matches"),
            ("when: {last_user: {regex: '[$a]^?'}}", ""),
            ("when: {last_user: {regex: 'a?^b'}}", ""),
            ("when: {last_user: {regex: '\\$a'}}", ""),
            ("when: {turn: 0, not: {turn: 0}}", "`not` excludes"),
            ("when: {turn: 0, not: {}}", "`not` excludes"),
            ("when: {turn: 0, not: {turn: 1}}", ""),
            ("when: {last_user: {contains: ab, not: {contains: a}}}", "`not` excludes"),
            ("when: {turn: 0, all: [{turn: 1}]}", "its turn cannot be 0 and 1"),
            ("when: {op: Converse, all: [{op: InvokeModel}]}", "none of the others"),
            ("in_state: paid", "no rule leads to the state `paid` from `start`"),
            ("in_state: strat", "did you mean `start`?"),
            ("in_state: start, to_state: start", "leave `to_state` out"),
            ("times: 1, replies: [text: a, text: b]", "reply 2 is never given"),
            ("times: 2, replies: [text: a, text: b]", ""),
        ] {
            check(&[rule], expected);
        }
        check(&["in_state: start, to_state: a", "in_state: a, to_state: b", "in_state: b"], "");
        check(&["in_state: start, to_state: a", "in_state: c, to_state: b", "in_state: b, to_state: c"], "state `c`");
    }
}
