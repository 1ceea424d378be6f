//! GetShardIterator.

use std::time::Duration;

use aws_sdk_dynamodb::types::StreamViewType;
use aws_sdk_dynamodbstreams::operation::get_shard_iterator::builders::GetShardIteratorFluentBuilder;
use aws_sdk_dynamodbstreams::primitives::DateTime;
use aws_sdk_dynamodbstreams::types::ShardIteratorType;

use super::{DAY, HOUR, Streamed, event, id_of, invalid, number, raw_refusal};
use crate::dynamodb::fixture::{not_found, validation};
use crate::stage::{on_both_stages, refusal};

impl Streamed {
    fn get(&self, shard: &str, kind: ShardIteratorType) -> GetShardIteratorFluentBuilder {
        self.streams.get_shard_iterator().stream_arn(&self.arn).shard_id(shard).shard_iterator_type(kind)
    }

    /// What the iterator asked for reads.
    async fn events(&self, get: GetShardIteratorFluentBuilder) -> Vec<String> {
        let iterator = get.send().await.expect("the iterator is given").shard_iterator;
        let page = self.streams.get_records().set_shard_iterator(iterator).send().await.expect("it reads");
        page.records().iter().map(event).collect()
    }
}

// Behaviour

#[test]
fn each_type_starts_at_its_place() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        for id in ["a", "b", "c"] {
            orders.put(id, "1").await;
        }
        let shard = orders.open_shard().await;
        let numbers: Vec<String> = orders.read().await.iter().map(number).collect();
        assert_eq!(orders.events(orders.get(&shard, ShardIteratorType::TrimHorizon)).await.len(), 3);
        assert_eq!(orders.events(orders.get(&shard, ShardIteratorType::Latest)).await.len(), 0);
        let at = orders.get(&shard, ShardIteratorType::AtSequenceNumber).sequence_number(&numbers[1]);
        assert_eq!(orders.events(at).await, ["INSERT b", "INSERT c"]);
        let after = orders.get(&shard, ShardIteratorType::AfterSequenceNumber).sequence_number(&numbers[1]);
        assert_eq!(orders.events(after).await, ["INSERT c"]);

        let shards = orders.shards().await;
        let start = shards[0].sequence_number_range.as_ref().unwrap().starting_sequence_number.as_deref().unwrap();
        for kind in [ShardIteratorType::AtSequenceNumber, ShardIteratorType::AfterSequenceNumber] {
            let from_start = orders.get(&shard, kind).sequence_number(start);
            assert_eq!(orders.events(from_start).await.len(), 3, "no record has the starting number");
        }
    });
}

#[test]
fn a_timestamp_finds_what_came_then_or_later() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        orders.put("a", "1").await;
        stage.advance(Duration::from_mins(1)).await;
        let between = stage.emulator.clock().now().as_secs();
        stage.advance(Duration::from_mins(1)).await;
        orders.put("b", "1").await;
        let shard = orders.open_shard().await;
        let at = |secs: i64| orders.get(&shard, ShardIteratorType::AtTimestamp).timestamp(DateTime::from_secs(secs));
        assert_eq!(orders.events(at(between)).await, ["INSERT b"]);
        assert_eq!(orders.events(at(between - 3600)).await, ["INSERT a", "INSERT b"]);
        let later = refusal(at(between + 3600).send().await);
        assert_eq!(later, validation("Timestamp must not be in the future"));
        stage.advance(DAY - Duration::from_mins(1)).await;
        assert_eq!(orders.events(at(between - 3600)).await, ["INSERT b"], "what is older has been trimmed");
    });
}

