//! What is wrong with a script though each of its parts can be read.

use super::template;
use super::{Reply, Rule, Script};

impl Script {
    /// The first problem, with the rule and the reply that have it.
    pub fn check(&self) -> Result<(), String> {
        if let Some(problem) = self.price.problem().or_else(|| self.budget.problem()) {
            return Err(problem);
        }
        self.problem().map_or(Ok(()), |(_, problem)| Err(problem))
    }

    /// The same with the rule's place in the script.
    pub fn problem(&self) -> Option<(usize, String)> {
        let mut rules = self.rules.iter().enumerate();
        rules.find_map(|(index, rule)| Some((index, rule.check(&rule.title(index)).err()?)))
    }
}

impl Rule {
    /// The rule's name, or its place in the script where it has none.
    pub fn title(&self, index: usize) -> String {
        if self.name.is_empty() { format!("rule {}", index + 1) } else { format!("rule `{}`", self.name) }
    }

    pub fn check(&self, title: &str) -> Result<(), String> {
        if self.replies.is_empty() {
            return Err(format!("{title} has no replies"));
        }
        let captures = self.when.capture_names();
        for (index, reply) in self.replies.iter().enumerate() {
            reply.check(&captures).map_err(|problem| format!("{title}, reply {}: {problem}", index + 1))?;
        }
        Ok(())
    }
}

impl Reply {
    fn check(&self, captures: &[String]) -> Result<(), String> {
        let has_text = self.text.is_some() || self.json.is_some();
        if self.text.is_some() && self.json.is_some() {
            return Err("`text` and `json` are two ways to say one thing: give one".to_owned());
        }
        match (self.speaks(), has_text || !self.tool_use.is_empty()) {
            (true, false) => return Err("nothing to say: give `text`, `json` or `tool_use`".to_owned()),
            (false, true) => return Err("the fault comes first: what the reply says is never said".to_owned()),
            _ => {}
        }
        if (self.truncate_json || self.prose_around) && !has_text {
            return Err("`truncate_json` and `prose_around` change a text: give `text` or `json`".to_owned());
        }
        for tool in &self.tool_use {
            check_tool(&tool.name, tool.id.as_deref())?;
            if !tool.input.is_object() {
                return Err(format!("the input of tool `{}` is no object", tool.name));
            }
        }
        for name in self.template_names() {
            if !captures.contains(&name) {
                return Err(format!("`m.{name}` is no group of the rule's `last_user: {{regex: ...}}`"));
            }
        }
        let counts = [self.usage.input_tokens, self.usage.output_tokens];
        if counts.into_iter().flatten().any(|count| i32::try_from(count).is_err()) {
            return Err(format!("token counts end at {}", i32::MAX));
        }
        Ok(())
    }

    fn template_names(&self) -> Vec<String> {
        let json = self.json.as_ref().map(ToString::to_string);
        let inputs = self.tool_use.iter().map(|tool| tool.input.to_string());
        let texts: Vec<String> = self.text.clone().into_iter().chain(json).chain(inputs).collect();
        texts.iter().flat_map(|text| template::names(text)).map(str::to_owned).collect()
    }
}

/// What SDKs and AWS hold of tool names and ids.
fn check_tool(name: &str, id: Option<&str>) -> Result<(), String> {
    let fits = |text: &str, also: &str| {
        (1..=64).contains(&text.len())
            && text.chars().all(|letter| letter.is_ascii_alphanumeric() || also.contains(letter))
    };
    if !fits(name, "_-") {
        return Err(format!("`{name}` is no name of a tool: 1 to 64 of letters, digits, `_` and `-`"));
    }
    match id {
        Some(id) if !fits(id, "_-.:") => {
            Err(format!("`{id}` is no id of a tool use: 1 to 64 of letters, digits and `_-.:`"))
        }
        _ => Ok(()),
    }
}
