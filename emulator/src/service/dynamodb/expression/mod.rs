//! DynamoDB's expression language: conditions, filters, key conditions, projections and updates.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html>
//!
//! A pure language: it knows std and the attribute values, no request and no
//! table. Every expression of a request is read with the same [`Symbols`], which
//! tell at the end what names and values nothing used.
//!
//! The path of an expression: [`lexer`] > [`parser`] with [`condition`],
//! [`update`] or [`projection`] > [`tree`] > [`evaluation`] or [`application`].
//!
//! # Differences
//!
//! - `size` of a string counts characters (assumed; AWS says "length").
//! - Of several mistakes in one expression the first in the text is told, after
//!   those of syntax; AWS's order among them is assumed to be the same.
//! - The texts about too many operators and about update functions in a
//!   condition are assumed.

pub mod application;
pub mod condition;
pub mod evaluation;
pub mod key_condition;
pub mod lexer;
pub mod parser;
pub mod projection;
pub mod reserved;
pub mod symbols;
pub mod tree;
pub mod update;

#[cfg(test)]
mod tests;

use std::fmt;

pub use symbols::Symbols;

/// What an expression is for: the member of the request, as messages name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Condition,
    Filter,
    KeyCondition,
    Projection,
    Update,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Condition => "ConditionExpression",
            Kind::Filter => "FilterExpression",
            Kind::KeyCondition => "KeyConditionExpression",
            Kind::Projection => "ProjectionExpression",
            Kind::Update => "UpdateExpression",
        })
    }
}

/// What is wrong with an expression, or with its values on this item: AWS's whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError(pub String);

impl ExpressionError {
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}
