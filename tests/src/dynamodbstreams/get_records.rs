//! GetRecords.

use std::time::Duration;

use aws_sdk_dynamodb::types::{StreamViewType, TimeToLiveSpecification};
use aws_sdk_dynamodbstreams::operation::get_records::GetRecordsOutput;
use aws_sdk_dynamodbstreams::types::{Record, ShardIteratorType};
use rehearsal_emulator::kernel::timeline::Link;

use super::{DAY, HOUR, Streamed, event, id_of, invalid, members, number, raw, raw_refusal, text};
use crate::dynamodb::fixture::{item, n, put, s, validation};
use crate::stage::{on_both_stages, refusal};

impl Streamed {
    async fn page(&self, iterator: &str) -> GetRecordsOutput {
        self.streams.get_records().shard_iterator(iterator).send().await.expect("the iterator is good")
    }

    async fn update(&self, id: &str, n: &str) {
        let update = self.tables.update_item().table_name(self.name).key("id", s(id));
        let update = update.update_expression("SET n = :n").expression_attribute_values(":n", s(n));
        update.send().await.expect("the item is updated");
    }
}

fn events(page: &GetRecordsOutput) -> Vec<String> {
    page.records().iter().map(event).collect()
}

/// The attribute `n` of the new and the old image.
fn images(record: &Record) -> (Option<&str>, Option<&str>) {
    let body = record.dynamodb.as_ref().expect("a record has a body");
    let new = body.new_image.as_ref().map(|image| text(&image["n"]));
    (new, body.old_image.as_ref().map(|image| text(&image["n"])))
}

// Serialisation

#[test]
fn a_record_has_what_aws_sends() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::NewAndOldImages).await;
        orders.put("a", "1").await;
        let iterator = orders.iterator(&orders.open_shard().await, ShardIteratorType::TrimHorizon).await;
        assert!(iterator.starts_with(&format!("{}|1|AAAAAAAAAA", orders.arn)), "{iterator}");
        let (_, body) = raw(&stage, "GetRecords", &format!(r#"{{"ShardIterator":"{iterator}"}}"#)).await;
        assert_eq!(members(&body), ["NextShardIterator", "Records"]);
        let record = &body["Records"][0];
        assert_eq!(members(record), ["awsRegion", "dynamodb", "eventID", "eventName", "eventSource", "eventVersion"]);
        assert_eq!(record["eventID"].as_str().unwrap().len(), 32);
        assert_eq!(record["eventName"], "INSERT");
        assert_eq!((&record["eventSource"], &record["eventVersion"]), (&"aws:dynamodb".into(), &"1.1".into()));
        assert_eq!(record["awsRegion"], "us-east-1");
        let written = &record["dynamodb"];
        assert_eq!(
            members(written),
            ["ApproximateCreationDateTime", "Keys", "NewImage", "SequenceNumber", "SizeBytes", "StreamViewType"]
        );
        assert!(written["ApproximateCreationDateTime"].is_i64(), "whole seconds");
        assert_eq!(written["Keys"].to_string(), r#"{"id":{"S":"a"}}"#);
        assert_eq!(written["NewImage"].to_string(), r#"{"id":{"S":"a"},"n":{"S":"1"}}"#);
        assert_eq!(written["SizeBytes"], 3 + 5);
        assert_eq!(written["StreamViewType"], "NEW_AND_OLD_IMAGES");
        let number = written["SequenceNumber"].as_str().unwrap();
        assert!((21..=40).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit()), "{number}");
    });
}

// Behaviour

#[test]
fn each_view_type_shows_its_images() {
    on_both_stages(|stage| async move {
        for (name, view, new, old) in [
            ("keys", StreamViewType::KeysOnly, false, false),
            ("news", StreamViewType::NewImage, true, false),
            ("olds", StreamViewType::OldImage, false, true),
            ("both", StreamViewType::NewAndOldImages, true, true),
        ] {
            let table = Streamed::new(&stage, name, view.clone()).await;
            table.put("a", "1").await;
            table.update("a", "2").await;
            table.put("a", "3").await;
            table.delete("a").await;
            let records = table.read().await;
            let names: Vec<String> = records.iter().map(event).collect();
            assert_eq!(names, ["INSERT a", "MODIFY a", "MODIFY a", "REMOVE a"]);
            let shown: Vec<_> = records.iter().map(images).collect();
            let every = [(Some("1"), None), (Some("2"), Some("1")), (Some("3"), Some("2")), (None, Some("3"))];
            let expected = every.map(|(after, before)| (after.filter(|_| new), before.filter(|_| old)));
            assert_eq!(shown, expected, "{view:?}");
        }
    });
}

