use aws_sdk_eventbridge::types::PutEventsRequestEntry;

use super::{client, create_bus, order, put_rule, validation};
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn every_entry_gets_an_id_in_its_place() {
    on_both_stages(async |stage| {
        let put = client(&stage).put_events().entries(order("{}")).entries(order("{}")).send().await.unwrap();
        assert_eq!(put.failed_entry_count(), 0);
        let ids: Vec<_> = put.entries().iter().map(|entry| entry.event_id().unwrap()).collect();
        assert_eq!(ids.len(), 2);
        assert_ne!(ids[0], ids[1]);
        assert!(put.entries().iter().all(|entry| entry.error_code().is_none()));
    });
}

// Validation

#[test]
fn a_call_carries_1_to_10_entries() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let message = "1 validation error detected: Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1";
        assert_eq!(refusal(events.put_events().set_entries(Some(vec![])).send().await), validation(message));
        let (code, message) = refusal(events.put_events().set_entries(Some(vec![order("{}"); 11])).send().await);
        assert_eq!(code, "ValidationException");
        let end = "at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10";
        assert!(message.starts_with("1 validation error detected: Value '[") && message.ends_with(end), "{message}");
        assert!(events.put_events().set_entries(Some(vec![order("{}"); 10])).send().await.is_ok());
    });
}

#[test]
fn names_are_checked_by_their_place() {
    on_both_stages(async |stage| {
        let entry = PutEventsRequestEntry::builder().event_bus_name("a/b").build();
        let put = client(&stage).put_events().entries(order("{}")).entries(entry).send().await;
        let message = r"1 validation error detected: Value 'a/b' at 'entries.2.member.eventBusName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[\.\-_A-Za-z0-9]+";
        assert_eq!(refusal(put), validation(message));
    });
}

#[test]
fn what_is_wrong_with_one_entry_fails_that_entry() {
    on_both_stages(async |stage| {
        let entry = || PutEventsRequestEntry::builder().source("shop").detail_type("order").detail("{}");
        let reason = |name: &str| format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
        let rows = [
            (entry().set_source(None), "InvalidArgument", reason("Source")),
            (entry().set_detail_type(None), "InvalidArgument", reason("DetailType")),
            (entry().set_detail(None), "InvalidArgument", reason("Detail")),
            (entry().detail("{"), "MalformedDetail", "Detail is malformed.".to_owned()),
            (entry().detail("[]"), "MalformedDetail", "Detail is malformed.".to_owned()),
            (entry().detail("\"text\""), "MalformedDetail", "Detail is malformed.".to_owned()),
            (
                entry().source("aws.shop"),
                "NotAuthorizedForSourceException",
                "Not authorized for the source.".to_owned(),
            ),
        ];
        let good = vec![entry().build()];
        let entries: Vec<_> = good.into_iter().chain(rows.iter().map(|(entry, ..)| entry.clone().build())).collect();
        let put = client(&stage).put_events().set_entries(Some(entries)).send().await.unwrap();
        assert_eq!(put.failed_entry_count(), 7);
        assert!(put.entries()[0].event_id().is_some());
        for ((_, code, message), result) in rows.iter().zip(&put.entries()[1..]) {
            assert_eq!(result.event_id(), None);
            assert_eq!((result.error_code(), result.error_message()), (Some(*code), Some(message.as_str())));
        }
    });
}

#[test]
fn entries_stay_below_1_mb_together() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let of_bytes = |bytes: usize| order(&format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - 8 - "shoporder".len())));
        let put = events.put_events().entries(of_bytes(600_000)).entries(of_bytes((1 << 20) - 600_000)).send().await;
        assert_eq!(refusal(put), validation("Total size of the entries in the request is over the limit."));
        assert!(events.put_events().entries(of_bytes((1 << 20) - 1)).send().await.is_ok());
    });
}

// Behaviour

#[test]
fn the_timeline_says_how_many_rules_matched() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        put_rule(&events, "all").await;
        put_rule(&events, "off").await;
        events.disable_rule().name("off").send().await.unwrap();
        let on = |bus: &str| {
            PutEventsRequestEntry::builder().source("shop").detail_type("d").detail("{}").event_bus_name(bus).build()
        };
        let arn = "arn:aws:events:us-east-1:000000000000:event-bus/default";
        let other = PutEventsRequestEntry::builder().source("zoo").detail_type("d").detail("{}").build();
        let put = events.put_events().entries(on("orders")).entries(on(arn)).entries(other);
        put.entries(order("no object")).send().await.unwrap();
        let timeline = stage.emulator.timeline().to_string();
        let line = timeline.lines().last().unwrap();
        assert!(line.ends_with("PutEvents          default, orders  4 events, 1 matched, 1 failed"), "{timeline}");
    });
}

#[test]
fn an_event_for_a_bus_that_is_not_there_is_dropped_and_the_timeline_says_so() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        let entry = PutEventsRequestEntry::builder().source("shop").detail_type("order").detail("{}");
        let put = events.put_events().entries(entry.event_bus_name("orders").build()).send().await.unwrap();
        assert_eq!(put.failed_entry_count(), 0);
        assert!(put.entries()[0].event_id().is_some());
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.trim_end().ends_with("orders  order, 0 matched, no bus `orders`: dropped"), "{timeline}");
    });
}
