//! Lists the tags of a knowledge base or an agent.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListTagsForResource.html>
//!
//! ```text
//! GET /tags/arn%3Aaws%3Abedrock%3Aus-east-1%3A000000000000%3Aknowledge-base%2FABCDEFGHIJ
//!
//! {"tags":{"team":"shop"}}
//! ```

use serde_json::{Map, Value, json};

use super::model::reference;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape::{self, text};

pub struct ListTagsForResource;

impl Operation for ListTagsForResource {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "ListTagsForResource";
    const BINDING: Binding = Binding::get("/tags/{resourceArn}");

    fn resource(input: &Self::Input) -> String {
        text(input, "resourceArn").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&reference::LIST_TAGS_FOR_RESOURCE, input)?;
        Ok(json!({"tags": state.tags.of(text(&request, "resourceArn"))?}))
    }
}
