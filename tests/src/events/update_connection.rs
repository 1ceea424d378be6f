use aws_sdk_eventbridge::types::{
    ConnectionAuthorizationType, ConnectionState, UpdateConnectionApiKeyAuthRequestParameters,
    UpdateConnectionAuthRequestParameters, UpdateConnectionBasicAuthRequestParameters,
};

use super::create_connection::create_connection;
use super::{client, not_found, validation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_connection_takes_another_name_for_its_key_or_another_kind_of_authorization() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_connection(&events, "shop").await;
        let key = UpdateConnectionApiKeyAuthRequestParameters::builder().api_key_name("x-token").build();
        let parameters = UpdateConnectionAuthRequestParameters::builder().api_key_auth_parameters(key).build();
        let updated = events.update_connection().name("shop").auth_parameters(parameters).send().await.unwrap();
        assert_eq!(updated.connection_state(), Some(&ConnectionState::Authorized));
        let parameters = async || {
            let connection = events.describe_connection().name("shop").send().await.unwrap();
            connection.auth_parameters.unwrap()
        };
        let shown = parameters().await;
        assert_eq!(shown.api_key_auth_parameters().and_then(|key| key.api_key_name()), Some("x-token"));
        let basic = UpdateConnectionBasicAuthRequestParameters::builder().username("me").password("p").build();
        let changed = UpdateConnectionAuthRequestParameters::builder().basic_auth_parameters(basic).build();
        let update = events.update_connection().name("shop").authorization_type(ConnectionAuthorizationType::Basic);
        let without = update.clone().send().await;
        let message = "Parameter AuthParameters is not valid. Reason: BasicAuthParameters must be specified for the AuthorizationType.";
        assert_eq!(refusal(without), validation(message));
        update.auth_parameters(changed).send().await.unwrap();
        let shown = parameters().await;
        assert!(shown.api_key_auth_parameters().is_none() && shown.basic_auth_parameters().is_some(), "{shown:?}");
    });
}

#[test]
fn a_connection_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let updated = client(&stage).update_connection().name("shop").send().await;
        let message = "Failed to update the connection(s). Connection 'shop' does not exist.";
        assert_eq!(refusal(updated), not_found(message));
    });
}
