//! Sensitive information: personal data by its type, and whatever a regular expression describes.

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::sides::Sides;
use super::{check_choice, check_count, check_text, repeated};
use crate::kernel::{ApiError, Violations};

const ACTIONS: &[&str] = &["BLOCK", "ANONYMIZE", "NONE"];
const TYPES: &[&str] = &[
    "ADDRESS",
    "AGE",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "CA_HEALTH_NUMBER",
    "CA_SOCIAL_INSURANCE_NUMBER",
    "CREDIT_DEBIT_CARD_CVV",
    "CREDIT_DEBIT_CARD_EXPIRY",
    "CREDIT_DEBIT_CARD_NUMBER",
    "DRIVER_ID",
    "EMAIL",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "IP_ADDRESS",
    "LICENSE_PLATE",
    "MAC_ADDRESS",
    "NAME",
    "PASSWORD",
    "PHONE",
    "PIN",
    "SWIFT_CODE",
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
    "UK_NATIONAL_INSURANCE_NUMBER",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
    "URL",
    "USERNAME",
    "US_BANK_ACCOUNT_NUMBER",
    "US_BANK_ROUTING_NUMBER",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
    "US_PASSPORT_NUMBER",
    "US_SOCIAL_SECURITY_NUMBER",
    "VEHICLE_IDENTIFICATION_NUMBER",
];

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct SensitiveInformationPolicy {
    #[serde(rename(deserialize = "piiEntitiesConfig"), skip_serializing_if = "Option::is_none")]
    pub pii_entities: Option<Vec<PiiEntity>>,
    #[serde(rename(deserialize = "regexesConfig"), skip_serializing_if = "Option::is_none")]
    pub regexes: Option<Vec<RegexFilter>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PiiEntity {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    action: Option<String>,
    #[serde(flatten)]
    pub sides: Sides,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RegexFilter {
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    pub pattern: Option<String>,
    action: Option<String>,
    #[serde(flatten)]
    pub sides: Sides,
}

impl SensitiveInformationPolicy {
    pub fn check(&self, violations: &mut Violations, member: &str) {
        let at = format!("{member}.piiEntitiesConfig");
        check_count(violations, &at, self.pii_entities.as_deref(), 1, usize::MAX);
        for (index, entity) in self.pii_entities.iter().flatten().enumerate() {
            let member = format!("{at}.{}.member", index + 1);
            check_choice(violations, &format!("{member}.type"), entity.kind.as_deref(), TYPES);
            check_choice(violations, &format!("{member}.action"), entity.action.as_deref(), ACTIONS);
            entity.sides.check(violations, &member, ACTIONS);
        }
        let at = format!("{member}.regexesConfig");
        check_count(violations, &at, self.regexes.as_deref(), 1, 10);
        for (index, regex) in self.regexes.iter().flatten().enumerate() {
            let member = format!("{at}.{}.member", index + 1);
            check_text(violations, &format!("{member}.name"), regex.name.as_deref(), 1, 100);
            if let Some(description) = &regex.description {
                violations.length(format!("{member}.description"), description, 1, 1000);
            }
            check_text(violations, &format!("{member}.pattern"), regex.pattern.as_deref(), 1, 500);
            check_choice(violations, &format!("{member}.action"), regex.action.as_deref(), ACTIONS);
            regex.sides.check(violations, &member, ACTIONS);
        }
    }

    pub fn examine(&self) -> Result<(), ApiError> {
        let kinds = self.pii_entities.iter().flatten().filter_map(|entity| entity.kind.as_deref());
        if let Some(kind) = repeated(kinds) {
            return Err(ApiError::validation(format!("PII types must be unique, but {kind} comes more than once.")));
        }
        let names = self.regexes.iter().flatten().filter_map(|regex| regex.name.as_deref());
        if let Some(name) = repeated(names) {
            return Err(ApiError::validation(format!("Regex names must be unique, but {name} comes more than once.")));
        }
        for regex in self.regexes.iter().flatten() {
            // AWS, too, knows no look-around.
            let pattern = regex.pattern.as_deref().unwrap_or_default();
            if Regex::new(pattern).is_err() {
                let name = regex.name.as_deref().unwrap_or_default();
                return Err(ApiError::validation(format!("The pattern of the regex {name} is invalid.")));
            }
        }
        Ok(())
    }

    pub fn complete(&mut self) {
        for PiiEntity { action, sides, .. } in self.pii_entities.iter_mut().flatten() {
            sides.complete(action.as_deref().unwrap_or("BLOCK"));
        }
        for RegexFilter { action, sides, .. } in self.regexes.iter_mut().flatten() {
            sides.complete(action.as_deref().unwrap_or("BLOCK"));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.pii_entities.iter().flatten().next().is_none() && self.regexes.iter().flatten().next().is_none()
    }
}
