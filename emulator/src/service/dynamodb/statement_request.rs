//! What the three PartiQL operations have in common: a statement with its parameters, read and checked.

use super::attribute_json::Given;
use super::partiql::binding::Request;
use super::partiql::{self, statement};
use super::table_name;
use super::value::{AttributeValue, Item, check_nesting};
use crate::kernel::{ApiError, Violations};

const STATEMENT_CHARACTERS_MAX: usize = 8192;

/// Checks the members of a statement as AWS's model does. `prefix` is where they stand: `statements.1.member.`
pub fn check(violations: &mut Violations, prefix: &str, statement: Option<&String>, parameters: Option<&Vec<Given>>) {
    let member = format!("{prefix}statement");
    match statement {
        Some(statement) => violations.length(&member, statement, 1, STATEMENT_CHARACTERS_MAX),
        None => violations.missing(&member),
    }
    if parameters.is_some_and(Vec::is_empty) {
        violations.add("[]", format!("{prefix}parameters"), "have length greater than or equal to 1");
    }
}

/// The parameters, or AWS's complaint about the first that breaks a rule.
pub fn parameters(given: Option<Vec<Given>>) -> Result<Vec<AttributeValue>, ApiError> {
    let mut parameters = Vec::new();
    for value in given.unwrap_or_default() {
        let mut nested = Item::from([(String::new(), value.0.map_err(ApiError::validation)?)]);
        check_nesting(&nested).map_err(ApiError::validation)?;
        parameters.extend(nested.remove(""));
    }
    Ok(parameters)
}

/// What a statement asks for.
pub fn read(statement: &str, parameters: &[AttributeValue]) -> Result<Request, ApiError> {
    Ok(partiql::read(statement, parameters)?)
}

/// The table that a statement names, with the index if it names one, for the timeline, without any other check.
pub fn shown(statement: Option<&String>) -> String {
    let parsed = statement.and_then(|text| statement::parse(text).ok());
    let source = parsed.and_then(|parsed| parsed.statement.source());
    source.map(|source| table_name::shown_with_index(Some(&source.table), source.index.as_ref())).unwrap_or_default()
}

/// The tables that several statements name, each once.
pub fn all_shown<'a>(statements: impl Iterator<Item = Option<&'a String>>) -> String {
    let mut tables: Vec<String> = Vec::new();
    for table in statements.map(shown) {
        if !table.is_empty() && !tables.contains(&table) {
            tables.push(table);
        }
    }
    tables.join(",")
}
