//! Questions about the use of the model, answered by its ledger.

use rehearsal_emulator::service::bedrock::script::scene::quote;
use serde_json::Value;

use super::stage::Stage;
use crate::scenario::model_question::{ModelQuestion, Prompts};

/// How many calls a complaint lists.
const LISTED: usize = 20;

pub async fn ask(stage: &Stage, question: &ModelQuestion) -> Result<(), String> {
    match question {
        ModelQuestion::Spent(name, expected) => {
            let spending = stage.model_spending().await?;
            let amount = spending.get(*name).and_then(Value::as_f64).unwrap_or_default();
            if expected.holds(amount) {
                return Ok(());
            }
            let what = name.replace('_', " ");
            Err(format!("the model's {what}: {amount}, expected {expected}{}", listed(&stage.model_calls().await?)))
        }
        ModelQuestion::Prompts(prompts) => said(&stage.model_calls().await?, prompts),
    }
}

fn said(calls: &[Value], prompts: &Prompts) -> Result<(), String> {
    let says = |call: &&Value| texts(call).iter().any(|text| prompts.text.unmet(text).is_none());
    let count = calls.iter().filter(says).count();
    if prompts.times.holds(count as f64) {
        return Ok(());
    }
    let expected = &prompts.times;
    Err(format!("{count} prompts of the model match, expected {expected}{}", listed(calls)))
}

/// Everything that was said to the model in a call.
fn texts(call: &Value) -> Vec<&str> {
    let messages = call.get("messages").and_then(Value::as_array).into_iter().flatten();
    let messages = messages.filter_map(|message| message.get("text")?.as_str());
    let results = call.get("tool_results").and_then(Value::as_array).into_iter().flatten();
    let results = results.filter_map(|result| result.get("text")?.as_str());
    let own = ["system", "last_user"].map(|name| call.get(name).and_then(Value::as_str));
    own.into_iter().flatten().chain(messages).chain(results).collect()
}

/// One line a call, the last ones.
fn listed(calls: &[Value]) -> String {
    let text_of = |call: &Value, name: &str| {
        call.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let line = |call: &Value| {
        let part = |name| text_of(call, name).unwrap_or_default();
        let prompt = quote(&part("last_user"));
        format!(
            "\n    #{} {} attempt {} by {}: {} ({prompt})",
            part("number"),
            part("operation"),
            part("attempt"),
            part("rule"),
            part("outcome")
        )
    };
    let hidden = calls.len().saturating_sub(LISTED);
    let before = if hidden > 0 { format!("\n    ({hidden} before)") } else { String::new() };
    calls.iter().skip(hidden).map(line).fold(before, |all, line| all + &line)
}
