//! API destinations: real calls of a web server, under virtual time and over sockets.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{
    ConnectionAuthorizationType, ConnectionOAuthHttpMethod, ConnectionState, CreateConnectionAuthRequestParameters,
    CreateConnectionOAuthClientRequestParameters, CreateConnectionOAuthRequestParameters, HttpParameters, Target,
};
use rehearsal_emulator::{Kind, Outcome};
use serde_json::json;
use wiremock::matchers::{any, header, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::create_api_destination::create_api_destination;
use super::create_connection::{basic, create_connection};
use super::{ROLE, client, order, put_rule, put_target};
use crate::stage::{Stage, in_virtual_time, on_both_stages};

fn target(arn: &str) -> Target {
    Target::builder().id("api").arn(arn).role_arn(ROLE).build().unwrap()
}

/// A rule that sends the shop's events to that path of a server, by an API key.
async fn send_to(events: &Client, endpoint: &str) {
    let connection = create_connection(events, "shop").await;
    let destination = create_api_destination(events, "orders", &connection, endpoint).await;
    put_rule(events, "all").await;
    put_target(events, "all", target(&destination)).await;
}

async fn put_order(events: &Client) {
    events.put_events().entries(order(r#"{"user":"u 1"}"#)).send().await.unwrap();
}

async fn answers(server: &MockServer, answer: ResponseTemplate, times: u64) {
    Mock::given(any()).respond_with(answer).up_to_n_times(times).mount(server).await;
}

async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

fn header_of(request: &Request, name: &str) -> Option<String> {
    request.headers.get(name).map(|value| value.to_str().unwrap().to_owned())
}

/// What became of the attempts, by their codes.
fn outcomes(stage: &Stage) -> Vec<String> {
    let hops = stage.emulator.timeline().events().into_iter().filter(|event| event.kind == Kind::Hop);
    let outcome = |outcome: Outcome| match outcome {
        Outcome::Error { code, .. } => code,
        other => format!("{other:?}"),
    };
    hops.map(|hop| outcome(hop.outcome)).collect()
}

#[test]
fn an_event_is_sent_as_aws_sends_it() {
    on_both_stages(async |stage| {
        let (events, server) = (client(&stage), MockServer::start().await);
        answers(&server, ResponseTemplate::new(200), 1).await;
        send_to(&events, &format!("{}/orders?a=b", server.uri())).await;
        put_order(&events).await;
        stage.advance(Duration::ZERO).await;
        let sent = requests(&server).await;
        assert_eq!(sent.len(), 1);
        let request = &sent[0];
        assert_eq!(
            (request.method.as_str(), request.url.path(), request.url.query()),
            ("POST", "/orders", Some("a=b"))
        );
        let event: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(event["detail"], json!({"user": "u 1"}));
        let names = ["x-api-key", "user-agent", "content-type", "range", "accept-encoding"];
        let headers: Vec<_> = names.iter().map(|name| header_of(request, name).unwrap_or_default()).collect();
        let expected = [
            "secret",
            "Amazon/EventBridge/ApiDestinations",
            "application/json; charset=utf-8",
            "bytes=0-1048575",
            "gzip,deflate",
        ];
        assert_eq!(headers, expected);
        assert_eq!(outcomes(&stage), ["Done"]);
        assert!(stage.emulator.timeline().to_string().contains("HTTP 200"), "{}", stage.emulator.timeline());
    });
}

#[test]
fn parameters_of_the_target_are_taken_from_the_event() {
    on_both_stages(async |stage| {
        let (events, server) = (client(&stage), MockServer::start().await);
        answers(&server, ResponseTemplate::new(200), 1).await;
        let connection = create_connection(&events, "shop").await;
        let endpoint = format!("{}/users/*/orders", server.uri());
        let arn = create_api_destination(&events, "orders", &connection, &endpoint).await;
        let parameters = HttpParameters::builder().path_parameter_values("$.detail.user");
        let parameters = parameters.header_parameters("X-Source", "$.source").query_string_parameters("kind", "order");
        let target = Target::builder().id("api").arn(arn).role_arn(ROLE).http_parameters(parameters.build());
        put_rule(&events, "all").await;
        put_target(&events, "all", target.build().unwrap()).await;
        put_order(&events).await;
        stage.advance(Duration::ZERO).await;
        let sent = requests(&server).await;
        assert_eq!((sent[0].url.path(), sent[0].url.query()), ("/users/u%201/orders", Some("kind=order")));
        assert_eq!(header_of(&sent[0], "x-source").as_deref(), Some("shop"));
    });
}

#[test]
fn a_server_that_fails_is_called_again_until_it_does_not() {
    on_both_stages(async |stage| {
        let (events, server) = (client(&stage), MockServer::start().await);
        answers(&server, ResponseTemplate::new(503), 1).await;
        answers(&server, ResponseTemplate::new(409), 1).await;
        answers(&server, ResponseTemplate::new(204), 1).await;
        send_to(&events, &server.uri()).await;
        put_order(&events).await;
        stage.advance(Duration::from_secs(30)).await;
        assert_eq!(outcomes(&stage), ["ERROR_FROM_TARGET", "SDK_CLIENT_ERROR", "Done"]);
        let sent = requests(&server).await;
        assert!(sent.len() == 3 && sent.iter().all(|request| request.body == sent[0].body));
    });
}

#[test]
fn a_server_that_says_when_is_left_alone_until_then() {
    in_virtual_time(async |stage| {
        let (events, server) = (client(&stage), MockServer::start().await);
        answers(&server, ResponseTemplate::new(429).insert_header("retry-after", "90"), 1).await;
        answers(&server, ResponseTemplate::new(200), 1).await;
        send_to(&events, &server.uri()).await;
        put_order(&events).await;
        stage.advance(Duration::from_secs(89)).await;
        assert_eq!(requests(&server).await.len(), 1);
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(requests(&server).await.len(), 2);
    });
}

#[test]
fn what_no_retry_mends_is_sent_once() {
    on_both_stages(async |stage| {
        for status in [302, 400, 404] {
            let (events, server) = (client(&stage), MockServer::start().await);
            answers(&server, ResponseTemplate::new(status).insert_header("location", "/elsewhere"), 5).await;
            let connection = create_connection(&events, &format!("c{status}")).await;
            let arn = create_api_destination(&events, &format!("d{status}"), &connection, &server.uri()).await;
            put_rule(&events, "all").await;
            put_target(&events, "all", target(&arn)).await;
            put_order(&events).await;
            stage.advance(Duration::from_hours(1)).await;
            assert_eq!(requests(&server).await.len(), 1, "{status}");
            let timeline = stage.emulator.timeline().to_string();
            assert!(timeline.contains(&format!("returned HTTP status code {status}")), "{timeline}");
        }
    });
}

#[test]
fn a_server_that_is_not_there_is_tried_again() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        send_to(&events, &format!("http://{free}/")).await;
        put_order(&events).await;
        stage.advance(Duration::from_secs(2)).await;
        let outcomes = outcomes(&stage);
        assert!(outcomes.len() > 1 && outcomes.iter().all(|code| code == "CONNECTION_FAILURE"), "{outcomes:?}");
    });
}

