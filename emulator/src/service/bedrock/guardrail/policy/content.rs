//! Filters of harmful content. Whether a text or an image is harmful is found by a script alone.

use serde::{Deserialize, Serialize};

use super::sides::{Sides, Source};
use super::{Tier, check_choice, check_count, repeated};
use crate::kernel::{ApiError, Violations};

const TYPES: &[&str] = &["SEXUAL", "VIOLENCE", "HATE", "INSULTS", "MISCONDUCT", "PROMPT_ATTACK"];
const STRENGTHS: &[&str] = &["NONE", "LOW", "MEDIUM", "HIGH"];

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct ContentPolicy {
    #[serde(rename(deserialize = "filtersConfig"))]
    pub filters: Option<Vec<Filter>>,
    #[serde(rename(deserialize = "tierConfig"))]
    pub tier: Option<Tier>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Filter {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    input_strength: Option<String>,
    output_strength: Option<String>,
    input_modalities: Option<Vec<String>>,
    output_modalities: Option<Vec<String>>,
    #[serde(flatten)]
    pub sides: Sides,
}

impl ContentPolicy {
    pub fn check(&self, violations: &mut Violations, member: &str) {
        let at = format!("{member}.filtersConfig");
        violations.required(&at, &self.filters);
        check_count(violations, &at, self.filters.as_deref(), 1, 6);
        for (index, filter) in self.filters.iter().flatten().enumerate() {
            filter.check(violations, &format!("{at}.{}.member", index + 1));
        }
        if let Some(tier) = &self.tier {
            tier.check(violations, &format!("{member}.tierConfig"));
        }
    }

    pub fn examine(&self) -> Result<(), ApiError> {
        let filters = || self.filters.iter().flatten();
        if let Some(kind) = repeated(filters().filter_map(|filter| filter.kind.as_deref())) {
            return Err(ApiError::validation(format!(
                "Content filter types must be unique, but {kind} comes more than once."
            )));
        }
        let is_attack = |filter: &&Filter| filter.kind.as_deref() == Some("PROMPT_ATTACK");
        if filters().filter(is_attack).any(|filter| filter.strength(Source::Output) != "NONE") {
            return Err(ApiError::validation("PROMPT_ATTACK content filter strength for response must be NONE."));
        }
        Ok(())
    }

    pub fn complete(&mut self) {
        self.tier.get_or_insert_with(Tier::classic);
        for filter in self.filters.iter_mut().flatten() {
            filter.sides.complete("BLOCK");
            for modalities in [&mut filter.input_modalities, &mut filter.output_modalities] {
                modalities.get_or_insert_with(|| vec!["TEXT".to_owned()]);
            }
        }
    }

    pub fn of_type(&self, kind: &str) -> Option<&Filter> {
        self.filters.iter().flatten().find(|filter| filter.kind.as_deref() == Some(kind))
    }

    /// Whether images are looked at, going that way.
    pub fn sees_images(&self, source: Source) -> bool {
        self.filters.iter().flatten().any(|filter| {
            let modalities = match source {
                Source::Input => &filter.input_modalities,
                Source::Output => &filter.output_modalities,
            };
            modalities.iter().flatten().any(|modality| modality == "IMAGE")
        })
    }
}

impl Filter {
    pub fn strength(&self, source: Source) -> &str {
        let strength = match source {
            Source::Input => &self.input_strength,
            Source::Output => &self.output_strength,
        };
        strength.as_deref().unwrap_or("NONE")
    }

    fn check(&self, violations: &mut Violations, member: &str) {
        let at = |name: &str| format!("{member}.{name}");
        check_choice(violations, &at("type"), self.kind.as_deref(), TYPES);
        check_choice(violations, &at("inputStrength"), self.input_strength.as_deref(), STRENGTHS);
        check_choice(violations, &at("outputStrength"), self.output_strength.as_deref(), STRENGTHS);
        for (name, modalities) in
            [("inputModalities", &self.input_modalities), ("outputModalities", &self.output_modalities)]
        {
            check_count(violations, &at(name), modalities.as_deref(), 1, 2);
            for (index, modality) in modalities.iter().flatten().enumerate() {
                violations.one_of(format!("{}.{}.member", at(name), index + 1), modality, &["TEXT", "IMAGE"]);
            }
        }
        self.sides.check(violations, member, &["BLOCK", "NONE"]);
    }
}
