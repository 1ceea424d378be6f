//! A panic inside an operation is our mistake: answered 500, on the timeline, and the next request is served.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use rehearsal_emulator::gateway::browser::Hosts;
use rehearsal_emulator::gateway::{Gateway, admin};
use rehearsal_emulator::kernel::{
    AnyOperation, ApiError, Call, Clock, Kernel, Operation, Protocol, Realm, Service, ServiceDescription, Timestamp,
    World,
};
use rehearsal_emulator::{Kind, Outcome};
use serde_json::{Value, json};

/// A service that counts its calls and breaks when it is told to.
#[derive(Default)]
struct Fragile {
    calls: u32,
    /// When it falls down by itself.
    falls: Option<Timestamp>,
}

const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: "fragile",
    title: "Amazon Fragile",
    signing_name: "fragile",
    target_prefix: "Fragile",
    protocol: Protocol::AwsJson1_0,
    body_bytes_max: 1000,
    error_namespace: |_| "",
    crc32: false,
    cbor: false,
    throttled: |_| ApiError::internal(),
    not_implemented: &[],
    not_implemented_at: &[],
    differences: &[],
};

impl Service for Fragile {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[&Touch, &Unreadable, &Unwritable];

    fn next_due(&self) -> Option<Timestamp> {
        self.falls
    }

    fn run_due(&mut self, _: &mut Call<'_>) {
        self.falls = None;
        panic!("the shelf broke");
    }
}

struct Touch;

impl Operation for Touch {
    type Service = Fragile;
    type Input = Value;
    type Output = Value;
    const NAME: &'static str = "Touch";

    fn resource(_: &Value) -> String {
        "vase".to_owned()
    }

    fn run(input: Value, state: &mut Fragile, call: &mut Call<'_>) -> Result<Value, ApiError> {
        state.calls += 1;
        state.falls = (state.calls == 1).then(|| call.now + Duration::from_mins(1));
        assert!(input["gently"] == true, "the vase fell");
        Ok(json!({ "Calls": state.calls }))
    }
}

/// Breaks while its request is decoded.
struct Unreadable;

struct Blot;

impl<'de> serde::Deserialize<'de> for Blot {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("the ink ran")
    }
}

impl Operation for Unreadable {
    type Service = Fragile;
    type Input = Blot;
    type Output = Value;
    const NAME: &'static str = "Unreadable";

    fn resource(_: &Blot) -> String {
        String::new()
    }

    fn run(_: Blot, _: &mut Fragile, _: &mut Call<'_>) -> Result<Value, ApiError> {
        Ok(json!({}))
    }
}

/// Breaks while its answer is encoded.
struct Unwritable;

impl serde::Serialize for Blot {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("the pen broke")
    }
}

impl Operation for Unwritable {
    type Service = Fragile;
    type Input = Value;
    type Output = Blot;
    const NAME: &'static str = "Unwritable";

    fn resource(_: &Value) -> String {
        String::new()
    }

    fn run(_: Value, _: &mut Fragile, _: &mut Call<'_>) -> Result<Blot, ApiError> {
        Ok(Blot)
    }
}

async fn touch(gateway: &Gateway, gently: bool) -> (u16, Option<String>, Value) {
    call(gateway, "Touch", json!({ "gently": gently })).await
}

async fn call(gateway: &Gateway, operation: &str, input: Value) -> (u16, Option<String>, Value) {
    let request = Request::post("/").header("x-amz-target", format!("Fragile.{operation}"));
    let request = request.body(Body::from(input.to_string())).unwrap();
    let (parts, body) = gateway.handle(request).await.expect("there is an answer").into_parts();
    let id = parts.headers.get("x-amzn-requestid").map(|id| id.to_str().unwrap().to_owned());
    let body = body.collect().await.expect("the body is whole").to_bytes();
    (parts.status.as_u16(), id, serde_json::from_slice(&body).expect("the answer is JSON"))
}

fn start() -> (Arc<World>, Gateway) {
    let kernel = Kernel::new(Clock::fitting_the_runtime(), 7);
    let world = World::start(kernel, 7, vec![Box::new(Realm::<Fragile>::new(|_| Fragile::default()))]);
    let gateway = Gateway::new(
        Arc::clone(&world),
        None,
        Hosts::default(),
        admin::router(Arc::clone(&world), axum::Router::new()),
    );
    (world, gateway)
}

#[tokio::test(start_paused = true)]
async fn work_that_breaks_when_it_falls_due_is_shown_and_the_clock_goes_on() {
    let (world, gateway) = start();
    for calls in [1, 2] {
        touch(&gateway, true).await;
        world.advance(Duration::from_mins(2)).await;
        let shown = world.kernel.timeline.to_string();
        assert_eq!(shown.matches("REHEARSAL PANICKED: the shelf broke").count(), 1, "after {calls} calls\n{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_answered_500_and_shown_and_the_next_request_is_served() {
    let (world, gateway) = start();
    assert_eq!(touch(&gateway, true).await.2, json!({"Calls": 1}));

    let (status, request_id, answer) = touch(&gateway, false).await;
    assert_eq!(status, 500, "{answer}");
    assert!(answer["__type"].as_str().is_some_and(|code| code.ends_with("InternalFailure")), "{answer}");
    assert!(request_id.is_some_and(|id| id.len() == 36), "even then there is a request id");
    assert!(!answer.to_string().contains("vase"), "what broke is our business: {answer}");

    assert_eq!(touch(&gateway, true).await.2, json!({"Calls": 3}), "the state lives on");
    let events = world.kernel.timeline.events();
    let panicked = Outcome::Panic { message: "the vase fell".to_owned() };
    assert_eq!((events[1].kind, &events[1].outcome), (Kind::Request, &panicked));
    assert_eq!((&events[0].outcome, &events[2].outcome), (&Outcome::Done, &Outcome::Done));
    assert!(world.kernel.timeline.to_string().contains("vase  > REHEARSAL PANICKED: the vase fell"));
}

#[tokio::test(start_paused = true)]
async fn decoding_and_encoding_are_no_exception() {
    let (world, gateway) = start();
    for operation in ["Unreadable", "Unwritable"] {
        let (status, _, answer) = call(&gateway, operation, json!({})).await;
        assert_eq!(status, 500, "{operation}: {answer}");
    }
    let shown = world.kernel.timeline.to_string();
    assert!(shown.contains("Unreadable           > InternalFailure"), "{shown}");
    assert!(shown.contains("REHEARSAL PANICKED: the pen broke"), "{shown}");
    assert_eq!(touch(&gateway, true).await.0, 200);
}
