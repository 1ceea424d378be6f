use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{
    ConnectionAuthorizationType, ConnectionState, CreateConnectionApiKeyAuthRequestParameters,
    CreateConnectionAuthRequestParameters, CreateConnectionBasicAuthRequestParameters,
};

use super::{client, validation};
use crate::stage::{on_both_stages, refusal};

pub fn api_key(value: &str) -> CreateConnectionAuthRequestParameters {
    let key = CreateConnectionApiKeyAuthRequestParameters::builder().api_key_name("x-api-key").api_key_value(value);
    CreateConnectionAuthRequestParameters::builder().api_key_auth_parameters(key.build().unwrap()).build()
}

pub fn basic(username: &str, password: &str) -> CreateConnectionAuthRequestParameters {
    let basic = CreateConnectionBasicAuthRequestParameters::builder().username(username).password(password);
    CreateConnectionAuthRequestParameters::builder().basic_auth_parameters(basic.build().unwrap()).build()
}

/// A connection with an API key; gives back its ARN.
pub async fn create_connection(events: &Client, name: &str) -> String {
    let create = events.create_connection().name(name).authorization_type(ConnectionAuthorizationType::ApiKey);
    create.auth_parameters(api_key("secret")).send().await.unwrap().connection_arn.unwrap()
}

// Serialisation

#[test]
fn a_connection_has_an_arn_with_an_id_and_is_authorized() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let create = events.create_connection().name("shop").authorization_type(ConnectionAuthorizationType::ApiKey);
        let created = create.auth_parameters(api_key("secret")).send().await.unwrap();
        let arn = created.connection_arn().unwrap();
        let id = arn.strip_prefix("arn:aws:events:us-east-1:000000000000:connection/shop/").unwrap();
        assert_eq!(id.len(), 36, "{arn}");
        assert_eq!(created.connection_state(), Some(&ConnectionState::Authorized));
        assert!(created.creation_time().is_some() && created.last_modified_time().is_some());
    });
}

// Validation

#[test]
fn connections_are_checked_as_aws_checks_them() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let create = || {
            let create = events.create_connection().name("shop").authorization_type(ConnectionAuthorizationType::Basic);
            create.auth_parameters(basic("me", "secret"))
        };
        let constraint = "failed to satisfy constraint: Member must";
        let other = "Parameter AuthParameters is not valid. Reason: BasicAuthParameters must be specified for the AuthorizationType.";
        for (create, message) in [
            (
                events.create_connection(),
                format!(
                    "3 validation errors detected: Value null at 'name' {constraint} not be null; Value null at \
                     'authorizationType' {constraint} not be null; Value null at 'authParameters' {constraint} not be null"
                ),
            ),
            (
                create().name("a b"),
                format!(
                    r"1 validation error detected: Value 'a b' at 'name' {constraint} satisfy regular expression pattern: [\.\-_A-Za-z0-9]+"
                ),
            ),
            (
                create().authorization_type(ConnectionAuthorizationType::from("NONE")),
                format!(
                    "1 validation error detected: Value 'NONE' at 'authorizationType' {constraint} satisfy enum value set: [BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY]"
                ),
            ),
            (
                create().auth_parameters(basic("me", "")),
                format!(
                    "1 validation error detected: Value at 'authParameters.basicAuthParameters.password' {constraint} have length greater than or equal to 1"
                ),
            ),
            (create().auth_parameters(api_key("secret")), other.to_owned()),
        ] {
            assert_eq!(refusal(create.send().await), validation(&message));
        }
    });
}

#[test]
fn a_name_can_be_taken_once() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_connection(&events, "shop").await;
        let create = events.create_connection().name("shop").authorization_type(ConnectionAuthorizationType::ApiKey);
        let again = create.auth_parameters(api_key("secret")).send().await;
        let expected = ("ResourceAlreadyExistsException".to_owned(), "Connection shop already exists.".to_owned());
        assert_eq!(refusal(again), expected);
    });
}
