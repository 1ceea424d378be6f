//! Takes tags from a knowledge base or an agent.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_UntagResource.html>
//!
//! ```text
//! DELETE /tags/arn%3Aaws%3Abedrock%3Aus-east-1%3A000000000000%3Aknowledge-base%2FABCDEFGHIJ?tagKeys=team
//!
//! {}
//! ```

use serde_json::{Map, Value, json};

use super::model::reference;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape::{self, text};

pub struct UntagResource;

impl Operation for UntagResource {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "UntagResource";
    const BINDING: Binding = Binding::delete("/tags/{resourceArn}");

    fn resource(input: &Self::Input) -> String {
        text(input, "resourceArn").to_owned()
    }

    fn run(mut input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        // A query string cannot say whether one value is a list.
        if let Some(key) = input.get_mut("tagKeys").filter(|keys| keys.is_string()) {
            *key = json!([key.take()]);
        }
        let request = shape::read(&reference::UNTAG_RESOURCE, input)?;
        let keys = request.get("tagKeys").and_then(Value::as_array).into_iter().flatten();
        state.tags.untag(text(&request, "resourceArn"), keys.filter_map(Value::as_str))?;
        Ok(json!({}))
    }
}
