//! Over real sockets and in real time: what the agent does when a service answers, and the answer is no.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_kinesis::config::retry::RetryConfig;
use aws_sdk_kinesis::config::{BehaviorVersion, Region};
use aws_types::SdkConfig;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use rehearsal_pipeline::recommendations::{
    Clients, Delivery, HandleError, Interaction, Outcome, PublishError, SequenceNumber, Settings, handle_record,
    publish, serve,
};
use serde_json::{Value, json};
use tower::ServiceExt;
use wiremock::matchers::header;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::handle::{interaction, profile};
use crate::wire::attribute;

fn clients(server: &MockServer, settings: &Settings) -> Clients {
    let credentials = Credentials::new("AKID", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(RetryConfig::disabled())
        .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
        .endpoint_url(server.uri())
        .build();
    Clients::new(&config, settings)
}

fn impatient() -> Settings {
    Settings { retry_backoff: Duration::from_millis(1), ..Settings::default() }
}

fn answer(target: &str, status: u16, body: &Value) -> Mock {
    let body = ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/x-amz-json-1.0");
    Mock::given(header("x-amz-target", target)).respond_with(body)
}

/// A record whose failure is noted but not announced: the shortest way to PutEvents.
async fn announce_a_failure(server: &MockServer) -> Result<Outcome, HandleError> {
    let mut noted = profile(0);
    noted["last_failure_version"] = json!(1);
    noted["last_failure_reason"] = json!("bad reply");
    let item = json!({"Item": attribute(&noted)["M"]});
    answer("DynamoDB_20120810.GetItem", 200, &item).mount(server).await;
    answer("DynamoDB_20120810.UpdateItem", 200, &json!({})).mount(server).await;
    let settings = impatient();
    let delivery = Delivery { shard_id: "shard-0".to_owned(), sequence_number: SequenceNumber::new("7") };
    let data = interaction().to_string();
    handle_record(&clients(server, &settings), &settings, &delivery, data.as_bytes()).await
}

fn turned_down() -> Mock {
    let entry = json!({"ErrorCode": "InternalFailure", "ErrorMessage": "try again"});
    answer("AWSEvents.PutEvents", 200, &json!({"FailedEntryCount": 1, "Entries": [entry]}))
}

#[tokio::test]
async fn an_entry_that_eventbridge_turns_down_is_put_again() {
    let server = MockServer::start().await;
    turned_down().up_to_n_times(2).expect(2).mount(&server).await;
    let taken = json!({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]});
    answer("AWSEvents.PutEvents", 200, &taken).expect(1).mount(&server).await;
    assert_eq!(announce_a_failure(&server).await, Ok(Outcome::Failed("bad reply".to_owned())));
}

#[tokio::test]
async fn an_entry_that_is_turned_down_three_times_is_trouble() {
    let server = MockServer::start().await;
    turned_down().expect(3).mount(&server).await;
    let error = announce_a_failure(&server).await.expect_err("nothing was announced");
    assert!(error.to_string().contains("InternalFailure: try again"), "{error}");
}

#[tokio::test]
async fn a_reader_gets_the_fallback_while_dynamodb_is_down() {
    let server = MockServer::start().await;
    answer("DynamoDB_20120810.GetItem", 500, &json!({"__type": "InternalServerError"})).expect(1).mount(&server).await;
    let settings = impatient();
    let router = serve::router(clients(&server, &settings), settings);
    let request = Request::get("/recommendations/u_8821").body(Body::empty()).expect("a request");
    let response = router.oneshot(request).await.expect("a router always answers");
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-degraded"], "true");
    let body = to_bytes(response.into_body(), 100_000).await.expect("a whole body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!((&body["source"], &body["degraded"]), (&json!("fallback"), &json!(true)));
}

#[tokio::test]
async fn a_published_interaction_is_what_the_worker_reads() {
    let server = MockServer::start().await;
    let put = json!({"ShardId": "shardId-000000000000", "SequenceNumber": "7"});
    answer("Kinesis_20131202.PutRecord", 200, &put).expect(1).mount(&server).await;
    let settings = impatient();
    let published = Interaction::parse(interaction().to_string().as_bytes()).expect("a whole interaction");
    publish(&clients(&server, &settings), &settings, &published).await.expect("it is put");
    let requests = server.received_requests().await.expect("requests are recorded");
    let body: Value = serde_json::from_slice(&requests[0].body).expect("JSON");
    assert_eq!((&body["PartitionKey"], &body["StreamName"]), (&json!("u_8821"), &json!("user-interactions")));
    let data = aws_smithy_types::base64::decode(body["Data"].as_str().expect("data")).expect("base64");
    assert_eq!(Interaction::parse(&data), Ok(published));
}

#[tokio::test]
async fn what_the_worker_would_park_is_not_published() {
    let server = MockServer::start().await;
    let settings = impatient();
    let mut poison = Interaction::parse(interaction().to_string().as_bytes()).expect("a whole interaction");
    poison.user_id = String::new();
    let result = publish(&clients(&server, &settings), &settings, &poison).await;
    assert!(matches!(result, Err(PublishError::Invalid(_))));
    assert!(server.received_requests().await.expect("requests are recorded").is_empty());
}
