use aws_sdk_eventbridge::types::ApiDestinationHttpMethod;

use super::create_api_destination::create_api_destination;
use super::create_connection::create_connection;
use super::{client, not_found};
use crate::stage::{on_both_stages, refusal};

#[test]
fn what_an_update_leaves_out_stays() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let connection = create_connection(&events, "shop").await;
        let arn = create_api_destination(&events, "orders", &connection, "http://localhost/").await;
        let update = events.update_api_destination().name("orders").http_method(ApiDestinationHttpMethod::Put);
        let updated = update.invocation_rate_limit_per_second(5).send().await.unwrap();
        assert_eq!(updated.api_destination_arn(), Some(arn.as_str()));
        let described = events.describe_api_destination().name("orders").send().await.unwrap();
        assert_eq!(described.http_method(), Some(&ApiDestinationHttpMethod::Put));
        assert_eq!(described.invocation_rate_limit_per_second(), Some(5));
        assert_eq!(described.invocation_endpoint(), Some("http://localhost/"));
    });
}

#[test]
fn an_api_destination_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let updated = client(&stage).update_api_destination().name("orders").send().await;
        let message = "Failed to update the api-destination(s). An api-destination 'orders' does not exist.";
        assert_eq!(refusal(updated), not_found(message));
    });
}
