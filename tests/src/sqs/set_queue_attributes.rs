use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName as Name;

use super::{attribute, client, counts, create, create_fifo, create_with, missing, redrive_policy, send_in_group};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn attributes_change_and_empty_ones_are_taken_away() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        create(&sqs, "dead").await;
        let url = create(&sqs, "orders").await;
        let policy = r#"{"Version":"2012-10-17","Statement":[]}"#;
        for (name, value) in [
            (Name::VisibilityTimeout, "0"),
            (Name::MaximumMessageSize, "1024"),
            (Name::RedrivePolicy, &redrive_policy("dead", 2)),
            (Name::RedriveAllowPolicy, r#"{"redrivePermission":"denyAll"}"#),
            (Name::Policy, policy),
            (Name::KmsMasterKeyId, "alias/aws/sqs"),
        ] {
            sqs.set_queue_attributes().queue_url(&url).attributes(name.clone(), value).send().await.unwrap();
            assert_eq!(attribute(&sqs, &url, name).await.as_deref(), Some(value));
        }
        assert_eq!(attribute(&sqs, &url, Name::SqsManagedSseEnabled).await.as_deref(), Some("false"));
        assert_eq!(attribute(&sqs, &url, Name::KmsDataKeyReusePeriodSeconds).await.as_deref(), Some("300"));
        for name in [Name::RedrivePolicy, Name::RedriveAllowPolicy, Name::Policy, Name::KmsMasterKeyId] {
            sqs.set_queue_attributes().queue_url(&url).attributes(name.clone(), "").send().await.unwrap();
            assert_eq!(attribute(&sqs, &url, name).await, None);
        }
    });
}

#[test]
fn of_several_attributes_all_are_set_or_none() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let set = sqs.set_queue_attributes().queue_url(&url);
        let set = set.attributes(Name::DelaySeconds, "5").attributes(Name::VisibilityTimeout, "-5");
        let refused = refusal(set.send().await);
        let message = "Invalid value for the parameter VisibilityTimeout.";
        assert_eq!(refused, ("InvalidAttributeValue".to_owned(), message.to_owned()));
        assert_eq!(attribute(&sqs, &url, Name::DelaySeconds).await.as_deref(), Some("0"));
        let nothing = sqs.set_queue_attributes().queue_url(&url).set_attributes(Some([].into())).send().await;
        assert_eq!(refusal(nothing), missing("Attribute.Name"));
        let both = sqs.set_queue_attributes().queue_url(&url).attributes(Name::KmsMasterKeyId, "k");
        let both = refusal(both.attributes(Name::SqsManagedSseEnabled, "true").send().await);
        assert!(both.1.starts_with("You can use one type of server-side encryption (SSE) at one time."), "{both:?}");
    });
}

#[test]
fn a_fifo_queue_stays_one_and_its_limit_by_group_needs_the_scope() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create_fifo(&sqs, "orders.fifo").await;
        let set = async |pairs: &[(Name, &str)]| {
            let mut set = sqs.set_queue_attributes().queue_url(&url);
            for (name, value) in pairs {
                set = set.attributes(name.clone(), *value);
            }
            set.send().await
        };
        let (code, message) = refusal(set(&[(Name::FifoQueue, "false")]).await);
        assert_eq!(code, "InvalidAttributeValue");
        assert!(message.ends_with("Reason: Modifying queue type is not supported."), "{message}");
        let limit = (Name::FifoThroughputLimit, "perMessageGroupId");
        assert_eq!(refusal(set(std::slice::from_ref(&limit)).await).0, "InvalidAttributeValue");
        set(&[limit, (Name::DeduplicationScope, "messageGroup")]).await.unwrap();
        assert_eq!(attribute(&sqs, &url, Name::FifoThroughputLimit).await.as_deref(), Some("perMessageGroupId"));
    });
}

#[test]
fn the_delay_of_a_fifo_queue_holds_for_what_is_delayed_already() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let fifo = [(Name::FifoQueue, "true"), (Name::ContentBasedDeduplication, "true"), (Name::DelaySeconds, "600")];
        let url = create_with(&sqs, "orders.fifo", &fifo).await;
        send_in_group(&sqs, &url, "g", "a").await;
        stage.advance(Duration::from_secs(10)).await;
        assert_eq!(counts(&sqs, &url).await, [0, 0, 1]);
        sqs.set_queue_attributes().queue_url(&url).attributes(Name::DelaySeconds, "5").send().await.unwrap();
        assert_eq!(counts(&sqs, &url).await, [1, 0, 0]);
    });
}
