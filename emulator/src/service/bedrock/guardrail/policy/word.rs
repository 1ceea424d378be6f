//! Words and phrases that must not come: the caller's own, and a managed list of profanity.

use serde::{Deserialize, Serialize};

use super::sides::Sides;
use super::{check_choice, check_count, check_text};
use crate::kernel::Violations;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct WordPolicy {
    #[serde(rename(deserialize = "wordsConfig"), skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<Word>>,
    #[serde(rename(deserialize = "managedWordListsConfig"), skip_serializing_if = "Option::is_none")]
    pub managed_word_lists: Option<Vec<ManagedWords>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Word {
    pub text: Option<String>,
    #[serde(flatten)]
    pub sides: Sides,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ManagedWords {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(flatten)]
    pub sides: Sides,
}

impl WordPolicy {
    pub fn check(&self, violations: &mut Violations, member: &str) {
        let at = format!("{member}.wordsConfig");
        check_count(violations, &at, self.words.as_deref(), 1, 10_000);
        for (index, word) in self.words.iter().flatten().enumerate() {
            let member = format!("{at}.{}.member", index + 1);
            check_text(violations, &format!("{member}.text"), word.text.as_deref(), 1, 100);
            word.sides.check(violations, &member, &["BLOCK", "NONE"]);
        }
        for (index, list) in self.managed_word_lists.iter().flatten().enumerate() {
            let member = format!("{member}.managedWordListsConfig.{}.member", index + 1);
            check_choice(violations, &format!("{member}.type"), list.kind.as_deref(), &["PROFANITY"]);
            list.sides.check(violations, &member, &["BLOCK", "NONE"]);
        }
    }

    pub fn complete(&mut self) {
        let words = self.words.iter_mut().flatten().map(|word| &mut word.sides);
        let lists = self.managed_word_lists.iter_mut().flatten().map(|list| &mut list.sides);
        words.chain(lists).for_each(|sides| sides.complete("BLOCK"));
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().flatten().next().is_none() && self.managed_word_lists.iter().flatten().next().is_none()
    }
}
