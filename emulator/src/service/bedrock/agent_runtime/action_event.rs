//! What an action's Lambda function is sent, and what it answers.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html>
//!
//! The event is a delivery to the function's ARN, from the ARN of the invocation
//! (`agent-invocation/ID`, which AWS does not have: nobody sees it but services
//! here). Whoever runs the function sends its answer back as a delivery to
//! that ARN: the body is what the function returned, or, where it has failed, its
//! error with the attribute [`FUNCTION_ERROR`]. A delivery that nobody takes comes
//! back as a dead letter, with the attributes [`ERROR_CODE`] and [`ERROR_MESSAGE`].

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::session_state::ResponseState;
use crate::kernel::delivery::{DeadLetter, Effort, Failure};
use crate::kernel::{Arn, Delivery};
use crate::service::bedrock::agent::{Action, Argument, Arguments, What};

/// Of a function that has failed: `Handled` or `Unhandled`.
pub const FUNCTION_ERROR: &str = "FUNCTION_ERROR";
/// Of a function that was not reached.
pub const ERROR_CODE: &str = "ERROR_CODE";
pub const ERROR_MESSAGE: &str = "ERROR_MESSAGE";

/// As developers report them.
const BAD_RESPONSE: &str =
    "The server encountered an error processing the Lambda response. Check the Lambda response and retry the request";
const FAILED: &str = "Received failed response from API execution";

/// What is known of a call besides the action.
pub struct Circumstances<'a> {
    /// Name, id, alias and version.
    pub agent: Value,
    pub session_id: &'a str,
    pub input: &'a str,
    pub session_attributes: &'a Map<String, Value>,
    pub prompt_session_attributes: &'a Map<String, Value>,
}

/// What came of an action.
#[derive(Debug, Default, PartialEq)]
pub struct Returned {
    pub text: String,
    pub state: Option<ResponseState>,
    pub session_attributes: Option<Map<String, Value>>,
    pub prompt_session_attributes: Option<Map<String, Value>>,
}

/// The event in AWS's shape.
pub fn event(action: &Action, arguments: &Arguments, circumstances: &Circumstances<'_>) -> Value {
    let mut event = json!({
        "messageVersion": "1.0",
        "agent": circumstances.agent,
        "inputText": circumstances.input,
        "sessionId": circumstances.session_id,
        "actionGroup": action.group,
        "parameters": arguments.shown(),
        "sessionAttributes": circumstances.session_attributes,
        "promptSessionAttributes": circumstances.prompt_session_attributes,
    });
    match &action.what {
        What::Function { name } => event["function"] = json!(name),
        What::Api { path, method, .. } => {
            event["apiPath"] = json!(path);
            event["httpMethod"] = json!(method);
            if let Some((content_type, properties)) = &arguments.body {
                let properties: Vec<Value> = properties.iter().map(Argument::shown).collect();
                event["requestBody"] = json!({"content": {content_type: {"properties": properties}}});
            }
        }
    }
    event
}

/// Sends an event to a function. It is tried once, as AWS invokes it synchronously.
pub fn delivery(invocation: Arn, function: Arn, event: &Value) -> Delivery {
    let letter = DeadLetter { queue: invocation.clone(), body: Bytes::new(), attributes: Vec::new() };
    let effort = Effort { max_age: Duration::from_mins(15), max_retries: 0, dead_letter: Some(letter) };
    Delivery::new(invocation, function, event.to_string()).with_effort(Some(Arc::new(effort)))
}

/// Why an action has failed, for who reads its letter.
pub fn explain(failure: &Failure) -> Vec<(&'static str, String)> {
    vec![(ERROR_CODE, failure.error.code.clone()), (ERROR_MESSAGE, failure.error.message.clone())]
}