#[test]
fn calls_come_at_the_rate_of_the_destination() {
    in_virtual_time(async |stage| {
        let (events, server) = (client(&stage), MockServer::start().await);
        answers(&server, ResponseTemplate::new(200), 10).await;
        send_to(&events, &server.uri()).await;
        events.update_api_destination().name("orders").invocation_rate_limit_per_second(2).send().await.unwrap();
        for _ in 0..5 {
            put_order(&events).await;
        }
        let mut called = Vec::new();
        for millis in [0, 499, 1, 500, 499, 1, 5_000] {
            stage.advance(Duration::from_millis(millis)).await;
            called.push(requests(&server).await.len());
        }
        assert_eq!(called, [2, 2, 3, 4, 4, 5, 5]);
    });
}

#[test]
fn name_and_password_go_with_every_call() {
    on_both_stages(async |stage| {
        let (events, server) = (client(&stage), MockServer::start().await);
        answers(&server, ResponseTemplate::new(200), 1).await;
        let create = events.create_connection().name("shop").authorization_type(ConnectionAuthorizationType::Basic);
        let connection = create.auth_parameters(basic("me", "pass")).send().await.unwrap().connection_arn.unwrap();
        let arn = create_api_destination(&events, "orders", &connection, &server.uri()).await;
        put_rule(&events, "all").await;
        put_target(&events, "all", target(&arn)).await;
        put_order(&events).await;
        stage.advance(Duration::ZERO).await;
        assert_eq!(header_of(&requests(&server).await[0], "authorization").as_deref(), Some("Basic bWU6cGFzcw=="));
    });
}