#[test]
fn a_write_that_changes_nothing_leaves_no_record() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        orders.put("a", "1").await;
        orders.put("a", "1").await;
        orders.update("a", "1").await;
        orders.delete("b").await;
        let refused = orders.tables.put_item().table_name("orders").item("id", s("a"));
        refused.condition_expression("attribute_not_exists(id)").send().await.expect_err("it is there");
        let names: Vec<String> = orders.read().await.iter().map(event).collect();
        assert_eq!(names, ["INSERT a"]);
    });
}

#[test]
fn what_time_to_live_deletes_names_dynamodb_as_its_author() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::OldImage).await;
        let ttl = TimeToLiveSpecification::builder().enabled(true).attribute_name("expires").build().unwrap();
        let update = orders.tables.update_time_to_live().table_name("orders").time_to_live_specification(ttl);
        update.send().await.unwrap();
        let soon = stage.emulator.clock().now().as_secs() + 60;
        for id in ["a", "b", "c"] {
            put(&orders.tables, "orders", item([("id", s(id)), ("n", s("1")), ("expires", n(soon))])).await;
        }
        orders.delete("b").await;
        // Expired, not yet swept, and kept by an update.
        stage.advance(Duration::from_mins(1)).await;
        put(&orders.tables, "orders", item([("id", s("c")), ("n", s("1")), ("expires", n(soon + 86_400))])).await;
        stage.advance(Duration::from_mins(11)).await;
        let records = orders.read().await;
        let names: Vec<String> = records.iter().map(event).collect();
        assert_eq!(names[3..], ["REMOVE b", "MODIFY c", "REMOVE a"]);
        let identities: Vec<_> = records.iter().map(|record| record.user_identity.as_ref()).collect();
        assert_eq!(identities[..5], [None; 5]);
        let identity = identities[5].expect("time to live deleted it");
        assert_eq!(identity.r#type.as_deref(), Some("Service"));
        assert_eq!(identity.principal_id.as_deref(), Some("dynamodb.amazonaws.com"));
        assert_eq!(images(&records[5]), (None, Some("1")));

        let timeline = stage.emulator.timeline().events();
        let sweep = timeline.iter().find(|event| event.action == "expire").expect("the sweep is on the timeline");
        let get = orders.streams.get_shard_iterator().stream_arn(&orders.arn).shard_id(orders.open_shard().await);
        let get = get.shard_iterator_type(ShardIteratorType::AtSequenceNumber).sequence_number(number(&records[5]));
        orders.page(&get.send().await.unwrap().shard_iterator.unwrap()).await;
        let read = stage.emulator.timeline().events().pop().unwrap();
        assert_eq!(read.cause.map(|cause| cause.event), Some(sweep.id), "the sweep is the record's writer");
    });
}

#[test]
fn a_key_keeps_its_order_from_parent_to_child() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::NewImage).await;
        let first = orders.open_shard().await;
        for count in 0..12 {
            orders.put("a", &count.to_string()).await;
            stage.advance(HOUR).await;
        }
        let parent = orders.page(&orders.iterator(&first, ShardIteratorType::TrimHorizon).await).await;
        assert_eq!(parent.records().len(), 4);
        assert_eq!(parent.next_shard_iterator, None, "the shard is closed and read to its end");
        let records = orders.read().await;
        let values: Vec<_> = records.iter().map(|record| images(record).0.unwrap().to_owned()).collect();
        assert_eq!(values, (0..12).map(|count| count.to_string()).collect::<Vec<_>>());
        let numbers: Vec<u128> = records.iter().map(|record| number(record).parse().unwrap()).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        let mut ids: Vec<_> = records.iter().map(|record| record.event_id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 12);
    });
}

