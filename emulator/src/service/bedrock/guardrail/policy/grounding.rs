//! Whether an answer is grounded in its source and relevant to the question: found by a script alone.

use serde::{Deserialize, Serialize};

use super::sides::Action;
use super::{check_choice, check_count, repeated};
use crate::kernel::{ApiError, Violations};

/// AWS: "between 0 and 0.99".
const THRESHOLD_MAX: f64 = 0.99;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct GroundingPolicy {
    #[serde(rename(deserialize = "filtersConfig"))]
    pub filters: Option<Vec<GroundingFilter>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct GroundingFilter {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub threshold: Option<f64>,
    action: Option<String>,
    pub enabled: Option<bool>,
}

impl GroundingPolicy {
    pub fn check(&self, violations: &mut Violations, member: &str) {
        let at = format!("{member}.filtersConfig");
        violations.required(&at, &self.filters);
        check_count(violations, &at, self.filters.as_deref(), 1, usize::MAX);
        for (index, filter) in self.filters.iter().flatten().enumerate() {
            let at = |name: &str| format!("{at}.{}.member.{name}", index + 1);
            check_choice(violations, &at("type"), filter.kind.as_deref(), &["GROUNDING", "RELEVANCE"]);
            violations.required(at("threshold"), &filter.threshold);
            if let Some(threshold) = filter.threshold.filter(|threshold| *threshold < 0.0) {
                violations.add(threshold, at("threshold"), "have value greater than or equal to 0");
            }
            if let Some(action) = &filter.action {
                violations.one_of(at("action"), action, &["BLOCK", "NONE"]);
            }
        }
    }

    pub fn examine(&self) -> Result<(), ApiError> {
        let filters = || self.filters.iter().flatten();
        if let Some(kind) = repeated(filters().filter_map(|filter| filter.kind.as_deref())) {
            return Err(ApiError::validation(format!(
                "Contextual grounding filter types must be unique, but {kind} comes more than once."
            )));
        }
        if filters().filter_map(|filter| filter.threshold).any(|threshold| threshold > THRESHOLD_MAX) {
            return Err(ApiError::validation(format!(
                "Contextual grounding filter thresholds must be between 0 and {THRESHOLD_MAX}."
            )));
        }
        Ok(())
    }

    pub fn complete(&mut self) {
        for filter in self.filters.iter_mut().flatten() {
            filter.action.get_or_insert_with(|| "BLOCK".to_owned());
            filter.enabled.get_or_insert(true);
        }
    }

    pub fn of_type(&self, kind: &str) -> Option<&GroundingFilter> {
        self.filters.iter().flatten().find(|filter| filter.kind.as_deref() == Some(kind))
    }
}

impl GroundingFilter {
    pub fn action(&self) -> Action {
        self.action.as_deref().map_or(Action::Block, Action::parse)
    }
}
