use aws_sdk_eventbridge::types::{ApiDestinationState, ConnectionState};

use super::create_api_destination::create_api_destination;
use super::create_connection::create_connection;
use super::{client, not_found};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_deleted_connection_leaves_its_api_destinations_inactive() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let connection = create_connection(&events, "shop").await;
        create_api_destination(&events, "orders", &connection, "http://localhost/orders").await;
        let deleted = events.delete_connection().name("shop").send().await.unwrap();
        assert_eq!(deleted.connection_arn(), Some(connection.as_str()));
        assert_eq!(deleted.connection_state(), Some(&ConnectionState::Deleting));
        let described = events.describe_api_destination().name("orders").send().await.unwrap();
        assert_eq!(described.api_destination_state(), Some(&ApiDestinationState::Inactive));
        let again = events.delete_connection().name("shop").send().await;
        let message = "Failed to delete the connection(s). Connection 'shop' does not exist.";
        assert_eq!(refusal(again), not_found(message));
    });
}
