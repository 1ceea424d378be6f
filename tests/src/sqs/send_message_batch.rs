use aws_sdk_sqs::types::{QueueAttributeName as Name, SendMessageBatchRequestEntry as Entry};

use super::{bodies, client, create, create_fifo, create_with, receive, simple};
use crate::stage::{on_both_stages, refusal};

fn entry(id: &str, body: &str) -> Entry {
    Entry::builder().id(id).message_body(body).build().unwrap()
}

#[test]
fn each_entry_fares_by_itself() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create_with(&sqs, "orders", &[(Name::MaximumMessageSize, "1024")]).await;
        let delayed = Entry::builder().id("delayed").message_body("later").delay_seconds(901).build().unwrap();
        let batch = sqs.send_message_batch().queue_url(&url).entries(entry("a", "one")).entries(delayed);
        let batch =
            batch.entries(entry("c", &"x".repeat(1025))).entries(entry("d", "\u{1}")).entries(entry("e", "two"));
        let sent = batch.send().await.unwrap();
        let successful: Vec<&str> = sent.successful().iter().map(|entry| entry.id()).collect();
        assert_eq!(successful, ["a", "e"]);
        let failed: Vec<_> =
            sent.failed().iter().map(|entry| (entry.id(), entry.code(), entry.sender_fault())).collect();
        let expected = [
            ("delayed", "InvalidParameterValue", true),
            ("c", "InvalidParameterValue", true),
            ("d", "InvalidMessageContents", true),
        ];
        assert_eq!(failed, expected);
        let message = "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.";
        assert_eq!(sent.failed()[1].message(), Some(message));
        let messages = receive(&sqs, &url).await;
        assert_eq!(bodies(&messages), ["one", "two"]);
        assert_eq!(messages[0].message_id(), Some(sent.successful()[0].message_id()));
    });
}

#[test]
fn a_batch_that_is_none_is_refused() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let send = async |entries: Vec<Entry>| {
            refusal(sqs.send_message_batch().queue_url(&url).set_entries(Some(entries)).send().await)
        };
        let message = "There should be at least one SendMessageBatchRequestEntry in the request.";
        assert_eq!(send(Vec::new()).await, simple("EmptyBatchRequest", message));
        let eleven = (0..11).map(|number| entry(&number.to_string(), "x")).collect();
        let message = "Maximum number of entries per request are 10. You have sent 11.";
        assert_eq!(send(eleven).await, simple("TooManyEntriesInBatchRequest", message));
        let twice = vec![entry("a", "x"), entry("b", "x"), entry("a", "x")];
        assert_eq!(send(twice).await, simple("BatchEntryIdsNotDistinct", "Id a repeated."));
        let message = "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at \
                       most 80 letters long.";
        for id in ["", "a b", &"a".repeat(81)] {
            assert_eq!(send(vec![entry(id, "x")]).await, simple("InvalidBatchEntryId", message));
        }
        let half = "x".repeat(600_000);
        let message = "Batch requests cannot be longer than 1048576 bytes. You have sent 1200000 bytes.";
        assert_eq!(send(vec![entry("a", &half), entry("b", &half)]).await, simple("BatchRequestTooLong", message));
        assert!(receive(&sqs, &url).await.is_empty(), "nothing of it was sent");
    });
}

#[test]
fn a_fifo_queue_takes_a_batch_in_its_order() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create_fifo(&sqs, "orders.fifo").await;
        let in_group = |id: &str| Entry::builder().id(id).message_body(id).message_group_id("g").build().unwrap();
        let batch = sqs.send_message_batch().queue_url(&url).entries(in_group("z")).entries(in_group("y"));
        let sent = batch.entries(entry("x", "x")).entries(in_group("w")).send().await.unwrap();
        let numbers: Vec<&str> = sent.successful().iter().filter_map(|entry| entry.sequence_number()).collect();
        assert!(numbers.is_sorted() && numbers.len() == 3, "{numbers:?}");
        assert_eq!((sent.failed()[0].id(), sent.failed()[0].code()), ("x", "MissingParameter"));
        assert_eq!(bodies(&receive(&sqs, &url).await), ["z", "y", "w"]);
    });
}
