//! The query protocol: a form each way in (`Action=SendMessage&Version=2012-11-05&..`), XML each way out.
//!
//! <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
//!
//! An operation's input and output are the same types as in JSON. A form is read
//! by what the input asks for (`form.rs`): where it wants a list, the members
//! `1`, `2`.., where it wants a map, the `Name` and `Value` of each of them. An
//! output is written as JSON first and then as XML (`xml.rs`). What the model calls
//! otherwise than the wire does is in the service's [`Query`].

mod form;
mod xml;

pub use self::form::{Form, decode};
pub use self::xml::{answer, error};

use crate::kernel::ApiError;

/// How a service speaks the query protocol.
#[derive(Debug)]
pub struct Query {
    /// The `Version` of its requests.
    pub version: &'static str,
    /// Of its answers.
    pub namespace: &'static str,
    /// Members whose name on the wire is not the one in the model.
    pub members: &'static [Member],
    /// Operations whose answers have no result.
    pub without_result: &'static [&'static str],
    /// The member that a request's own URL stands for where its form does not have it.
    pub addressed_by: Option<&'static str>,
    /// How an error of the service is told in this protocol: code, status and message.
    pub error: fn(&ApiError) -> ApiError,
}

/// A member by both of its names.
#[derive(Debug)]
pub struct Member {
    /// `{}` stands for the operation.
    pub wire: &'static str,
    pub model: &'static str,
    /// Of a map, what its keys and values are called.
    pub entry: Option<(&'static str, &'static str)>,
}

impl Member {
    pub const fn list(wire: &'static str, model: &'static str) -> Self {
        Self { wire, model, entry: None }
    }

    pub const fn map(wire: &'static str, model: &'static str, key: &'static str, value: &'static str) -> Self {
        Self { wire, model, entry: Some((key, value)) }
    }
}
