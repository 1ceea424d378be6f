//! Action groups: what an agent can do, and who does it.

pub mod create_agent_action_group;
pub mod delete_agent_action_group;
pub mod get_agent_action_group;
pub mod list_agent_action_groups;
pub mod update_agent_action_group;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::action::{Action, Executor, Parameter, What};
use super::open_api;
use crate::kernel::{ApiError, Arn, Timestamp};
use crate::service::bedrock::date_time::DateTime;

/// An action group as its maker writes it: the members of the request to make one, and of an inline agent's groups.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    pub action_group_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    // The name in answers is that of what is kept, too. A request is checked by its shape, which does not know it.
    #[serde(
        rename(serialize = "parentActionSignature"),
        alias = "parentActionSignature",
        skip_serializing_if = "Option::is_none"
    )]
    pub parent_action_group_signature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_action_group_signature_params: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_group_executor: Option<ExecutorGiven>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_schema: Option<ApiSchema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function_schema: Option<FunctionSchema>,
    #[serde(default = "enabled")]
    pub action_group_state: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecutorGiven {
    #[serde(skip_serializing_if = "Option::is_none")]
    lambda: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_control: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ApiSchema {
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    s3: Option<Value>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FunctionSchema {
    functions: Option<Vec<Function>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Function {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<BTreeMap<String, ParameterDetail>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require_confirmation: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct ParameterDetail {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<bool>,
}

/// An action group of an agent.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ActionGroup {
    pub id: String,
    pub client_token: Option<String>,
    pub description: Description,
    /// What it offers, read from its schema.
    pub actions: Vec<Action>,
    pub created: Timestamp,
    pub updated: Timestamp,
}

fn enabled() -> String {
    "ENABLED".to_owned()
}

pub const USER_INPUT: &str = "AMAZON.UserInput";
const CODE_INTERPRETER: &str = "AMAZON.CodeInterpreter";

impl Description {
    pub fn is_enabled(&self) -> bool {
        self.action_group_state == "ENABLED"
    }

    /// Whether the agent may ask the user for what it has not been told.
    pub fn asks_the_user(&self) -> bool {
        self.is_enabled() && self.parent_action_group_signature.as_deref() == Some(USER_INPUT)
    }

    /// Reads what the group offers. `operation` is where it stands.
    pub fn actions(&self, operation: &str) -> Result<Vec<Action>, ApiError> {
        match self.parent_action_group_signature.as_deref() {
            Some(USER_INPUT | CODE_INTERPRETER) => return self.built_in(),
            Some(signature) => {
                return Err(ApiError::not_implemented(format_args!("action group {signature} of {operation}")));
            }
            None => {}
        }
        let executor = self.executor()?;
        match (&self.api_schema, &self.function_schema) {
            (Some(_), Some(_)) => {
                // assumed: the wording.
                Err(ApiError::validation(
                    "Provide either an apiSchema or a functionSchema for the action group, not both.",
                ))
            }
            (Some(schema), None) => match (&schema.payload, &schema.s3) {
                (Some(payload), _) => open_api::read(&self.action_group_name, payload, &executor),
                (None, Some(_)) => {
                    Err(ApiError::not_implemented(format_args!("apiSchema in S3 (give its payload) of {operation}")))
                }
                (None, None) => Err(no_schema()),
            },
            (None, Some(schema)) => self.functions(schema.functions.as_deref().unwrap_or_default(), &executor),
            (None, None) => Err(no_schema()),
        }
    }

    /// "You must leave the description, apiSchema, and actionGroupExecutor fields blank for this action group."
    fn built_in(&self) -> Result<Vec<Action>, ApiError> {
        let given = self.description.is_some() || self.api_schema.is_some() || self.action_group_executor.is_some();
        if given || self.function_schema.is_some() {
            // assumed: the wording.
            return Err(ApiError::validation(
                "The description, apiSchema, functionSchema and actionGroupExecutor fields must be blank for an action group with a parentActionGroupSignature.",
            ));
        }
        Ok(Vec::new())
    }

    fn executor(&self) -> Result<Executor, ApiError> {
        let Some(executor) = &self.action_group_executor else { return Ok(Executor::Nobody) };
        match (&executor.lambda, &executor.custom_control) {
            (Some(arn), _) => Arn::parse(arn).map(Executor::Lambda).ok_or_else(|| {
                // assumed: the wording.
                ApiError::validation(format!("The ARN {arn} of the Lambda function is invalid."))
            }),
            (None, Some(_)) => Ok(Executor::ReturnControl),
            (None, None) => Ok(Executor::Nobody),
        }
    }

    fn functions(&self, functions: &[Function], executor: &Executor) -> Result<Vec<Action>, ApiError> {
        if functions.is_empty() {
            return Err(no_schema());
        }
        let mut names: Vec<&str> = functions.iter().map(|function| function.name.as_str()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            // assumed: the wording.
            return Err(ApiError::validation(format!("The function {} is defined more than once.", twice[0])));
        }
        let actions = functions.iter().map(|function| Action {
            group: self.action_group_name.clone(),
            what: What::Function { name: function.name.clone() },
            description: function.description.clone().unwrap_or_default(),
            parameters: function.parameters.iter().flatten().map(parameter).collect(),
            body: None,
            needs_confirmation: function.require_confirmation.as_deref() == Some("ENABLED"),
            executor: executor.clone(),
        });
        Ok(actions.collect())
    }
}

fn parameter((name, detail): (&String, &ParameterDetail)) -> Parameter {
    Parameter {
        name: name.clone(),
        kind: detail.kind.clone(),
        description: detail.description.clone().unwrap_or_default(),
        required: detail.required.unwrap_or(false),
    }
}

/// assumed: the wording.
fn no_schema() -> ApiError {
    ApiError::validation("Provide an apiSchema or a functionSchema with at least one function for the action group.")
}

impl ActionGroup {
    /// As answers show it.
    pub fn shown(&self, agent_id: &str, agent_version: &str) -> Value {
        let mut shown = json!(self.description);
        shown["agentId"] = json!(agent_id);
        shown["agentVersion"] = json!(agent_version);
        shown["actionGroupId"] = json!(self.id);
        shown["createdAt"] = json!(DateTime(self.created));
        shown["updatedAt"] = json!(DateTime(self.updated));
        if let Some(token) = &self.client_token {
            shown["clientToken"] = json!(token);
        }
        json!({ "agentActionGroup": shown })
    }

    fn summary(&self) -> Value {
        let mut summary = json!({
            "actionGroupId": self.id,
            "actionGroupName": self.description.action_group_name,
            "actionGroupState": self.description.action_group_state,
            "updatedAt": DateTime(self.updated),
        });
        if let Some(description) = &self.description.description {
            summary["description"] = json!(description);
        }
        summary
    }
}