/// A connection that asks `/token` of the server for tokens.
pub async fn create_oauth_connection(events: &Client, server: &MockServer) -> String {
    let secrets = CreateConnectionOAuthClientRequestParameters::builder().client_id("me").client_secret("secret");
    let oauth = CreateConnectionOAuthRequestParameters::builder().client_parameters(secrets.build().unwrap());
    let oauth = oauth.authorization_endpoint(format!("{}/token", server.uri()));
    let oauth = oauth.http_method(ConnectionOAuthHttpMethod::Post).build().unwrap();
    let parameters = CreateConnectionAuthRequestParameters::builder().o_auth_parameters(oauth).build();
    let create = events.create_connection().name("shop").auth_parameters(parameters);
    let create = create.authorization_type(ConnectionAuthorizationType::OauthClientCredentials);
    let created = create.send().await.unwrap();
    assert_eq!(created.connection_state(), Some(&ConnectionState::Authorizing));
    created.connection_arn.unwrap()
}

pub fn token(value: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"access_token": value, "expires_in": 3600}))
}

#[test]
fn a_token_is_kept_until_it_is_turned_down_or_expires() {
    on_both_stages(async |stage| {
        let (events, server) = (client(&stage), MockServer::start().await);
        for value in ["t1", "t2", "t3"] {
            Mock::given(path("/token")).respond_with(token(value)).up_to_n_times(1).mount(&server).await;
        }
        let connection = create_oauth_connection(&events, &server).await;
        stage.advance(Duration::ZERO).await;
        let described = events.describe_connection().name("shop").send().await.unwrap();
        assert_eq!(described.connection_state(), Some(&ConnectionState::Authorized), "{:?}", described.state_reason());
        let arn = create_api_destination(&events, "orders", &connection, &format!("{}/orders", server.uri())).await;
        put_rule(&events, "all").await;
        put_target(&events, "all", target(&arn)).await;
        // The first token is good for two calls, and then it is not.
        let good = Mock::given(path("/orders")).and(header("authorization", "Bearer t1"));
        good.respond_with(ResponseTemplate::new(200)).up_to_n_times(2).mount(&server).await;
        let bad = Mock::given(path("/orders")).and(header("authorization", "Bearer t1"));
        bad.respond_with(ResponseTemplate::new(401)).mount(&server).await;
        Mock::given(path("/orders")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
        for _ in 0..3 {
            put_order(&events).await;
            stage.advance(Duration::ZERO).await;
        }
        stage.advance(Duration::from_secs(5)).await;
        stage.advance(Duration::from_hours(2)).await;
        put_order(&events).await;
        stage.advance(Duration::ZERO).await;
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        for request in requests(&server).await.iter().filter(|request| request.url.path() == "/orders") {
            *used.entry(header_of(request, "authorization").unwrap_or_default()).or_default() += 1;
        }
        let expected = [("Bearer t1", 3), ("Bearer t2", 1), ("Bearer t3", 1)];
        assert_eq!(used, expected.map(|(token, times)| (token.to_owned(), times)).into());
        let asked = requests(&server).await;
        let asked = asked.iter().find(|request| request.url.path() == "/token").unwrap();
        let form = String::from_utf8_lossy(&asked.body).into_owned();
        assert_eq!(form, "grant_type=client_credentials&client_id=me&client_secret=secret");
    });
}

#[test]
fn a_connection_that_gets_no_token_is_not_authorized_and_calls_nobody() {
    on_both_stages(async |stage| {
        let (events, server) = (client(&stage), MockServer::start().await);
        answers(&server, ResponseTemplate::new(403), 1).await;
        let connection = create_oauth_connection(&events, &server).await;
        stage.advance(Duration::ZERO).await;
        let described = events.describe_connection().name("shop").send().await.unwrap();
        assert_eq!(described.connection_state(), Some(&ConnectionState::Deauthorized));
        let reason = "Failed to authorize the connection: the authorization endpoint answered 403.";
        assert_eq!(described.state_reason(), Some(reason));
        let arn = create_api_destination(&events, "orders", &connection, &server.uri()).await;
        put_rule(&events, "all").await;
        put_target(&events, "all", target(&arn)).await;
        put_order(&events).await;
        stage.advance(Duration::from_secs(5)).await;
        assert_eq!(requests(&server).await.len(), 1);
        assert_eq!(outcomes(&stage), ["ERROR_FROM_TARGET", "SDK_CLIENT_ERROR"]);
    });
}
