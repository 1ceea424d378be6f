//! Adds tags to a knowledge base or an agent, or replaces their values.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_TagResource.html>
//!
//! ```text
//! POST /tags/arn%3Aaws%3Abedrock%3Aus-east-1%3A000000000000%3Aknowledge-base%2FABCDEFGHIJ
//! {"tags":{"team":"shop"}}
//!
//! {}
//! ```

use serde_json::{Map, Value, json};

use super::model::reference;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape::{self, text};

pub struct TagResource;

impl Operation for TagResource {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "TagResource";
    const BINDING: Binding = Binding::post("/tags/{resourceArn}");

    fn resource(input: &Self::Input) -> String {
        text(input, "resourceArn").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&reference::TAG_RESOURCE, input)?;
        state.tags.tag(text(&request, "resourceArn"), request.get("tags"))?;
        Ok(json!({}))
    }
}
