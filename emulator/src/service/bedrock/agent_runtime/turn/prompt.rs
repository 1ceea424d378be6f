//! What is said to the model: an agent's template, filled in.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-placeholders.html>

use serde_json::Value;

/// The system prompt that a template gives. A template of AWS's is a request in JSON, or a text.
pub fn system(template: &str, values: &[(&str, &str)]) -> String {
    let whole = serde_json::from_str::<Value>(template).ok();
    let system = whole.as_ref().and_then(|request| request.get("system")?.as_str());
    fill(system.unwrap_or(template), values).trim().to_owned()
}

/// Puts values in the place of `$name$`. What has no value stays.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        let name = after.split_once('$').map(|(name, _)| name);
        let known = name.and_then(|name| values.iter().find(|(known, _)| *known == name));
        match known {
            Some((name, value)) => {
                filled.push_str(value);
                rest = &after[name.len() + 1..];
            }
            None => {
                filled.push('$');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_a_request_or_a_text_and_its_names_are_replaced_once() {
        let values = [("instruction", "Sell $question$"), ("question", "tea?")];
        for (template, expected) in [
            ("$instruction$", "Sell $question$"),
            ("Be nice. $question$$question$\n", "Be nice. tea?tea?"),
            ("It costs $5. $unknown$ $question$", "It costs $5. $unknown$ tea?"),
            (r#"{"system":"You $instruction$!","messages":[]}"#, "You Sell $question$!"),
            (r#"{"messages":[]}"#, r#"{"messages":[]}"#),
            ("$", "$"),
        ] {
            assert_eq!(system(template, &values), expected, "{template}");
        }
    }
}
