use super::create_api_destination::create_api_destination;
use super::create_connection::create_connection;
use super::{client, not_found};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_api_destination_goes_once() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let connection = create_connection(&events, "shop").await;
        create_api_destination(&events, "orders", &connection, "http://localhost/").await;
        events.delete_api_destination().name("orders").send().await.unwrap();
        let again = events.delete_api_destination().name("orders").send().await;
        let message = "Failed to delete the api-destination(s). An api-destination 'orders' does not exist.";
        assert_eq!(refusal(again), not_found(message));
    });
}
