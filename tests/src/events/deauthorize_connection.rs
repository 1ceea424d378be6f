use std::time::Duration;

use aws_sdk_eventbridge::types::{
    ConnectionState, UpdateConnectionApiKeyAuthRequestParameters, UpdateConnectionAuthRequestParameters,
};

use super::create_connection::create_connection;
use super::{client, not_found};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_connection_forgets_its_secrets_and_can_be_authorized_anew() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_connection(&events, "shop").await;
        let done = events.deauthorize_connection().name("shop").send().await.unwrap();
        assert_eq!(done.connection_state(), Some(&ConnectionState::Deauthorizing));
        stage.advance(Duration::from_secs(1)).await;
        let connection = events.describe_connection().name("shop").send().await.unwrap();
        assert_eq!(connection.connection_state(), Some(&ConnectionState::Deauthorized));
        assert!(connection.auth_parameters().unwrap().api_key_auth_parameters().is_none());
        let key = UpdateConnectionApiKeyAuthRequestParameters::builder().api_key_name("k").api_key_value("v").build();
        let parameters = UpdateConnectionAuthRequestParameters::builder().api_key_auth_parameters(key).build();
        let updated = events.update_connection().name("shop").auth_parameters(parameters).send().await.unwrap();
        assert_eq!(updated.connection_state(), Some(&ConnectionState::Authorized));
    });
}

#[test]
fn a_connection_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let done = client(&stage).deauthorize_connection().name("shop").send().await;
        let message = "Failed to deauthorize the connection(s). Connection 'shop' does not exist.";
        assert_eq!(refusal(done), not_found(message));
    });
}
