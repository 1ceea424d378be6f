//! What an agent can do: one function, or one operation of an API, of an action group.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::kernel::Arn;

/// One action, as it is offered to the model and as it is carried out.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Action {
    /// The name of the group.
    pub group: String,
    pub what: What,
    pub description: String,
    /// Of a function, or in path, query string and headers of an API.
    pub parameters: Vec<Parameter>,
    pub body: Option<RequestBody>,
    /// The user is asked first.
    pub needs_confirmation: bool,
    pub executor: Executor,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub enum What {
    Function { name: String },
    Api { path: String, method: String, operation_id: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Parameter {
    pub name: String,
    /// In the words of JSON Schema.
    pub kind: String,
    pub description: String,
    pub required: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct RequestBody {
    pub content_type: String,
    pub properties: Vec<Parameter>,
}

/// Who carries an action out.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub enum Executor {
    /// Whoever has asked the agent.
    ReturnControl,
    Lambda(Arn),
    /// The group has none.
    Nobody,
}

/// One value of an action that the model asks for.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Argument {
    pub name: String,
    pub kind: String,
    pub value: String,
}

/// The values of an action that the model asks for.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Arguments {
    pub parameters: Vec<Argument>,
    pub body: Option<(String, Vec<Argument>)>,
}

impl Action {
    /// What the model calls it: `group__function`, or `group__operationId`.
    ///
    /// assumed: for an operation without an id, its method and path, with what a tool's name cannot have as `_`.
    pub fn tool(&self) -> String {
        let name = match &self.what {
            What::Function { name } | What::Api { operation_id: Some(name), .. } => name.clone(),
            What::Api { path, method, operation_id: None } => {
                let place = format!("{}{path}", method.to_ascii_lowercase());
                place.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
            }
        };
        format!("{}__{name}", self.group)
    }

    /// What it expects, in JSON Schema.
    pub fn input_schema(&self) -> Value {
        let all = || self.parameters.iter().chain(self.body.iter().flat_map(|body| &body.properties));
        let properties: Map<String, Value> = all()
            .map(|parameter| {
                (parameter.name.clone(), json!({"type": parameter.kind, "description": parameter.description}))
            })
            .collect();
        let required: Vec<&str> =
            all().filter(|parameter| parameter.required).map(|parameter| parameter.name.as_str()).collect();
        json!({"type": "object", "properties": properties, "required": required})
    }

    /// The model's input as values of what the action expects, or the first that is missing.
    pub fn arguments(&self, input: &Value) -> Result<Arguments, &Parameter> {
        let parameters = arguments(&self.parameters, input)?;
        let body = match &self.body {
            Some(body) => Some((body.content_type.clone(), arguments(&body.properties, input)?)),
            None => None,
        };
        Ok(Arguments { parameters, body })
    }
}

fn arguments<'a>(expected: &'a [Parameter], input: &Value) -> Result<Vec<Argument>, &'a Parameter> {
    let mut found = Vec::new();
    for parameter in expected {
        let value = match input.get(&parameter.name) {
            None | Some(Value::Null) if parameter.required => return Err(parameter),
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        found.push(Argument { name: parameter.name.clone(), kind: parameter.kind.clone(), value });
    }
    Ok(found)
}

impl Argument {
    /// As traces, events of Lambda and returns of control have it.
    pub fn shown(&self) -> Value {
        json!({"name": self.name, "type": self.kind, "value": self.value})
    }
}

impl Arguments {
    pub fn shown(&self) -> Vec<Value> {
        self.parameters.iter().map(Argument::shown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(name: &str, required: bool) -> Parameter {
        Parameter { name: name.to_owned(), kind: "string".to_owned(), description: String::new(), required }
    }

    fn action(what: What) -> Action {
        Action {
            group: "orders".to_owned(),
            what,
            description: String::new(),
            parameters: vec![parameter("id", true), parameter("note", false)],
            body: None,
            needs_confirmation: false,
            executor: Executor::ReturnControl,
        }
    }

    #[test]
    fn an_action_has_a_name_that_tools_may_have() {
        let api = |operation_id: Option<&str>| What::Api {
            path: "/orders/{id}".to_owned(),
            method: "GET".to_owned(),
            operation_id: operation_id.map(str::to_owned),
        };
        for (what, expected) in [
            (What::Function { name: "get_order".to_owned() }, "orders__get_order"),
            (api(Some("getOrder")), "orders__getOrder"),
            (api(None), "orders__get_orders__id_"),
        ] {
            assert_eq!(action(what).tool(), expected);
        }
    }

    #[test]
    fn what_the_model_gives_becomes_texts_and_what_it_must_give_is_missed() {
        let action = action(What::Function { name: "get_order".to_owned() });
        let found = action.arguments(&json!({"id": 7, "more": 1})).expect("nothing is missing");
        assert_eq!(found.shown(), [json!({"name": "id", "type": "string", "value": "7"})]);
        for input in [json!({}), json!({"id": null}), json!([]), json!("id")] {
            assert_eq!(action.arguments(&input).expect_err("it is missing").name, "id");
        }
        assert_eq!(action.input_schema()["required"], json!(["id"]));
    }
}
