//! The names and values that a request defines for its expressions, and which of them were used.

use std::collections::{BTreeMap, BTreeSet};

use super::ExpressionError;
use crate::service::dynamodb::value::AttributeValue;

/// `ExpressionAttributeNames` and `ExpressionAttributeValues` of one request.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    names: BTreeMap<String, String>,
    values: BTreeMap<String, AttributeValue>,
    used_names: BTreeSet<String>,
    used_values: BTreeSet<String>,
}

impl Symbols {
    pub fn new(names: BTreeMap<String, String>, values: BTreeMap<String, AttributeValue>) -> Self {
        Self { names, values, used_names: BTreeSet::new(), used_values: BTreeSet::new() }
    }

    /// The attribute that `#placeholder` stands for.
    pub fn name(&mut self, placeholder: &str) -> Option<String> {
        let name = self.names.get(placeholder)?;
        self.used_names.insert(placeholder.to_owned());
        Some(name.clone())
    }

    /// What `:placeholder` stands for.
    pub fn value(&mut self, placeholder: &str) -> Option<AttributeValue> {
        let value = self.values.get(placeholder)?;
        self.used_values.insert(placeholder.to_owned());
        Some(value.clone())
    }

    /// AWS refuses names and values that no expression uses.
    pub fn check_all_used(&self) -> Result<(), ExpressionError> {
        check_used("Names", self.names.keys(), &self.used_names)?;
        check_used("Values", self.values.keys(), &self.used_values)
    }
}

fn check_used<'a>(
    what: &str,
    defined: impl Iterator<Item = &'a String>,
    used: &BTreeSet<String>,
) -> Result<(), ExpressionError> {
    let unused: Vec<&str> = defined.filter(|key| !used.contains(*key)).map(String::as_str).collect();
    if unused.is_empty() {
        return Ok(());
    }
    let keys = unused.join(", ");
    Err(ExpressionError(format!("Value provided in ExpressionAttribute{what} unused in expressions: keys: {{{keys}}}")))
}
