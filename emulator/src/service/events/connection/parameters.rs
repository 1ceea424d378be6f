//! What a request says of a connection's authorization, and the constraints of AWS's model on it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::constraint::{self, HEADER_KEY, HEADER_VALUE, QUERY_KEY, QUERY_VALUE};
use super::AuthorizationType;
use crate::kernel::{ApiError, Violations};

const AUTH_PATTERN: &str = r"^[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*$";
pub const ENDPOINT_PATTERN: &str = r"^((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\x26=+$,A-Za-z0-9])+)([).!';/?:,])?$";

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AuthParameters {
    pub basic_auth_parameters: Option<BasicAuth>,
    #[serde(rename = "OAuthParameters")]
    pub oauth_parameters: Option<OAuth>,
    pub api_key_auth_parameters: Option<ApiKeyAuth>,
    pub invocation_http_parameters: Option<HttpParameters>,
    pub connectivity_parameters: Option<Value>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BasicAuth {
    pub username: Option<String>,
    pub password: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ApiKeyAuth {
    pub api_key_name: Option<String>,
    pub api_key_value: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OAuth {
    pub client_parameters: Option<ClientParameters>,
    pub authorization_endpoint: Option<String>,
    pub http_method: Option<String>,
    #[serde(rename = "OAuthHttpParameters")]
    pub http_parameters: Option<HttpParameters>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ClientParameters {
    #[serde(rename = "ClientID")]
    pub client_id: Option<String>,
    #[serde(rename = "ClientSecret")]
    pub client_secret: Option<String>,
}

/// What goes with every call, or with every request for a token.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HttpParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_parameters: Option<Vec<Parameter>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_string_parameters: Option<Vec<Parameter>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_parameters: Option<Vec<Parameter>>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Parameter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub is_value_secret: bool,
}

/// Keys and values.
pub fn pairs(parameters: Option<&Vec<Parameter>>) -> Vec<(String, String)> {
    let pair = |parameter: &Parameter| {
        (parameter.key.clone().unwrap_or_default(), parameter.value.clone().unwrap_or_default())
    };
    parameters.into_iter().flatten().map(pair).collect()
}

impl AuthParameters {
    /// The constraints of AWS's model. What is required of something new is not of a change.
    pub fn check(&self, violations: &mut Violations, is_new: bool) {
        let at = |name: &str| format!("authParameters.{name}");
        if let Some(BasicAuth { username, password }) = &self.basic_auth_parameters {
            let at = |name: &str| at(&format!("basicAuthParameters.{name}"));
            check_text(violations, &at("username"), username.as_deref(), is_new);
            check_secret(violations, &at("password"), password.as_deref(), is_new);
        }
        if let Some(oauth) = &self.oauth_parameters {
            oauth.check(violations, &at("oAuthParameters"), is_new);
        }
        if let Some(ApiKeyAuth { api_key_name, api_key_value }) = &self.api_key_auth_parameters {
            let at = |name: &str| at(&format!("apiKeyAuthParameters.{name}"));
            check_text(violations, &at("apiKeyName"), api_key_name.as_deref(), is_new);
            check_secret(violations, &at("apiKeyValue"), api_key_value.as_deref(), is_new);
        }
        if let Some(parameters) = &self.invocation_http_parameters {
            parameters.check(violations, &at("invocationHttpParameters"));
        }
    }

    /// Whether what the type needs is there, and nothing of another type. assumed: the wording.
    pub fn check_type(&self, authorization_type: AuthorizationType) -> Result<(), ApiError> {
        let given = [
            (AuthorizationType::Basic, "BasicAuthParameters", self.basic_auth_parameters.is_some()),
            (AuthorizationType::OAuth, "OAuthParameters", self.oauth_parameters.is_some()),
            (AuthorizationType::ApiKey, "ApiKeyAuthParameters", self.api_key_auth_parameters.is_some()),
        ];
        for (of, name, given) in given {
            let reason = match (of == authorization_type, given) {
                (true, false) => format!("{name} must be specified for the AuthorizationType."),
                (false, true) => format!("{name} must not be specified for the AuthorizationType."),
                _ => continue,
            };
            let message = format!("Parameter AuthParameters is not valid. Reason: {reason}");
            return Err(ApiError::validation(message));
        }
        Ok(())
    }

    /// Takes what a request changes; what it leaves out stays (assumed).
    pub fn update(&mut self, given: Self) {
        if let Some(BasicAuth { username, password }) = given.basic_auth_parameters {
            let known = self.basic_auth_parameters.get_or_insert_default();
            replace(&mut known.username, username);
            replace(&mut known.password, password);
        }
        if let Some(ApiKeyAuth { api_key_name, api_key_value }) = given.api_key_auth_parameters {
            let known = self.api_key_auth_parameters.get_or_insert_default();
            replace(&mut known.api_key_name, api_key_name);
            replace(&mut known.api_key_value, api_key_value);
        }
        if let Some(OAuth { client_parameters, authorization_endpoint, http_method, http_parameters }) =
            given.oauth_parameters
        {
            let known = self.oauth_parameters.get_or_insert_default();
            replace(&mut known.authorization_endpoint, authorization_endpoint);
            replace(&mut known.http_method, http_method);
            replace(&mut known.http_parameters, http_parameters);
            if let Some(ClientParameters { client_id, client_secret }) = client_parameters {
                let known = known.client_parameters.get_or_insert_default();
                replace(&mut known.client_id, client_id);
                replace(&mut known.client_secret, client_secret);
            }
        }
        replace(&mut self.invocation_http_parameters, given.invocation_http_parameters);
    }

    /// Drops what is of another type.
    pub fn keep_only(&mut self, authorization_type: AuthorizationType) {
        if authorization_type != AuthorizationType::Basic {
            self.basic_auth_parameters = None;
        }
        if authorization_type != AuthorizationType::OAuth {
            self.oauth_parameters = None;
        }
        if authorization_type != AuthorizationType::ApiKey {
            self.api_key_auth_parameters = None;
        }
    }

    /// AWS: "Removes all authorization parameters from the connection."
    pub fn forget_secrets(&mut self) {
        *self = Self::default();
    }
}

fn replace<T>(known: &mut Option<T>, given: Option<T>) {
    if given.is_some() {
        *known = given;
    }
}

impl OAuth {
    fn check(&self, violations: &mut Violations, member: &str, is_new: bool) {
        let at = |name: &str| format!("{member}.{name}");
        if is_new {
            violations.required(at("clientParameters"), &self.client_parameters);
            violations.required(at("authorizationEndpoint"), &self.authorization_endpoint);
            violations.required(at("httpMethod"), &self.http_method);
        }
        if let Some(ClientParameters { client_id, client_secret }) = &self.client_parameters {
            check_text(violations, &at("clientParameters.clientID"), client_id.as_deref(), is_new);
            check_secret(violations, &at("clientParameters.clientSecret"), client_secret.as_deref(), is_new);
        }
        check_endpoint(violations, &at("authorizationEndpoint"), self.authorization_endpoint.as_deref());
        constraint::one_of(violations, &at("httpMethod"), self.http_method.as_deref(), &["GET", "POST", "PUT"]);
        if let Some(parameters) = &self.http_parameters {
            parameters.check(violations, &at("oAuthHttpParameters"));
        }
    }
}

impl HttpParameters {
    fn check(&self, violations: &mut Violations, member: &str) {
        for (name, list, patterns) in [
            ("headerParameters", &self.header_parameters, Some((HEADER_KEY, HEADER_VALUE))),
            ("queryStringParameters", &self.query_string_parameters, Some((QUERY_KEY, QUERY_VALUE))),
            ("bodyParameters", &self.body_parameters, None),
        ] {
            let list = list.as_deref().unwrap_or_default();
            let member = format!("{member}.{name}");
            if list.len() > 100 {
                violations.add_unprinted(&member, "have length less than or equal to 100");
            }
            let Some((key_pattern, value_pattern)) = patterns else { continue };
            for (index, Parameter { key, value, .. }) in list.iter().enumerate() {
                if let Some(key) = key {
                    let member = format!("{member}.{}.member.key", index + 1);
                    violations.length(&member, key, 0, 512);
                    constraint::pattern(violations, &member, key, key_pattern);
                }
                if let Some(value) = value {
                    let member = format!("{member}.{}.member.value", index + 1);
                    if value.chars().count() > 512 {
                        violations.add_unprinted(&member, "have length less than or equal to 512");
                    }
                    constraint::secret_pattern(violations, &member, value, value_pattern);
                }
            }
        }
    }
}

/// An URL that is called. AWS wants `https://` and says so later; here `http://` will do.
pub fn check_endpoint(violations: &mut Violations, member: &str, endpoint: Option<&str>) {
    let Some(endpoint) = endpoint else { return };
    violations.length(member, endpoint, 1, 2048);
    constraint::pattern(violations, member, endpoint, ENDPOINT_PATTERN);
}

fn check_text(violations: &mut Violations, member: &str, text: Option<&str>, is_new: bool) {
    match text {
        Some(text) => {
            violations.length(member, text, 1, 512);
            constraint::pattern(violations, member, text, AUTH_PATTERN);
        }
        None if is_new => violations.missing(member),
        None => {}
    }
}

fn check_secret(violations: &mut Violations, member: &str, text: Option<&str>, is_new: bool) {
    match text {
        Some("") => violations.add_unprinted(member, "have length greater than or equal to 1"),
        Some(text) => {
            if text.chars().count() > 512 {
                violations.add_unprinted(member, "have length less than or equal to 512");
            }
            constraint::secret_pattern(violations, member, text, AUTH_PATTERN);
        }
        None if is_new => violations.missing(member),
        None => {}
    }
}
