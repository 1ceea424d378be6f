//! An action's way to a function and back, with a service that stands in for Lambda.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::kernel::realm::{AnyService, Realm};
use crate::kernel::{
    Answer, AnyOperation, ApiError, Arn, Body, Call, Caller, Clock, Delivery, EventId, Kernel, Live, Next, Protocol,
    Receipt, Scope, Service, ServiceDescription, Timestamp, World,
};
use crate::service::bedrock::agent_runtime;
use crate::service::bedrock::script::{Reply, Rule, When};
use crate::service::bedrock::{Actor, Bedrock};
use crate::wire;

/// What a function returns, and the attributes of its delivery.
type Answered = (Value, Vec<(String, String)>);

/// Runs every function in the same way, and keeps what it was sent.
struct Functions {
    run: fn(&Value) -> Answered,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Service for Functions {
    const DESCRIPTION: &'static ServiceDescription =
        &ServiceDescription { name: "lambda", title: "Lambda", signing_name: "lambda", ..agent_runtime::DESCRIPTION };
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[];

    fn receive(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Receipt, ApiError> {
        let event: Value = serde_json::from_slice(&delivery.body).expect("an event is JSON");
        let (answer, attributes) = (self.run)(&event);
        self.events.lock().expect("nobody has panicked").push(event);
        let mut back = Delivery::new(delivery.to.clone(), delivery.from.clone(), answer.to_string());
        back.attributes = attributes;
        call.send(back);
        Ok(Receipt::Taken)
    }
}

const START: Timestamp = Timestamp::from_secs(1000);

fn rule(turn: u32, reply: Reply) -> Rule {
    let when = When { turn: Some(turn), ..When::default() };
    let yaml = "replies: [{text: a}]";
    let rule: Rule = serde_saphyr::from_str(yaml).expect("it is a rule");
    Rule { when, replies: vec![reply], ..rule }
}

/// What an agent says that asks a function for an order. Without functions, nobody is there.
fn play(functions: Option<Functions>) -> Vec<(String, Value)> {
    let actor = Actor::default();
    actor.mount(rule(0, Reply::tool_use("orders__get_order", json!({"id": 7})))).expect("it is a rule");
    actor.mount(rule(1, Reply::text("Shipped."))).expect("it is a rule");
    let bedrock: Realm<Bedrock> = Realm::new(move |_| Bedrock::new(actor.clone()));
    let runtime = bedrock.view(&agent_runtime::DESCRIPTION, agent_runtime::OPERATIONS);
    let mut services: Vec<Box<dyn AnyService>> = vec![Box::new(bedrock), Box::new(runtime)];
    if let Some(Functions { run, events }) = functions {
        services.push(Box::new(Realm::new(move |_| Functions { run, events: Arc::clone(&events) })));
    }
    let world = World::start(Kernel::new(Clock::starting_at(START), 0), 0, services);
    let (scope, caller) = (Scope::default(), Caller::default());
    let call = || Call::new(&world.kernel, START, &scope, &caller, EventId(1));
    let function = Arn::new("lambda", &scope, "function:orders");
    let request = json!({
        "sessionId": "s-1",
        "foundationModel": "anthropic.claude-3-haiku-20240307-v1:0",
        "instruction": "You help customers of a shop with their orders.",
        "inputText": "Where is order 7?",
        "inlineSessionState": {"sessionAttributes": {"user": "u_7"}},
        "actionGroups": [{
            "actionGroupName": "orders",
            "actionGroupExecutor": {"lambda": function},
            "functionSchema": {"functions": [{"name": "get_order", "parameters": {"id": {"type": "integer", "required": true}}}]},
        }],
    });
    let request = wire::Request::of_document(Protocol::RestJson1, request.to_string().into());
    let found = world.service(1).operation("InvokeInlineAgent").expect("it is there");
    let ready = world.service(1).prepare(found.place, &request).expect("it is a request");
    let begun = world.run(1, ready, &mut call()).expect("it begins");
    let Answer::Reply(reply) = begun.encode(Protocol::RestJson1) else { panic!("it is a reply") };
    let Body::Live(Live { mut feed, .. }) = reply.body else { panic!("it goes on") };
    let mut events = Vec::new();
    // What comes back wakes the one who waits: it is there at the next look.
    for _ in 0..100 {
        match world.ask(&mut *feed, &mut call()) {
            Next::Frame(frame) => events.push(read(&frame)),
            Next::Wait(_) => {}
            Next::End(_) => return events,
        }
    }
    panic!("it does not end: {events:?}")
}

/// The name of an event, and what it says.
fn read(frame: &[u8]) -> (String, Value) {
    let headers = u32::from_be_bytes(frame[4..8].try_into().expect("these are four")) as usize;
    let text = String::from_utf8_lossy(&frame[12..12 + headers]).into_owned();
    let names = ["chunk", "dependencyFailedException", "returnControl"];
    let name = names.into_iter().find(|name| text.contains(name)).unwrap_or("another").to_owned();
    (name, serde_json::from_slice(&frame[12 + headers..frame.len() - 4]).expect("a payload is JSON"))
}

fn found(_event: &Value) -> Answered {
    let body = json!({"TEXT": {"body": "on its way"}});
    let response =
        json!({"actionGroup": "orders", "function": "get_order", "functionResponse": {"responseBody": body}});
    (json!({"messageVersion": "1.0", "response": response}), Vec::new())
}

fn broken(_event: &Value) -> Answered {
    let attributes = vec![(super::super::action_event::FUNCTION_ERROR.to_owned(), "Unhandled".to_owned())];
    (json!({"errorMessage": "boom", "errorType": "Error"}), attributes)
}

#[tokio::test(start_paused = true)]
async fn what_a_function_answers_comes_back_into_the_turn() {
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = play(Some(Functions { run: found, events: Arc::clone(&events) }));
    let [(name, chunk)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!(name, "chunk");
    assert_eq!(chunk["bytes"], STANDARD.encode("Shipped."));
    let events = events.lock().expect("nobody has panicked");
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!(event["messageVersion"], "1.0");
    assert_eq!((&event["actionGroup"], &event["function"]), (&json!("orders"), &json!("get_order")));
    assert_eq!(event["parameters"], json!([{"name": "id", "type": "integer", "value": "7"}]));
    assert_eq!((&event["sessionId"], &event["inputText"]), (&json!("s-1"), &json!("Where is order 7?")));
    assert_eq!(event["sessionAttributes"], json!({"user": "u_7"}));
}

#[tokio::test(start_paused = true)]
async fn a_function_that_fails_or_is_not_there_is_a_failed_dependency() {
    let failing = Functions { run: broken, events: Arc::default() };
    for (functions, part) in [(Some(failing), "Received failed response from API execution"), (None, "lambda")] {
        let heard = play(functions);
        let [(name, exception)] = &heard[..] else { panic!("{heard:?}") };
        assert_eq!(name, "dependencyFailedException");
        let message = exception["message"].as_str().unwrap_or_default();
        assert!(message.contains(part), "{message}");
    }
}
