use aws_sdk_eventbridge::types::{
    ConnectionAuthorizationType, ConnectionHeaderParameter, ConnectionHttpParameters, ConnectionState,
    CreateConnectionAuthRequestParameters, CreateConnectionBasicAuthRequestParameters,
};

use super::{client, not_found};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_connection_is_described_without_its_secrets() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let header = |key: &str, secret: bool| {
            ConnectionHeaderParameter::builder().key(key).value("told").is_value_secret(secret).build()
        };
        let extra = ConnectionHttpParameters::builder();
        let extra =
            extra.header_parameters(header("x-open", false)).header_parameters(header("x-secret", true)).build();
        let basic = CreateConnectionBasicAuthRequestParameters::builder().username("me").password("secret");
        let parameters = CreateConnectionAuthRequestParameters::builder().basic_auth_parameters(basic.build().unwrap());
        let create = events.create_connection().name("shop").description("of the shop");
        let create = create.authorization_type(ConnectionAuthorizationType::Basic);
        create.auth_parameters(parameters.invocation_http_parameters(extra).build()).send().await.unwrap();
        let connection = events.describe_connection().name("shop").send().await.unwrap();
        assert_eq!((connection.name(), connection.description()), (Some("shop"), Some("of the shop")));
        assert_eq!(connection.connection_state(), Some(&ConnectionState::Authorized));
        assert_eq!(connection.authorization_type(), Some(&ConnectionAuthorizationType::Basic));
        assert!(connection.last_authorized_time().is_some());
        let secret = connection.secret_arn().unwrap();
        let start = "arn:aws:secretsmanager:us-east-1:000000000000:secret:events!connection/shop/";
        assert_eq!(secret.strip_prefix(start).map(str::len), Some(36 + 7), "{secret}");
        let parameters = connection.auth_parameters().unwrap();
        assert_eq!(parameters.basic_auth_parameters().and_then(|basic| basic.username()), Some("me"));
        let shown = parameters.invocation_http_parameters().unwrap().header_parameters();
        let shown: Vec<_> = shown.iter().map(|one| (one.key(), one.value(), one.is_value_secret())).collect();
        assert_eq!(shown, [(Some("x-open"), Some("told"), false), (Some("x-secret"), None, true)]);
        assert!(!format!("{connection:?}").contains("\"secret\""));
    });
}

#[test]
fn a_connection_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let described = client(&stage).describe_connection().name("shop").send().await;
        let message = "Failed to describe the connection(s). Connection 'shop' does not exist.";
        assert_eq!(refusal(described), not_found(message));
    });
}
