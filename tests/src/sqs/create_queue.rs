use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName as Name;

use super::{
    ARN, attribute, client, create, create_fifo, create_with, invalid_parameter, no_such_queue, redrive_policy, simple,
};
use crate::raw::post_json;
use crate::stage::{on_both_stages, refusal};

// Serialisation

#[test]
fn the_url_leads_back_to_where_the_caller_came() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        assert_eq!(url, format!("{}/000000000000/orders", stage.config.endpoint_url().unwrap()));
        for other in
            ["http://elsewhere:1/000000000000/orders", "https://sqs.eu-west-1.amazonaws.com/000000000000/orders/"]
        {
            assert_eq!(attribute(&sqs, other, Name::QueueArn).await.unwrap(), format!("{ARN}:orders"));
        }
    });
}

// Validation

#[test]
fn names_follow_the_kind_of_queue() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let standard = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
        let fifo = "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must \
                    end with .fifo suffix and be 1 to 80 in length.";
        for (name, is_fifo, message) in [
            ("", false, standard),
            ("a b", false, standard),
            ("orders.fifo", false, standard),
            (&"a".repeat(81), false, standard),
            ("orders", true, fifo),
            (".fifo", true, fifo),
        ] {
            let mut create = sqs.create_queue().queue_name(name);
            if is_fifo {
                create = create.attributes(Name::FifoQueue, "true");
            }
            assert_eq!(refusal(create.send().await), invalid_parameter(message), "{name}");
        }
    });
}

#[test]
fn attributes_are_checked() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        for (name, value) in [
            (Name::DelaySeconds, "901"),
            (Name::DelaySeconds, "-1"),
            (Name::MaximumMessageSize, "1023"),
            (Name::MaximumMessageSize, "1048577"),
            (Name::MessageRetentionPeriod, "59"),
            (Name::MessageRetentionPeriod, "1209601"),
            (Name::ReceiveMessageWaitTimeSeconds, "21"),
            (Name::VisibilityTimeout, "43201"),
            (Name::VisibilityTimeout, "x"),
            (Name::KmsDataKeyReusePeriodSeconds, "59"),
            (Name::SqsManagedSseEnabled, "yes"),
            (Name::Policy, "{"),
            (Name::FifoQueue, "yes"),
        ] {
            let refused = refusal(sqs.create_queue().queue_name("orders").attributes(name.clone(), value).send().await);
            let message = format!("Invalid value for the parameter {name}.");
            assert_eq!(refused, ("InvalidAttributeValue".to_owned(), message));
        }
        for (name, value) in [
            (Name::FifoQueue, "false"),
            (Name::ContentBasedDeduplication, "true"),
            (Name::DeduplicationScope, "queue"),
            (Name::QueueArn, "arn"),
            (Name::All, "x"),
            ("Colour".into(), "red"),
        ] {
            let refused = refusal(sqs.create_queue().queue_name("orders").attributes(name.clone(), value).send().await);
            let message = format!("Unknown Attribute {name}.");
            assert_eq!(refused, ("InvalidAttributeName".to_owned(), message));
        }
    });
}

#[test]
fn the_dead_letter_queue_must_be_there_and_of_the_same_kind() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        create(&sqs, "dead").await;
        create_fifo(&sqs, "dead.fifo").await;
        let refused = async |name: &str, dead: &str, reason: &str| {
            let policy = redrive_policy(dead, 3);
            let mut create = sqs.create_queue().queue_name(name).attributes(Name::RedrivePolicy, &policy);
            if name.ends_with(".fifo") {
                create = create.attributes(Name::FifoQueue, "true");
            }
            let message = format!("Value {policy} for parameter RedrivePolicy is invalid. Reason: {reason}");
            assert_eq!(refusal(create.send().await), invalid_parameter(message));
        };
        refused("orders", "none", "Dead letter target does not exist.").await;
        refused("orders", "dead.fifo", "Dead-letter queue must be same type of queue as the source.").await;
        refused("orders.fifo", "dead", "Dead-letter queue must be same type of queue as the source.").await;
        create_with(&sqs, "closed", &[(Name::RedriveAllowPolicy, r#"{"redrivePermission":"denyAll"}"#)]).await;
        refused("orders", "closed", "Dead letter target does not allow this source queue.").await;
    });
}

// Behaviour

#[test]
fn the_same_attributes_find_the_queue_and_others_are_refused() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create_with(&sqs, "orders", &[(Name::VisibilityTimeout, "60")]).await;
        for same in [&[][..], &[(Name::VisibilityTimeout, "60")], &[(Name::DelaySeconds, "0")]] {
            assert_eq!(create_with(&sqs, "orders", same).await, url);
        }
        let other = sqs.create_queue().queue_name("orders").attributes(Name::VisibilityTimeout, "30").send().await;
        let message = "A queue already exists with the same name and a different value for attribute VisibilityTimeout";
        assert_eq!(refusal(other), ("QueueAlreadyExists".to_owned(), message.to_owned()));
    });
}

#[test]
fn a_name_is_free_a_minute_after_its_queue_was_deleted() {
    crate::stage::in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        sqs.delete_queue().queue_url(&url).send().await.unwrap();
        assert_eq!(refusal(sqs.get_queue_url().queue_name("orders").send().await), no_such_queue());
        let message =
            "You must wait 60 seconds after deleting a queue before you can create another with the same name.";
        let again = sqs.create_queue().queue_name("orders").send().await;
        assert_eq!(refusal(again), simple("QueueDeletedRecently", message));
        stage.advance(Duration::from_secs(60)).await;
        create(&sqs, "orders").await;
    });
}

#[test]
fn an_error_has_the_names_of_both_protocols() {
    on_both_stages(async |stage| {
        let (status, body) =
            post_json(&stage.emulator, "AmazonSQS.GetQueueUrl", r#"{"QueueName":"none"}"#.to_owned()).await;
        assert_eq!((status, &body["__type"]), (400, &"com.amazonaws.sqs#QueueDoesNotExist".into()));
        let (status, body) =
            post_json(&stage.emulator, "AmazonSQS.CreateQueue", r#"{"QueueName":""}"#.to_owned()).await;
        let code = "com.amazon.coral.service#InvalidParameterValueException";
        assert_eq!((status, &body["__type"]), (400, &code.into()));
        let (_, body) = post_json(&stage.emulator, "AmazonSQS.CreateQueue", "{}".to_owned()).await;
        assert_eq!(body["message"], "The request must contain the parameter QueueName.");
    });
}
