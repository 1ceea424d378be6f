//! The operations of an OpenAPI schema, as far as an agent can call them.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-api-schema.html>
//!
//! # Differences
//!
//! Of references, those inside the schema are followed.

use serde_json::{Map, Value};

use super::action::{Action, Executor, Parameter, RequestBody, What};
use crate::kernel::ApiError;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// A reference may lead to a reference, but not for ever.
const REFERENCES_DEEP: usize = 16;

/// Reads a schema in JSON or YAML.
pub fn read(group: &str, payload: &str, executor: &Executor) -> Result<Vec<Action>, ApiError> {
    let document = parse(payload).ok_or_else(malformed)?;
    let version = document.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.0") {
        return Err(malformed());
    }
    let paths = document.get("paths").and_then(Value::as_object).filter(|paths| !paths.is_empty());
    let mut actions = Vec::new();
    for (path, item) in paths.ok_or_else(malformed)? {
        let item = item.as_object().ok_or_else(malformed)?;
        let shared = item.get("parameters");
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let operation = operation.as_object().ok_or_else(malformed)?;
            actions.push(Reading { document: &document, group, executor }.action(path, method, operation, shared)?);
        }
    }
    if actions.is_empty() {
        return Err(malformed());
    }
    Ok(actions)
}

fn parse(payload: &str) -> Option<Value> {
    serde_json::from_str(payload).ok().or_else(|| serde_saphyr::from_str(payload).ok())
}

/// As developers report it.
fn malformed() -> ApiError {
    ApiError::validation(
        "Failed to create OpenAPI 3 model from the JSON/YAML object that you provided. Check if the OpenAPI schema is in the expected format and retry your request.",
    )
}

struct Reading<'a> {
    document: &'a Value,
    group: &'a str,
    executor: &'a Executor,
}

impl Reading<'_> {
    fn action(
        &self,
        path: &str,
        method: &str,
        operation: &Map<String, Value>,
        shared: Option<&Value>,
    ) -> Result<Action, ApiError> {
        let text = |member: &str| operation.get(member).and_then(Value::as_str).map(str::to_owned);
        // "description" and "responses" are required of every operation.
        let description = text("description").or_else(|| text("summary")).ok_or_else(malformed)?;
        let responses = operation.get("responses").and_then(Value::as_object);
        if responses.is_none_or(Map::is_empty) {
            return Err(malformed());
        }
        let lists = [shared, operation.get("parameters")];
        let given = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
        let parameters: Result<Vec<Parameter>, ApiError> = given.map(|parameter| self.parameter(parameter)).collect();
        let confirmation = operation.get("x-requireConfirmation").and_then(Value::as_str);
        Ok(Action {
            group: self.group.to_owned(),
            what: What::Api {
                path: path.to_owned(),
                method: method.to_ascii_uppercase(),
                operation_id: text("operationId"),
            },
            description,
            parameters: parameters?,
            body: operation.get("requestBody").map(|body| self.body(body)).transpose()?,
            needs_confirmation: confirmation == Some("ENABLED"),
            executor: self.executor.clone(),
        })
    }

    fn parameter(&self, parameter: &Value) -> Result<Parameter, ApiError> {
        let parameter = self.resolve(parameter);
        let name = parameter.get("name").and_then(Value::as_str).ok_or_else(malformed)?;
        let required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
        let schema = parameter.get("schema").map_or(&Value::Null, |schema| self.resolve(schema));
        let description = parameter.get("description").and_then(Value::as_str).unwrap_or_default();
        Ok(Parameter { name: name.to_owned(), kind: kind(schema), description: description.to_owned(), required })
    }

    /// The first kind of content is what the model writes.
    fn body(&self, body: &Value) -> Result<RequestBody, ApiError> {
        let content = self.resolve(body).get("content").and_then(Value::as_object).ok_or_else(malformed)?;
        let (content_type, media) = content.iter().next().ok_or_else(malformed)?;
        let schema = self.resolve(media.get("schema").ok_or_else(malformed)?);
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|required| required == name));
        let properties = schema.get("properties").and_then(Value::as_object);
        let properties = properties.into_iter().flatten().map(|(name, property)| {
            let property = self.resolve(property);
            let description = property.get("description").and_then(Value::as_str).unwrap_or_default();
            Parameter {
                name: name.clone(),
                kind: kind(property),
                description: description.to_owned(),
                required: is_required(name),
            }
        });
        Ok(RequestBody { content_type: content_type.clone(), properties: properties.collect() })
    }

    /// What a `$ref` of this document leads to.
    fn resolve<'a>(&'a self, mut value: &'a Value) -> &'a Value {
        for _ in 0..REFERENCES_DEEP {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { break };
            let found = reference.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
            let Some(found) = found else { break };
            value = found;
        }
        value
    }
}

fn kind(schema: &Value) -> String {
    schema.get("type").and_then(Value::as_str).unwrap_or("string").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "
openapi: 3.0.0
info: {title: orders, version: 1.0.0}
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
    get:
      operationId: getOrder
      description: Finds an order
      responses: {'200': {description: The order}}
    post:
      summary: Changes an order
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Order'}}
      responses: {'200': {description: The order}}
components:
  schemas:
    Order:
      required: [state]
      properties:
        state: {type: string, description: What becomes of it}
        lines: {type: array}
";

    #[test]
    fn a_schema_gives_its_operations_in_yaml_and_in_json() {
        let actions = read("orders", YAML, &Executor::ReturnControl).expect("it is a schema");
        let tools: Vec<String> = actions.iter().map(Action::tool).collect();
        assert_eq!(tools, ["orders__getOrder", "orders__post_orders__id_"]);
        assert_eq!(actions[0].parameters[0].kind, "integer");
        let body = actions[1].body.as_ref().expect("it has one");
        assert_eq!(body.content_type, "application/json");
        let required: Vec<(&str, bool)> =
            body.properties.iter().map(|property| (property.name.as_str(), property.required)).collect();
        assert_eq!(required, [("state", true), ("lines", false)]);
        let json = parse(YAML).expect("it is a document").to_string();
        assert_eq!(read("orders", &json, &Executor::ReturnControl).expect("it is the same"), actions);
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        for payload in [
            "",
            "[",
            "7",
            "{\"openapi\":\"3.1.0\",\"paths\":{}}",
            "{\"openapi\":\"3.0.0\"}",
            "{\"openapi\":\"3.0.0\",\"paths\":{\"/a\":{}}}",
            "{\"openapi\":\"3.0.0\",\"paths\":{\"/a\":{\"get\":{\"responses\":{\"200\":{}}}}}}",
            "{\"openapi\":\"3.0.0\",\"paths\":{\"/a\":{\"get\":{\"description\":\"a\"}}}}",
        ] {
            let refused = read("orders", payload, &Executor::Nobody).expect_err(payload);
            assert!(refused.message.starts_with("Failed to create OpenAPI 3 model"), "{refused}");
        }
    }
}
