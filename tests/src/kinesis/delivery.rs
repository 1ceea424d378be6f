//! What other services send to a stream.

use rehearsal_emulator::kernel::timeline::{Kind, Outcome};
use rehearsal_emulator::kernel::{Arn, Delivery, EventId};

use super::{SHARD, arn, client, read, stream_not_found, text, with_stream};
use crate::stage::{Stage, on_both_stages};

/// Puts a delivery on the bus; the next request carries it.
async fn deliver(stage: &Stage, key: Option<&str>) {
    let from = Arn::parse("arn:aws:events:us-east-1:000000000000:rule/to-orders").expect("it is an ARN");
    let to = Arn::parse(&arn("orders")).expect("it is an ARN");
    let delivery = Delivery::new(from, to, "{\"id\":1}").with_key(key.map(str::to_owned));
    stage.emulator.world().bus.post(stage.emulator.clock().now(), delivery, EventId(1));
    client(stage).list_streams().send().await.expect("it lists");
}

#[test]
fn a_delivery_becomes_a_record_whose_writer_is_the_hop() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        deliver(&stage, Some("a")).await;
        deliver(&stage, None).await;
        let records = read(&client, "orders", SHARD).await;
        assert_eq!((records[0].partition_key.as_deref(), text(&records[0])), (Some("a"), "{\"id\":1}"));
        let events = stage.emulator.timeline().events();
        let hop = events.iter().find(|event| event.kind == Kind::Hop).expect("there was a delivery");
        assert_eq!((&hop.outcome, hop.detail.as_str()), (&Outcome::Done, SHARD));
        let reading = events.iter().find(|event| event.action == "GetRecords").expect("it was read");
        assert_eq!(reading.cause.map(|cause| cause.event), Some(hop.id));
        let other = read(&client, "orders", "shardId-000000000001").await;
        assert_eq!(records.len() + other.len(), 2);
    });
}

#[test]
fn a_delivery_to_no_stream_fails_on_the_timeline() {
    on_both_stages(|stage| async move {
        deliver(&stage, Some("a")).await;
        let events = stage.emulator.timeline().events();
        let hop = events.iter().find(|event| event.kind == Kind::Hop).expect("there was a delivery");
        let (code, message) = stream_not_found("orders");
        assert_eq!(hop.outcome, Outcome::Error { code, message });
    });
}
