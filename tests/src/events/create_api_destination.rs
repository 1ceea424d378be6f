use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{ApiDestinationHttpMethod, ApiDestinationState};

use super::create_connection::create_connection;
use super::{client, not_found, validation};
use crate::stage::{on_both_stages, refusal};

/// An API destination that is posted to; gives back its ARN.
pub async fn create_api_destination(events: &Client, name: &str, connection: &str, endpoint: &str) -> String {
    let create = events.create_api_destination().name(name).connection_arn(connection).invocation_endpoint(endpoint);
    create.http_method(ApiDestinationHttpMethod::Post).send().await.unwrap().api_destination_arn.unwrap()
}

// Serialisation

#[test]
fn an_api_destination_has_an_arn_with_an_id_and_is_active() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let connection = create_connection(&events, "shop").await;
        let create = events.create_api_destination().name("orders").connection_arn(connection);
        let create = create.invocation_endpoint("https://localhost/").http_method(ApiDestinationHttpMethod::Put);
        let created = create.send().await.unwrap();
        let arn = created.api_destination_arn().unwrap();
        let id = arn.strip_prefix("arn:aws:events:us-east-1:000000000000:api-destination/orders/").unwrap();
        assert_eq!(id.len(), 36, "{arn}");
        assert_eq!(created.api_destination_state(), Some(&ApiDestinationState::Active));
    });
}

// Validation

#[test]
fn api_destinations_are_checked_as_aws_checks_them() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let connection = create_connection(&events, "shop").await;
        let create = || {
            let create = events.create_api_destination().name("orders").connection_arn(&connection);
            create.invocation_endpoint("https://localhost/").http_method(ApiDestinationHttpMethod::Post)
        };
        let constraint = "failed to satisfy constraint: Member must";
        let other = format!("{}/{}", connection.rsplit_once('/').unwrap().0, "00000000-0000-4000-8000-000000000000");
        for (create, error) in [
            (
                create().set_connection_arn(None).set_http_method(None),
                validation(&format!(
                    "2 validation errors detected: Value null at 'connectionArn' {constraint} not be null; Value null at \
                     'httpMethod' {constraint} not be null"
                )),
            ),
            (
                create().http_method(ApiDestinationHttpMethod::from("TRACE")),
                validation(&format!(
                    "1 validation error detected: Value 'TRACE' at 'httpMethod' {constraint} satisfy enum value set: [POST, GET, HEAD, OPTIONS, PUT, PATCH, DELETE]"
                )),
            ),
            (
                create().invocation_rate_limit_per_second(0),
                validation(&format!(
                    "1 validation error detected: Value '0' at 'invocationRateLimitPerSecond' {constraint} have value greater than or equal to 1"
                )),
            ),
            (create().connection_arn(&other), not_found(&format!("Connection '{other}' does not exist."))),
        ] {
            assert_eq!(refusal(create.send().await), error);
        }
        create().send().await.unwrap();
        let expected =
            ("ResourceAlreadyExistsException".to_owned(), "An api-destination 'orders' already exists.".to_owned());
        assert_eq!(refusal(create().send().await), expected);
    });
}