#[test]
fn pages_end_at_the_limit_and_at_a_megabyte() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::NewImage).await;
        for id in ["a", "b", "c", "d", "e"] {
            orders.put(id, &"x".repeat(300 << 10)).await;
        }
        let iterator = orders.iterator(&orders.open_shard().await, ShardIteratorType::TrimHorizon).await;
        let limited = orders.streams.get_records().shard_iterator(&iterator).limit(2).send().await.unwrap();
        assert_eq!(events(&limited), ["INSERT a", "INSERT b"]);
        let page = orders.page(&iterator).await;
        assert_eq!(events(&page), ["INSERT a", "INSERT b", "INSERT c"]);
        let rest = orders.page(page.next_shard_iterator().unwrap()).await;
        assert_eq!(events(&rest), ["INSERT d", "INSERT e"]);
        let none = orders.page(rest.next_shard_iterator().unwrap()).await;
        assert_eq!((none.records().len(), none.next_shard_iterator.is_some()), (0, true));
    });
}

#[test]
fn what_is_a_day_old_is_gone_and_so_is_its_memory() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::NewImage).await;
        orders.put("a", "1").await;
        stage.advance(23 * HOUR).await;
        orders.put("b", "1").await;
        let shards = orders.shards().await;
        let early = orders.iterator(id_of(&shards[0]), ShardIteratorType::TrimHorizon).await;
        let left = DAY - 23 * HOUR;
        stage.advance(left - Duration::from_mins(10)).await;
        assert_eq!(orders.read().await.len(), 2);
        let held = orders.iterator(id_of(&shards[0]), ShardIteratorType::TrimHorizon).await;
        stage.advance(Duration::from_mins(12)).await;
        let names: Vec<String> = orders.read().await.iter().map(event).collect();
        assert_eq!(names, ["INSERT b"]);
        let expected = "The data you are trying to access has been trimmed";
        let trimmed = ("TrimmedDataAccessException".to_owned(), expected.to_owned());
        assert_eq!(refusal(orders.streams.get_records().shard_iterator(held).send().await), trimmed);
        let expired = refusal(orders.streams.get_records().shard_iterator(early).send().await);
        assert_eq!(expired.0, "ExpiredIteratorException");
        let swept = stage.emulator.timeline().events().into_iter().find(|event| event.action == "RecordsExpired");
        assert_eq!(swept.map(|event| event.detail), Some("1 record".to_owned()));
    });
}

#[test]
fn reading_names_the_write_as_its_cause_and_an_empty_look_is_quiet() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        let iterator = orders.iterator(&orders.open_shard().await, ShardIteratorType::Latest).await;
        orders.page(&iterator).await;
        orders.put("a", "1").await;
        orders.page(&iterator).await;
        orders.put("b", "1").await;
        let timeline = stage.emulator.timeline().events();
        let writes: Vec<_> = timeline.iter().filter(|event| event.action == "PutItem").collect();
        let reads: Vec<_> = timeline.iter().filter(|event| event.action == "GetRecords").collect();
        assert_eq!(reads.iter().map(|read| read.quiet).collect::<Vec<_>>(), [true, false]);
        let cause = reads[1].cause.expect("it read what was written");
        assert_eq!((cause.event, cause.link), (writes[0].id, Link::Read));
        assert_eq!((reads[1].resource.as_str(), reads[1].detail.as_str()), ("orders", "1 record"));
        assert_eq!(writes[1].cause.map(|cause| cause.event), Some(reads[1].id), "the next write comes of it");
    });
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "2 validation errors detected: Value null at 'shardIterator' failed to satisfy constraint: Member \
                       must not be null; Value '1001' at 'limit' failed to satisfy constraint: Member must have value \
                       less than or equal to 1000";
        assert_eq!(raw_refusal(&stage, "GetRecords", r#"{"Limit":1001}"#).await, invalid(message));
    });
}

#[test]
fn an_iterator_must_be_one_that_was_given_out_lately() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        let iterator = orders.iterator(&orders.open_shard().await, ShardIteratorType::Latest).await;
        let get = |iterator: &str| orders.streams.get_records().shard_iterator(iterator).send();
        for strange in ["x", &orders.arn, &iterator.replace("orders", "carts"), &iterator[..iterator.len() - 8]] {
            assert_eq!(refusal(get(strange).await), validation("Invalid ShardIterator"));
        }
        stage.advance(Duration::from_mins(14)).await;
        let next = orders.page(&iterator).await.next_shard_iterator.unwrap();
        stage.advance(Duration::from_mins(14)).await;
        orders.page(&next).await;
        let message = "The provided iterator exceeds the maximum age allowed.";
        let expired = ("ExpiredIteratorException".to_owned(), message.to_owned());
        assert_eq!(refusal(get(&iterator).await), expired);
    });
}
