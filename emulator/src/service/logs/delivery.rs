//! What other services send to a log group: each delivery is an event.
//!
//! The sender's key names the stream, which is made where there is none: that is how functions print. Without a key, as
//! from EventBridge, every delivery gets a stream of its own. assumed: how EventBridge names its streams.

use super::log_event::OVERHEAD_BYTES;
use super::log_stream::LogStream;
use super::put_log_events::BYTES_MAX;
use super::{Logs, log_group};
use crate::kernel::{ApiError, Call, Delivery};

impl Logs {
    pub fn take_in(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<(), ApiError> {
        let resource = delivery.to.resource_after("log-group").unwrap_or(&delivery.to.resource);
        let name = resource.strip_suffix(":*").unwrap_or(resource);
        let group = self.groups.get_mut(name).ok_or_else(log_group::not_found)?;
        let message = String::from_utf8_lossy(&delivery.body).into_owned();
        let bytes = message.len() + OVERHEAD_BYTES;
        if bytes > BYTES_MAX {
            return Err(super::put_log_events::too_large(bytes));
        }
        let stream = delivery.key.clone().unwrap_or_else(|| call.ids().uuid());
        group.streams.get_or_insert_with(stream.clone(), || LogStream::new(call.now));
        self.write(name, &stream, vec![(call.now.as_millis(), message)], call)?;
        call.note(stream);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::kernel::delivery::RequestOf;
    use crate::kernel::{Answer, AnyService, Arn, Body, Caller, Clock, EventId, Kernel, Protocol, Realm, Scope, World};
    use crate::wire;

    const TO: &str = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/orders";

    fn start() -> Arc<World> {
        let kernel = Kernel::new(Clock::fitting_the_runtime(), 7);
        let realm: Box<dyn AnyService> = Box::new(Realm::<Logs>::new(|_| Logs::default()));
        World::start(kernel, 7, vec![realm])
    }

    fn ask(world: &World, operation: &str, input: Value) -> Result<Value, ApiError> {
        let service = world.service(0);
        let place = service.operation(operation).expect("it is implemented").place;
        let request = wire::Request::of_document(Protocol::AwsJson1_1, input.to_string().into());
        let (now, scope, caller) = (world.kernel.clock.now(), Scope::default(), Caller::default());
        let mut call = Call::new(&world.kernel, now, &scope, &caller, EventId(0));
        let answer = world.run(0, service.prepare(place, &request)?, &mut call)?.encode(Protocol::AwsJson1_1);
        let Answer::Reply(reply) = answer else { panic!("an answer of one document") };
        let Body::Whole(body) = reply.body else { panic!("an answer of one document") };
        Ok(serde_json::from_slice(&body).expect("it is JSON"))
    }

    fn send(world: &World, to: &str, body: &str, key: Option<&str>) {
        let from = Arn::parse("arn:aws:events:us-east-1:000000000000:rule/orders").expect("it is an ARN");
        let delivery = Delivery::new(from, Arn::parse(to).expect("it is an ARN"), body.to_owned());
        let now = world.kernel.clock.now();
        world.bus.post(now, delivery.with_key(key.map(str::to_owned)), EventId(0));
        world.carry(now);
    }

    fn messages(world: &World) -> Vec<(String, String)> {
        let found = ask(world, "FilterLogEvents", json!({"logGroupName": "/aws/events/orders"})).expect("it is there");
        let text = |event: &Value, name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let events = found["events"].as_array().expect("a list");
        events.iter().map(|event| (text(event, "logStreamName"), text(event, "message"))).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_delivery_is_an_event_in_a_stream_of_its_own_or_of_the_senders() {
        let world = start();
        ask(&world, "CreateLogGroup", json!({"logGroupName": "/aws/events/orders"})).unwrap();
        send(&world, TO, r#"{"id":1}"#, None);
        send(&world, &format!("{TO}:*"), r#"{"id":2}"#, None);
        send(&world, TO, "hello", Some("2026/01/01/[$LATEST]abc"));
        send(&world, TO, "world", Some("2026/01/01/[$LATEST]abc"));
        let found = messages(&world);
        let texts: Vec<&str> = found.iter().map(|(_, message)| message.as_str()).collect();
        assert_eq!(texts, [r#"{"id":1}"#, r#"{"id":2}"#, "hello", "world"]);
        assert!(found[0].0.len() == 36 && found[0].0 != found[1].0, "{found:?}");
        assert_eq!(found[2].0, "2026/01/01/[$LATEST]abc");
        let streams = ask(&world, "DescribeLogStreams", json!({"logGroupName": "/aws/events/orders"})).unwrap();
        assert_eq!(streams["logStreams"].as_array().map(Vec::len), Some(3));
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_group_cannot_take_is_refused_and_told() {
        let world = start();
        send(&world, TO, "{}", None);
        ask(&world, "CreateLogGroup", json!({"logGroupName": "/aws/events/orders"})).unwrap();
        send(&world, TO, &"x".repeat(BYTES_MAX), None);
        send(&world, TO, &"x".repeat(BYTES_MAX - OVERHEAD_BYTES), None);
        assert_eq!(messages(&world).len(), 1);
        let timeline = world.kernel.timeline.to_string();
        assert!(
            timeline.contains("> ResourceNotFoundException: The specified log group does not exist."),
            "{timeline}"
        );
        assert!(timeline.contains("Log event too large: 1048602 bytes exceeds limit of 1048576"), "{timeline}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_operation_may_be_sent_as_well() {
        let world = start();
        let names = json!({"logGroupName": "/aws/events/orders", "logStreamName": "s"});
        ask(&world, "CreateLogGroup", json!({"logGroupName": "/aws/events/orders"})).unwrap();
        ask(&world, "CreateLogStream", names.clone()).unwrap();
        let mut batch = names;
        let now = world.kernel.clock.now();
        batch["logEvents"] = json!([{"timestamp": now.as_millis(), "message": "sent"}]);
        let from = Arn::parse("arn:aws:scheduler:us-east-1:000000000000:schedule/default/s").expect("it is an ARN");
        let mut delivery = Delivery::new(from, Arn::parse(TO).expect("it is an ARN"), batch.to_string());
        delivery.request = Some(RequestOf { service: "logs".to_owned(), operation: "PutLogEvents".to_owned() });
        world.bus.post(now, delivery, EventId(0));
        world.carry(now);
        assert_eq!(messages(&world), [("s".to_owned(), "sent".to_owned())]);
    }
}
