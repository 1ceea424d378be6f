use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::{
    MessageAttributeValue, MessageSystemAttributeName, MessageSystemAttributeNameForSends, MessageSystemAttributeValue,
    QueueAttributeName as Name,
};

use super::{
    client, create, create_with, invalid_parameter, missing, no_such_queue, receive, receive_one, send,
    system_attribute,
};
use crate::stage::{on_both_stages, refusal};

fn text(data_type: &str, value: &str) -> MessageAttributeValue {
    MessageAttributeValue::builder().data_type(data_type).string_value(value).build().unwrap()
}

// Serialisation

#[test]
fn a_message_comes_as_it_was_sent_with_digests_that_the_sdk_checks() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let binary = MessageAttributeValue::builder().data_type("Binary.png").binary_value(Blob::new([0, 255]));
        let trace = MessageSystemAttributeValue::builder().data_type("String").string_value("Root=1-a-b").build();
        let sent = sqs
            .send_message()
            .queue_url(&url)
            .message_body("<ü & \"x\">\r\n")
            .message_attributes("shop.name", text("String", "north"))
            .message_attributes("shop.number", text("Number.int", "7"))
            .message_attributes("photo", binary.build().unwrap())
            .message_system_attributes(MessageSystemAttributeNameForSends::AwsTraceHeader, trace.unwrap())
            .send()
            .await
            .unwrap();
        let message = receive_one(&sqs, &url).await;
        assert_eq!(message.body(), Some("<ü & \"x\">\r\n"));
        assert_eq!(message.message_id(), sent.message_id());
        assert_eq!(message.md5_of_body(), sent.md5_of_message_body());
        assert_eq!(message.md5_of_message_attributes(), sent.md5_of_message_attributes());
        assert!(sent.md5_of_message_system_attributes().is_some());
        let attributes = message.message_attributes().unwrap();
        assert_eq!(attributes["shop.name"], text("String", "north"));
        assert_eq!(attributes["shop.number"], text("Number.int", "7"));
        assert_eq!(attributes["photo"].binary_value().map(AsRef::as_ref), Some(&[0, 255][..]));
        let trace = system_attribute(&message, MessageSystemAttributeName::AwsTraceHeader);
        assert_eq!(trace, Some("Root=1-a-b"));
    });
}

/// The digests are those of `md5sum` and of AWS's example of a digest over attributes.
#[test]
fn digests_are_those_of_aws() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let sent = sqs.send_message().queue_url(&url).message_body("This is a test message").send().await.unwrap();
        assert_eq!(sent.md5_of_message_body(), Some("fafb00f5732ab283681e124bf8747ed1"));
        assert_eq!((sent.md5_of_message_attributes(), sent.sequence_number()), (None, None));
    });
}

// Validation

#[test]
fn a_body_has_at_least_one_allowed_character() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let empty = sqs.send_message().queue_url(&url).message_body("").send().await;
        assert_eq!(refusal(empty), missing("MessageBody"));
        for (letter, shown) in [('\u{0}', "0"), ('\u{b}', "B"), ('\u{ffff}', "FFFF")] {
            let refused = refusal(sqs.send_message().queue_url(&url).message_body(format!("a{letter}")).send().await);
            let message = format!(
                "Invalid binary character '#x{shown}' was found in the message body, the set of allowed characters is \
                 #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]."
            );
            assert_eq!(refused, ("InvalidMessageContents".to_owned(), message));
        }
        send(&sqs, &url, "\t\n\r\u{7f}\u{10ffff}").await;
    });
}

#[test]
fn a_message_is_no_longer_than_its_queue_takes_attributes_included() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let large = create(&sqs, "large").await;
        let small = create_with(&sqs, "small", &[(Name::MaximumMessageSize, "1024")]).await;
        for (url, max) in [(&large, 1_048_576), (&small, 1024)] {
            let message =
                format!("One or more parameters are invalid. Reason: Message must be shorter than {max} bytes.");
            send(&sqs, url, &"x".repeat(max)).await;
            let longer = sqs.send_message().queue_url(url).message_body("x".repeat(max + 1)).send().await;
            assert_eq!(refusal(longer), invalid_parameter(&message));
            // Eight bytes of attributes: `a`, `String`, `v`.
            let send = |bytes| sqs.send_message().queue_url(url).message_body("x".repeat(bytes));
            send(max - 8).message_attributes("a", text("String", "v")).send().await.unwrap();
            let longer = send(max - 7).message_attributes("a", text("String", "v")).send().await;
            assert_eq!(refusal(longer), invalid_parameter(&message));
        }
    });
}

#[test]
fn parameters_are_checked() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let send = || sqs.send_message().queue_url(&url).message_body("a");
        for delay in [-1, 901] {
            let message = format!(
                "Value {delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."
            );
            assert_eq!(refusal(send().delay_seconds(delay).send().await), invalid_parameter(message));
        }
        let message = "Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter \
                       that is not valid for this queue type.";
        assert_eq!(refusal(send().message_deduplication_id("d").send().await), invalid_parameter(message));
        for group in ["", "a b", &"g".repeat(129)] {
            let message = format!(
                "Value {group} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include \
                 alphanumeric and punctuation characters. 1 to 128 in length."
            );
            assert_eq!(refusal(send().message_group_id(group).send().await), invalid_parameter(message));
        }
        let mut eleven = send();
        for number in 0..11 {
            eleven = eleven.message_attributes(format!("a{number}"), text("String", "x"));
        }
        let message = "Number of message attributes [11] exceeds the allowed maximum [10].";
        assert_eq!(refusal(eleven.send().await), invalid_parameter(message));
        let message = "Message (user) attribute 'a' must contain a non-empty value of type 'String'.";
        let empty = send().message_attributes("a", text("String", "")).send().await;
        assert_eq!(refusal(empty), invalid_parameter(message));
        let lists = MessageAttributeValue::builder().data_type("String").string_list_values("x").build().unwrap();
        let refused = refusal(send().message_attributes("a", lists).send().await);
        assert_eq!(refused.0, "AWS.SimpleQueueService.UnsupportedOperation");
        assert!(receive(&sqs, &url).await.is_empty(), "nothing of it was sent");
        let gone = sqs.send_message().queue_url("http://x/000000000000/none").message_body("a").send().await;
        assert_eq!(refusal(gone), no_such_queue());
    });
}

// Behaviour

#[test]
fn a_standard_queue_keeps_the_group_of_a_message() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        sqs.send_message().queue_url(&url).message_body("a").message_group_id("tenant-1").send().await.unwrap();
        let message = receive_one(&sqs, &url).await;
        assert_eq!(system_attribute(&message, MessageSystemAttributeName::MessageGroupId), Some("tenant-1"));
        assert_eq!(system_attribute(&message, MessageSystemAttributeName::SequenceNumber), None);
        assert_eq!(system_attribute(&message, MessageSystemAttributeName::SenderId), Some("test"));
    });
}
