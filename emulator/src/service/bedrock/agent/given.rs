//! The requests about agents, as they arrive.
//!
//! They nest deep, and most of what is in them is kept and never looked at. So
//! they are read as JSON and checked as a whole against AWS's model; what is
//! needed is taken out after that.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::kernel::ApiError;
use crate::service::bedrock::shape::{self, Shape};

/// A request with all its members: of path, query string and body.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Given(Map<String, Value>);

impl Given {
    /// Checks every constraint, and reads what is asked for.
    pub fn read<T: DeserializeOwned>(self, shape: &Shape) -> Result<T, ApiError> {
        let request = shape::read(shape, self.0)?;
        serde_json::from_value(Value::Object(request)).map_err(|error| ApiError::serialization(error.to_string()))
    }

    /// With a parameter of the query string as the number that it is; it arrives as a text.
    pub fn with_number(mut self, member: &str) -> Result<Self, ApiError> {
        if let Some(Value::String(text)) = self.0.get(member) {
            let number: Result<i64, _> = text.parse();
            let number = number.map_err(|_| {
                ApiError::serialization(format!("invalid value: `{text}` at '{member}', expected an integer"))
            })?;
            self.0.insert(member.to_owned(), number.into());
        }
        Ok(self)
    }

    /// A member for the timeline, whatever it is worth.
    pub fn name(&self, member: &str) -> String {
        self.0.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}
