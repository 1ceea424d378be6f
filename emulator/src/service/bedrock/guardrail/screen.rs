//! What of a guardrail acts by itself, made ready to act: its phrases and its regular expressions.

use regex::Regex;

use super::matching::phrases::Phrases;
use super::policy::Policies;

#[derive(Debug, Default)]
pub struct Screen {
    /// In the order of the policy's words.
    pub words: Phrases,
    /// In the order of the policy's regexes.
    pub regexes: Vec<Regex>,
}

impl Screen {
    /// The policies were examined: each pattern is a regular expression.
    pub fn new(policies: &Policies) -> Self {
        let words = policies.word_policy.iter().flat_map(|policy| policy.words.iter().flatten());
        let words = words.map(|word| word.text.as_deref().unwrap_or_default());
        let regexes = policies.sensitive_information_policy.iter().flat_map(|policy| policy.regexes.iter().flatten());
        let regexes = regexes.filter_map(|regex| Regex::new(regex.pattern.as_deref()?).ok());
        Self { words: Phrases::new(words), regexes: regexes.collect() }
    }
}
