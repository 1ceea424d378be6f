//! The setting `thinking`: of the native body, and of Converse's `additionalModelRequestFields`.
//!
//! A scripted model thinks where the script says so; what is wrong with the setting is told all the same.

use serde_json::Value;

const BUDGET_MIN: i64 = 1024;

/// `max_tokens` where it bounds the budget, and whether a tool must be used.
pub fn check(settings: &Value, max_tokens: Option<i64>, forced: bool) -> Result<(), String> {
    match settings.get("type").and_then(Value::as_str) {
        Some("disabled") => return Ok(()),
        Some("adaptive") => {}
        Some("enabled") => check_budget(settings.get("budget_tokens"), max_tokens)?,
        Some(other) => {
            return Err(format!(
                "thinking: Input tag '{other}' found using 'type' does not match any of the expected tags: 'adaptive', \
                 'disabled', 'enabled'"
            ));
        }
        None => return Err("thinking: Unable to extract tag using discriminator 'type'".to_owned()),
    }
    if forced {
        return Err("Thinking may not be enabled when tool_choice forces tool use.".to_owned());
    }
    Ok(())
}

fn check_budget(budget: Option<&Value>, max_tokens: Option<i64>) -> Result<(), String> {
    let Some(budget) = budget else { return Err("thinking.enabled.budget_tokens: Field required".to_owned()) };
    let Some(budget) = budget.as_i64() else {
        return Err("thinking.enabled.budget_tokens: Input should be a valid integer".to_owned());
    };
    if budget < BUDGET_MIN {
        return Err(format!("thinking.enabled.budget_tokens: Input should be greater than or equal to {BUDGET_MIN}"));
    }
    if max_tokens.is_some_and(|max_tokens| max_tokens <= budget) {
        return Err("`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at \
                    https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size"
            .to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_budget_is_at_least_1024_and_below_max_tokens() {
        for (settings, max_tokens, forced, expected) in [
            (json!({"type": "enabled", "budget_tokens": 1024}), Some(2000), false, ""),
            (json!({"type": "enabled", "budget_tokens": 5000}), None, false, ""),
            (json!({"type": "adaptive"}), Some(1), false, ""),
            (json!({"type": "disabled"}), Some(1), true, ""),
            (
                json!({"type": "enabled", "budget_tokens": 1000}),
                None,
                false,
                "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
            ),
            (
                json!({"type": "enabled", "budget_tokens": 2000}),
                Some(2000),
                false,
                "`max_tokens` must be greater than `thinking.budget_tokens`.",
            ),
            (json!({"type": "enabled"}), None, false, "thinking.enabled.budget_tokens: Field required"),
            (json!({"type": "adaptive"}), None, true, "Thinking may not be enabled when tool_choice forces tool use."),
            (json!({"type": "on"}), None, false, "thinking: Input tag 'on' found"),
            (json!(7), None, false, "thinking: Unable to extract tag"),
        ] {
            let found = check(&settings, max_tokens, forced).err().unwrap_or_default();
            assert!(found.starts_with(expected) && found.is_empty() == expected.is_empty(), "{settings}: {found}");
        }
    }
}
