//! What other services send to a queue, over the bus.

use rehearsal_emulator::kernel::timeline::{EventId, Outcome};
use rehearsal_emulator::kernel::{Arn, Delivery};

use super::{ARN, client, create, create_fifo, receive_one, system_attribute};
use crate::stage::{Stage, in_virtual_time};

/// Sends over the bus, as a rule would.
async fn deliver(stage: &Stage, to: &str, change: impl FnOnce(&mut Delivery)) {
    let from = Arn::parse("arn:aws:events:us-east-1:000000000000:rule/all").unwrap();
    let mut delivery = Delivery::new(from, Arn::parse(&format!("{ARN}:{to}")).unwrap(), "hello");
    change(&mut delivery);
    let world = stage.emulator.world();
    let now = stage.emulator.clock().now();
    world.bus.post(now, delivery, EventId(0));
    world.carry(now);
}

fn last_outcome(stage: &Stage) -> Outcome {
    stage.emulator.timeline().events().pop().unwrap().outcome
}

#[test]
fn a_delivery_becomes_a_message_with_its_attributes_and_its_group() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let fifo = create_fifo(&sqs, "orders.fifo").await;
        deliver(&stage, "orders", |delivery| delivery.attributes.push(("RULE_ARN".to_owned(), "r".to_owned()))).await;
        let message = receive_one(&sqs, &url).await;
        assert_eq!(message.body(), Some("hello"));
        assert_eq!(message.message_attributes().unwrap()["RULE_ARN"].string_value(), Some("r"));
        deliver(&stage, "orders.fifo", |delivery| delivery.key = Some("g".to_owned())).await;
        let message = receive_one(&sqs, &fifo).await;
        assert_eq!(
            system_attribute(&message, aws_sdk_sqs::types::MessageSystemAttributeName::MessageGroupId),
            Some("g")
        );
    });
}

#[test]
fn a_queue_refuses_a_delivery_as_it_refuses_a_message() {
    in_virtual_time(async |stage| {
        create_fifo(&client(&stage), "orders.fifo").await;
        for (to, code) in [("none", "QueueDoesNotExist"), ("orders.fifo", "MissingRequiredParameterException")] {
            deliver(&stage, to, |_| {}).await;
            let Outcome::Error { code: found, .. } = last_outcome(&stage) else { panic!("{to} took it") };
            assert_eq!(found, code);
        }
    });
}