#[test]
fn a_number_that_was_trimmed_is_said_to_be() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        for id in ["a", "b", "c"] {
            orders.put(id, "1").await;
            stage.advance(HOUR).await;
        }
        let shard = orders.open_shard().await;
        let numbers: Vec<String> = orders.read().await.iter().map(number).collect();
        stage.advance(DAY - 2 * HOUR).await;
        let at = |number: &str| orders.get(&shard, ShardIteratorType::AtSequenceNumber).sequence_number(number);
        let after = |number: &str| orders.get(&shard, ShardIteratorType::AfterSequenceNumber).sequence_number(number);
        let trimmed = || {
            let message = "The data you are trying to access has been trimmed";
            ("TrimmedDataAccessException".to_owned(), message.to_owned())
        };
        assert_eq!(refusal(at(&numbers[0]).send().await), trimmed());
        assert_eq!(refusal(at(&numbers[1]).send().await), trimmed());
        assert_eq!(refusal(after(&numbers[0]).send().await), trimmed());
        assert_eq!(orders.events(after(&numbers[1])).await, ["INSERT c"]);
        let horizon = orders.get(&shard, ShardIteratorType::TrimHorizon);
        assert_eq!(orders.events(horizon).await, ["INSERT c"]);
    });
}

// Validation

#[test]
fn members_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "3 validation errors detected: Value null at 'streamArn' failed to satisfy constraint: Member must \
                       not be null; Value null at 'shardId' failed to satisfy constraint: Member must not be null; Value \
                       '7' at 'sequenceNumber' failed to satisfy constraint: Member must have length greater than or \
                       equal to 21";
        let body = r#"{"ShardIteratorType":"LATEST","SequenceNumber":"7"}"#;
        assert_eq!(raw_refusal(&stage, "GetShardIterator", body).await, invalid(message));
        let message = "2 validation errors detected: Value 'x' at 'shardId' failed to satisfy constraint: Member must \
                       have length greater than or equal to 28; Value 'FIRST' at 'shardIteratorType' failed to satisfy \
                       constraint: Member must satisfy enum value set: [TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER, \
                       AFTER_SEQUENCE_NUMBER, AT_TIMESTAMP]";
        let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/x";
        let body = format!(r#"{{"StreamArn":"{arn}","ShardId":"x","ShardIteratorType":"FIRST"}}"#);
        assert_eq!(raw_refusal(&stage, "GetShardIterator", &body).await, invalid(message));
    });
}

#[test]
fn type_number_and_timestamp_must_fit() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        let shard = orders.open_shard().await;
        let number = "100000000000000499659";
        for (kind, number, message) in [
            (
                ShardIteratorType::AtSequenceNumber,
                None,
                "SequenceNumber must be specified for ShardIteratorType AT_SEQUENCE_NUMBER",
            ),
            (
                ShardIteratorType::TrimHorizon,
                Some(number),
                "SequenceNumber must not be specified for ShardIteratorType TRIM_HORIZON",
            ),
            (ShardIteratorType::AtTimestamp, None, "Timestamp must be specified for ShardIteratorType AT_TIMESTAMP"),
            (
                ShardIteratorType::AtTimestamp,
                Some(number),
                "SequenceNumber must not be specified for ShardIteratorType AT_TIMESTAMP",
            ),
        ] {
            let get = orders.get(&shard, kind).set_sequence_number(number.map(str::to_owned));
            assert_eq!(refusal(get.send().await), validation(message));
        }
        let get = orders.get(&shard, ShardIteratorType::Latest).timestamp(DateTime::from_secs(1));
        let message = "Timestamp must not be specified for ShardIteratorType LATEST";
        assert_eq!(refusal(get.send().await), validation(message));
    });
}

#[test]
fn stream_shard_and_number_must_be_there() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        orders.put("a", "1").await;
        stage.advance(4 * HOUR).await;
        orders.put("b", "1").await;
        let shards = orders.shards().await;
        let missing = orders.get("shardId-00000001414576573621-f55eea83", ShardIteratorType::Latest);
        assert_eq!(
            refusal(missing.clone().send().await),
            not_found("Requested resource not found: Shard does not exist")
        );
        let other = orders.arn.replace("orders", "carts");
        let expected = format!("Requested resource not found: Stream: {other} not found");
        assert_eq!(refusal(missing.stream_arn(other).send().await), not_found(&expected));
        let second = number(&orders.read().await[1]);
        for strange in [second.as_str(), "100000000000000499659", "not-a-sequence-number-at-all"] {
            let get = orders.get(id_of(&shards[0]), ShardIteratorType::AtSequenceNumber).sequence_number(strange);
            let message =
                format!("Invalid SequenceNumber: {strange} is not a sequence number of shard {}", id_of(&shards[0]));
            assert_eq!(refusal(get.send().await), validation(&message));
        }
    });
}
