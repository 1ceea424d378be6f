//! What is told when the script was not followed: the message is the product.

use super::actor::Mounted;
use super::ledger::{Ledger, ModelCall};
use super::script::scene::quote;
use super::script::when::list;
use super::script::{Scene, Session};

/// How many calls a report shows.
const CALLS_SHOWN: usize = 20;
/// How many rules it shows with a call that none of them answered.
const RULES_SHOWN: usize = 20;

/// Why no rule answers a call: the nearest one, and what of it does not hold.
pub fn miss(scene: &Scene, rules: &[Mounted], session: &Session) -> String {
    let Some(nearest) = rules.iter().min_by_key(|mounted| distance(mounted, scene, session)) else {
        return format!(
            "rehearsal: the model has no script, so it has no answer to {}. Give it one with \
             `PUT /_rehearsal/script`, or in Rust with `emulator.bedrock().given(...)`.",
            asked(scene)
        );
    };
    format!(
        "rehearsal: no rule of the model's script fits {}. The nearest is {}, but {}",
        asked(scene),
        nearest.title,
        list(&nearest.mismatches(scene, session))
    )
}

/// First the share of its conditions that does not hold, in thousandths; then how many letters texts are off.
fn distance(mounted: &Mounted, scene: &Scene, session: &Session) -> (usize, usize) {
    let mismatches = mounted.mismatches(scene, session);
    let letters = mismatches.iter().map(|mismatch| mismatch.letters).sum();
    let own = usize::from(mounted.rule.times.is_some()) + usize::from(!mounted.rule.in_state.is_empty());
    let conditions = mounted.rule.when.conditions().len() + own;
    (mismatches.len() * 1000 / conditions.max(1), letters)
}

/// Why a rule that answers has nothing to say.
pub fn unsaid(scene: &Scene, title: &str, why: &str) -> String {
    format!("rehearsal: {title} fits {}, but its reply cannot be said: {why}", asked(scene))
}

/// Why a rule that fits does not answer.
pub fn exhausted(scene: &Scene, mounted: &Mounted) -> String {
    let count = mounted.rule.replies.len();
    format!(
        "rehearsal: {} fits {}, but its {} given, and it says `exhaust: fail`",
        mounted.title,
        asked(scene),
        if count == 1 { "one reply is".to_owned() } else { format!("{count} replies are") }
    )
}

/// Why the run has failed, if it has.
pub fn failure(rules: &[&Mounted], over_budget: &[String], ledger: &Ledger) -> Option<String> {
    let misses = ledger.misses();
    let unmet: Vec<&Mounted> = rules
        .iter()
        .copied()
        .filter(|mounted| mounted.rule.expect.is_some_and(|times| times != mounted.answered))
        .collect();
    if misses.is_empty() && unmet.is_empty() && over_budget.is_empty() {
        return None;
    }
    let followed = misses.is_empty() && unmet.is_empty();
    let mut text = if followed { String::new() } else { "the model's script was not followed\n".to_owned() };
    for over in over_budget {
        text.push_str(&format!("the budget is exceeded: {over}\n"));
    }
    for mounted in &unmet {
        let expected = mounted.rule.expect.unwrap_or_default();
        text.push_str(&format!(
            "\n{} was to answer {}, and answered {}\n    it answers when: {}\n",
            mounted.title,
            times(expected),
            times(mounted.answered),
            mounted.rule.when
        ));
    }
    for call in misses.iter().take(CALLS_SHOWN) {
        let why = call.miss.as_deref().unwrap_or_default();
        text.push_str(&format!("\ncall #{} was a miss\n    {why}\n", call.number));
    }
    text.push_str(&seen(rules, &unmet, ledger));
    Some(text)
}

/// Every call with its rule, and why the unmet rules did not answer it; of a miss, why no rule did.
fn seen(rules: &[&Mounted], unmet: &[&Mounted], ledger: &Ledger) -> String {
    let calls = ledger.calls();
    let total = ledger.calls_so_far();
    let mut text = match total {
        0 => "\nthe model was never called\n".to_owned(),
        1 => "\nthe model was called once:\n".to_owned(),
        _ => format!("\nthe model was called {total} times:\n"),
    };
    let hidden = calls.len().saturating_sub(CALLS_SHOWN);
    if hidden > 0 {
        text.push_str(&format!("  (the last {CALLS_SHOWN} of them)\n"));
    }
    for call in calls.iter().skip(hidden) {
        let by = call.rule.as_deref().unwrap_or("no rule");
        text.push_str(&format!("  #{} {} > {by}: {}\n", call.number, asked(&call.scene), call.outcome));
        let silent = if call.miss.is_some() { rules } else { unmet };
        let silent = silent.iter().filter(|mounted| call.rule.as_deref() != Some(&mounted.title));
        for mounted in silent.take(RULES_SHOWN) {
            text.push_str(&format!("      not {}: {}\n", mounted.title, why_not(mounted, call)));
        }
    }
    text
}

fn why_not(mounted: &Mounted, call: &ModelCall) -> String {
    match mounted.rule.when.mismatches(&call.scene) {
        mismatches if !mismatches.is_empty() => list(&mismatches),
        _ if call.rule.is_some() => "it fits, but another rule came first".to_owned(),
        _ => "it fits, but was spent, in another state or not there yet".to_owned(),
    }
}

fn asked(scene: &Scene) -> String {
    format!(
        "{} of `{}` (turn {}, last user text {})",
        scene.operation.name(),
        scene.model,
        scene.turn,
        quote(&scene.last_user)
    )
}

fn times(count: u32) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        _ => format!("{count} times"),
    }
}
