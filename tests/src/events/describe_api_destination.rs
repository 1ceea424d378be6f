use aws_sdk_eventbridge::types::{ApiDestinationHttpMethod, ApiDestinationState};

use super::create_api_destination::create_api_destination;
use super::create_connection::create_connection;
use super::{client, not_found};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_api_destination_is_called_300_times_a_second_unless_it_says_otherwise() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let connection = create_connection(&events, "shop").await;
        let arn = create_api_destination(&events, "orders", &connection, "http://localhost/*").await;
        let described = events.describe_api_destination().name("orders").send().await.unwrap();
        assert_eq!(described.api_destination_arn(), Some(arn.as_str()));
        assert_eq!(described.connection_arn(), Some(connection.as_str()));
        assert_eq!(described.invocation_endpoint(), Some("http://localhost/*"));
        assert_eq!(described.http_method(), Some(&ApiDestinationHttpMethod::Post));
        assert_eq!(described.invocation_rate_limit_per_second(), Some(300));
        assert_eq!(described.api_destination_state(), Some(&ApiDestinationState::Active));
    });
}

#[test]
fn an_api_destination_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let described = client(&stage).describe_api_destination().name("orders").send().await;
        let message = "Failed to describe the api-destination(s). An api-destination 'orders' does not exist.";
        assert_eq!(refusal(described), not_found(message));
    });
}