/// What a function has answered, or why its action has failed.
pub fn read(action: &Action, delivery: &Delivery) -> Result<Returned, String> {
    let attribute = |name: &str| delivery.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    if let Some(message) = attribute(ERROR_MESSAGE) {
        return Err(format!("{FAILED}: {message}"));
    }
    if attribute(FUNCTION_ERROR).is_some() {
        return Err(FAILED.to_owned());
    }
    let answer: Answer = serde_json::from_slice(&delivery.body).map_err(|_| BAD_RESPONSE.to_owned())?;
    let response = answer.response;
    if response.action_group != action.group || !response.is_of(action) {
        return Err(BAD_RESPONSE.to_owned());
    }
    let (state, bodies) = match &action.what {
        What::Function { .. } => {
            let function = response.function_response.ok_or(BAD_RESPONSE)?;
            (function.response_state, function.response_body)
        }
        What::Api { .. } => (None, response.response_body),
    };
    let text = bodies.values().filter_map(|content| content.get("body")?.as_str()).collect::<Vec<_>>().join("\n");
    if state == Some(ResponseState::Failure) {
        return Err(FAILED.to_owned());
    }
    let Answer { session_attributes, prompt_session_attributes, .. } = answer;
    Ok(Returned { text, state, session_attributes, prompt_session_attributes })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    response: Response,
    session_attributes: Option<Map<String, Value>>,
    prompt_session_attributes: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    action_group: String,
    function: Option<String>,
    function_response: Option<FunctionResponse>,
    api_path: Option<String>,
    http_method: Option<String>,
    #[serde(default)]
    response_body: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionResponse {
    response_state: Option<ResponseState>,
    #[serde(default)]
    response_body: Map<String, Value>,
}

impl Response {
    fn is_of(&self, action: &Action) -> bool {
        match &action.what {
            What::Function { name } => self.function.as_deref() == Some(name),
            What::Api { path, method, .. } => {
                let same_method = self.http_method.as_deref().is_some_and(|given| given.eq_ignore_ascii_case(method));
                self.api_path.as_deref() == Some(path) && same_method
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Scope;
    use crate::service::bedrock::agent::Executor;

    fn action(what: What) -> Action {
        Action {
            group: "orders".to_owned(),
            what,
            description: String::new(),
            parameters: Vec::new(),
            body: None,
            needs_confirmation: false,
            executor: Executor::Nobody,
        }
    }

    fn answered(body: &Value) -> Delivery {
        let arn = |resource: &str| Arn::new("bedrock", &Scope::default(), resource);
        Delivery::new(arn("function"), arn("invocation"), body.to_string())
    }

    #[test]
    fn an_event_has_what_aws_documents() {
        let api = What::Api { path: "/orders/{id}".to_owned(), method: "POST".to_owned(), operation_id: None };
        let argument =
            |name: &str| Argument { name: name.to_owned(), kind: "string".to_owned(), value: "7".to_owned() };
        let arguments = Arguments {
            parameters: vec![argument("id")],
            body: Some(("application/json".to_owned(), vec![argument("state")])),
        };
        let none = Map::new();
        let circumstances = Circumstances {
            agent: json!({"id": "A"}),
            session_id: "s",
            input: "hello",
            session_attributes: &none,
            prompt_session_attributes: &none,
        };
        let event = event(&action(api), &arguments, &circumstances);
        assert_eq!(event["apiPath"], "/orders/{id}");
        assert_eq!(event["parameters"][0], json!({"name": "id", "type": "string", "value": "7"}));
        assert_eq!(event["requestBody"]["content"]["application/json"]["properties"][0]["name"], "state");
        assert_eq!(event.get("function"), None);
    }

    #[test]
    fn what_a_function_answers_is_read_or_is_a_failure() {
        let function = action(What::Function { name: "get_order".to_owned() });
        let answer = |response: Value| json!({"messageVersion": "1.0", "response": response});
        let body = json!({"TEXT": {"body": "shipped"}});
        let good = answer(
            json!({"actionGroup": "orders", "function": "get_order", "functionResponse": {"responseBody": body}}),
        );
        assert_eq!(read(&function, &answered(&good)).map(|returned| returned.text), Ok("shipped".to_owned()));
        for (response, expected) in [
            (json!(7), BAD_RESPONSE),
            (answer(json!({"actionGroup": "orders"})), BAD_RESPONSE),
            (answer(json!({"actionGroup": "other", "function": "get_order", "functionResponse": {}})), BAD_RESPONSE),
            (
                answer(
                    json!({"actionGroup": "orders", "function": "get_order", "functionResponse": {"responseState": "FAILURE"}}),
                ),
                FAILED,
            ),
        ] {
            assert_eq!(read(&function, &answered(&response)), Err(expected.to_owned()), "{response}");
        }
        let mut failed = answered(&good);
        failed.attributes.push((FUNCTION_ERROR.to_owned(), "Unhandled".to_owned()));
        assert_eq!(read(&function, &failed), Err(FAILED.to_owned()));
        failed.attributes.push((ERROR_MESSAGE.to_owned(), "nobody there".to_owned()));
        assert_eq!(read(&function, &failed), Err(format!("{FAILED}: nobody there")));
    }
}
