//! A connection's authorization as it is answered: without its secrets.

use serde::Serialize;

use super::parameters::{AuthParameters, HttpParameters, OAuth, Parameter};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ShownParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    basic_auth_parameters: Option<ShownBasicAuth>,
    #[serde(rename = "OAuthParameters", skip_serializing_if = "Option::is_none")]
    oauth_parameters: Option<ShownOAuth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key_auth_parameters: Option<ShownApiKeyAuth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invocation_http_parameters: Option<HttpParameters>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownBasicAuth {
    username: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownApiKeyAuth {
    api_key_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownOAuth {
    client_parameters: ShownClientParameters,
    authorization_endpoint: Option<String>,
    http_method: Option<String>,
    #[serde(rename = "OAuthHttpParameters", skip_serializing_if = "Option::is_none")]
    http_parameters: Option<HttpParameters>,
}

#[derive(Serialize)]
struct ShownClientParameters {
    #[serde(rename = "ClientID")]
    client_id: Option<String>,
}

impl ShownParameters {
    pub fn of(parameters: &AuthParameters) -> Self {
        let basic = parameters.basic_auth_parameters.as_ref();
        let api_key = parameters.api_key_auth_parameters.as_ref();
        Self {
            basic_auth_parameters: basic.map(|basic| ShownBasicAuth { username: basic.username.clone() }),
            oauth_parameters: parameters.oauth_parameters.as_ref().map(ShownOAuth::of),
            api_key_auth_parameters: api_key.map(|key| ShownApiKeyAuth { api_key_name: key.api_key_name.clone() }),
            invocation_http_parameters: parameters.invocation_http_parameters.as_ref().map(without_secrets),
        }
    }
}

impl ShownOAuth {
    fn of(oauth: &OAuth) -> Self {
        let client_id = oauth.client_parameters.as_ref().and_then(|client| client.client_id.clone());
        Self {
            client_parameters: ShownClientParameters { client_id },
            authorization_endpoint: oauth.authorization_endpoint.clone(),
            http_method: oauth.http_method.clone(),
            http_parameters: oauth.http_parameters.as_ref().map(without_secrets),
        }
    }
}

fn without_secrets(parameters: &HttpParameters) -> HttpParameters {
    let shown = |list: &Option<Vec<Parameter>>| {
        let show = |parameter: &Parameter| Parameter {
            value: parameter.value.clone().filter(|_| !parameter.is_value_secret),
            ..parameter.clone()
        };
        list.as_ref().map(|list| list.iter().map(show).collect())
    };
    HttpParameters {
        header_parameters: shown(&parameters.header_parameters),
        query_string_parameters: shown(&parameters.query_string_parameters),
        body_parameters: shown(&parameters.body_parameters),
    }
}
