//! PartiQL as DynamoDB reads it: one statement of text, with parameters, to the trees of the expression language.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html>
//!
//! A pure language: it knows std, the attribute values and the trees of [`super::expression`], no request and no table.
//!
//! The path of a statement: [`lexer`] > [`parser`] with [`term`] and [`statement`] > [`tree`] > [`binding`] with
//! [`condition`], [`update`] and [`value`] > [`binding::Request`] > [`access`], once a table's key is known.
//!
//! Mistakes of syntax are told first, then those of meaning, both before any table is looked up, as on AWS.
//!
//! # Differences
//!
//! - The texts of mistakes are those that callers report from AWS. Assumed: those about LIMIT and other clauses, about
//!   operators that DynamoDB lacks, about conditions that are none, about sets of mixed types, about nesting, about
//!   more values of IN than are allowed, and about ORDER BY on what is no key.
//! - A column that is an element of a list is answered under its position, `_1` (assumed).

pub mod access;
pub mod binding;
pub mod condition;
pub mod keywords;
pub mod lexer;
pub mod parser;
pub mod statement;
pub mod term;
pub mod tree;
pub mod update;
pub mod value;

#[cfg(test)]
mod tests;

use super::expression::ExpressionError;
use super::value::AttributeValue;
use binding::Request;

/// Reads a statement and binds its parameters.
pub fn read(text: &str, parameters: &[AttributeValue]) -> Result<Request, ExpressionError> {
    let parsed = statement::parse(text)?;
    binding::bind(parsed, parameters)
}
