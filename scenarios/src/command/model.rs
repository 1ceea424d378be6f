//! `rehearsal model`: what the scripted model of a running emulator was used for.

use clap::{Args, Subcommand};
use http::Method;
use rehearsal_emulator::service::bedrock::Usd;
use rehearsal_emulator::service::bedrock::script::scene::quote;
use serde_json::Value;

use super::control::Server;
use super::{Outcome, print};

#[derive(Args)]
pub struct Model {
    #[command(subcommand)]
    act: ModelAct,
    /// Only this account.
    #[arg(long, global = true)]
    account: Option<String>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    server: Server,
}

#[derive(Subcommand)]
enum ModelAct {
    /// List every attempt that reached the model: the rule that answered, tokens, cost, how far the answer came.
    Calls,
    /// Print calls, attempts, tokens and cost in sum.
    Spending,
}

impl Model {
    pub fn run(&self) -> Outcome {
        match &self.act {
            ModelAct::Calls => {
                let calls = self.server.ask(Method::GET, "model/calls", "")?;
                let ours =
                    |call: &&Value| self.account.as_deref().is_none_or(|account| text(call, "account") == account);
                let calls: Vec<&Value> = calls.as_array().into_iter().flatten().filter(ours).collect();
                print(
                    &calls
                        .into_iter()
                        .map(|call| if self.json { format!("{call}\n") } else { line(call) })
                        .collect::<String>(),
                )
            }
            ModelAct::Spending => {
                let whose = self.account.as_ref().map_or_else(String::new, |account| format!("?account={account}"));
                let spent = self.server.ask(Method::GET, &format!("model/spending{whose}"), "")?;
                print(&if self.json { format!("{spent}\n") } else { summary(&spent) })
            }
        }
    }
}

fn line(call: &Value) -> String {
    let rule = text(call, "rule");
    let rule = if rule.is_empty() { "no rule".to_owned() } else { rule };
    let cost = number(call, "cost").map_or_else(String::new, |cost| format!("  {}", Usd(cost)));
    let left = if call.get("left").is_some_and(|left| !left.is_null()) { "  the caller left" } else { "" };
    format!(
        "#{} {} {}  attempt {}  {}  {rule}: {}  {} in, {} out{cost}  {} frames{left}\n",
        text(call, "number"),
        text(call, "operation"),
        text(call, "model"),
        text(call, "attempt"),
        quote(&text(call, "last_user")),
        text(call, "outcome"),
        text(call, "input_tokens"),
        text(call, "output_tokens"),
        text(call, "frames_sent"),
    )
}

fn summary(spent: &Value) -> String {
    let unpriced = match number(spent, "unpriced") {
        Some(count) if count > 0.0 => format!(" (and {count} answers of models without a price)"),
        _ => String::new(),
    };
    format!(
        "{} calls in {} attempts\n{} input tokens, {} output tokens\n{}{unpriced}\n",
        text(spent, "calls"),
        text(spent, "attempts"),
        text(spent, "input_tokens"),
        text(spent, "output_tokens"),
        Usd(number(spent, "cost").unwrap_or_default()),
    )
}

fn number(value: &Value, name: &str) -> Option<f64> {
    value.get(name)?.as_f64()
}

fn text(value: &Value, name: &str) -> String {
    match value.get(name) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}
