//! The token of a connection with client credentials: fetched, kept until it expires or is turned down.
//!
//! AWS does not document how it hands over the client's id and secret. assumed: in the ways of RFC 6749 that servers
//! take, as HTTP Basic authorization and as parameters of the form, with `grant_type=client_credentials` unless the
//! connection's own parameters give one; a GET has all of them in its query.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::parameters::{AuthParameters, OAuth, pairs};
use super::{Abroad, State};
use crate::kernel::{ApiError, Timestamp};
use crate::outbound::{self, Request};
use crate::service::events::api_destination::url;

/// AWS documents 5 seconds for calls to API destinations; assumed for calls for a token.
const TIMEOUT: Duration = Duration::from_secs(5);
/// AWS: EventBridge refreshes tokens "proactively during an HTTPS invocation, if the token is about to expire".
/// assumed: how long before.
const ABOUT_TO_EXPIRE: Duration = Duration::from_secs(30);

/// A token, and until when it is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub value: String,
    expires: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    expires_in: Option<serde_json::Value>,
}

/// The errand of a new connection: says what became of it.
pub fn authorize(parameters: &AuthParameters, abroad: &Abroad, now: Timestamp) -> Result<String, ApiError> {
    let fetched = fetch(parameters, now);
    let mut is_wanted = false;
    abroad.tell(|authorization| {
        // Whoever deauthorized it meanwhile has the last word.
        is_wanted = authorization.state == State::Authorizing;
        match &fetched {
            _ if !is_wanted => {}
            Ok(token) => {
                authorization.state = State::Authorized;
                authorization.last_authorized = Some(now);
                authorization.token = Some(token.clone());
            }
            Err(error) => {
                authorization.state = State::Deauthorized;
                authorization.reason = Some(error.message.chars().take(512).collect());
            }
        }
    });
    if is_wanted { fetched.map(|_token| "authorized".to_owned()) } else { Ok("no longer wanted".to_owned()) }
}

/// A token that is good at `now`: the one that is kept, or a new one.
pub fn token(parameters: &AuthParameters, abroad: &Abroad, now: Timestamp) -> Result<String, ApiError> {
    let good = abroad.token().filter(|token| token.expires.is_none_or(|expires| now + ABOUT_TO_EXPIRE < expires));
    if let Some(token) = good {
        return Ok(token.value);
    }
    let token = fetch(parameters, now)?;
    abroad.tell(|authorization| {
        authorization.token = Some(token.clone());
        authorization.last_authorized = Some(now);
        if authorization.state == State::Authorizing {
            authorization.state = State::Authorized;
        }
    });
    Ok(token.value)
}

/// Forgets a token that was turned down, unless there is a newer one.
pub fn turned_down(abroad: &Abroad, value: &str) {
    abroad.tell(|authorization| {
        if authorization.token.as_ref().is_some_and(|token| token.value == value) {
            authorization.token = None;
        }
    });
}

/// A failure may pass, so it is one that is tried again. assumed: the wording.
fn fetch(parameters: &AuthParameters, now: Timestamp) -> Result<Token, ApiError> {
    let failed = |reason: &str| {
        let message = format!("Failed to authorize the connection: {reason}.");
        ApiError::with_status(503, "ERROR_FROM_TARGET", message)
    };
    let oauth = parameters.oauth_parameters.as_ref().ok_or_else(|| failed("it has no OAuth parameters"))?;
    let answer = outbound::send(&request(oauth), TIMEOUT).map_err(|failure| failed(&failure.to_string()))?;
    if !(200..300).contains(&answer.status) {
        return Err(failed(&format!("the authorization endpoint answered {}", answer.status)));
    }
    let read: Option<Answer> = serde_json::from_slice(&answer.body).ok();
    let Some(Answer { access_token: Some(value), expires_in }) = read else {
        return Err(failed("the authorization endpoint answered no access_token"));
    };
    // Some servers write the number as a text.
    let seconds = expires_in.and_then(|it| it.as_u64().or_else(|| it.as_str().and_then(|text| text.parse().ok())));
    Ok(Token { value, expires: seconds.map(|seconds| now + Duration::from_secs(seconds)) })
}

fn request(oauth: &OAuth) -> Request {
    let client = oauth.client_parameters.clone().unwrap_or_default();
    let (id, secret) = (client.client_id.unwrap_or_default(), client.client_secret.unwrap_or_default());
    let extra = oauth.http_parameters.clone().unwrap_or_default();
    let mut form = pairs(extra.body_parameters.as_ref());
    for (key, value) in [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)] {
        if !form.iter().any(|(known, _)| known == key) {
            form.push((key.to_owned(), value.to_owned()));
        }
    }
    let mut query = pairs(extra.query_string_parameters.as_ref());
    let method = oauth.http_method.clone().unwrap_or_default();
    let body = if method == "GET" {
        query.extend(form);
        String::new()
    } else {
        url::form(&form)
    };
    let mut headers = vec![
        ("authorization".to_owned(), format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))),
        ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
        ("user-agent".to_owned(), "Amazon/EventBridge/ApiDestinations".to_owned()),
    ];
    for (name, value) in pairs(extra.header_parameters.as_ref()) {
        let name = name.to_ascii_lowercase();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value));
    }
    let endpoint = url::absolute(oauth.authorization_endpoint.as_deref().unwrap_or_default());
    Request { method, url: url::with_query(&endpoint, &query), headers, body: body.into() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_is_asked_for_with_id_and_secret() {
        let oauth: OAuth = serde_json::from_value(json!({
            "ClientParameters": {"ClientID": "me", "ClientSecret": "s&c"},
            "AuthorizationEndpoint": "http://localhost/token",
            "HttpMethod": "POST",
            "OAuthHttpParameters": {
                "BodyParameters": [{"Key": "scope", "Value": "a b"}],
                "QueryStringParameters": [{"Key": "tenant", "Value": "t"}],
                "HeaderParameters": [{"Key": "X-Tenant", "Value": "u"}],
            },
        }))
        .unwrap();
        let post = request(&oauth);
        assert_eq!(post.url, "http://localhost/token?tenant=t");
        assert_eq!(post.body, "scope=a%20b&grant_type=client_credentials&client_id=me&client_secret=s%26c");
        assert!(post.headers.contains(&("authorization".to_owned(), "Basic bWU6cyZj".to_owned())), "{post:?}");
        assert!(post.headers.contains(&("x-tenant".to_owned(), "u".to_owned())), "{post:?}");
        let get = request(&OAuth { http_method: Some("GET".to_owned()), ..oauth });
        assert!(
            get.url.ends_with(
                "/token?tenant=t&scope=a%20b&grant_type=client_credentials&client_id=me&client_secret=s%26c"
            )
        );
        assert!(get.body.is_empty());
    }
}
