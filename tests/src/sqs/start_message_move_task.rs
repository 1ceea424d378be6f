use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::MessageSystemAttributeName as System;

use super::{
    ARN, client, counts, create, create_with_dead_letters, invalid_parameter, receive, receive_bodies, receive_one,
    send, system_attribute,
};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

/// Two queues with one dead-letter queue, in which there is a message of each.
async fn two_dead_letters(stage: &Stage) -> (Client, [String; 3]) {
    let sqs = client(stage);
    let dead = create(&sqs, "dead").await;
    let mut urls = Vec::new();
    for name in ["a", "b"] {
        let url = create_with_dead_letters(&sqs, name, "dead", 1).await;
        send(&sqs, &url, name).await;
        receive(&sqs, &url).await;
        urls.push(url);
    }
    stage.advance(Duration::from_secs(30)).await;
    for url in &urls {
        assert!(receive(&sqs, url).await.is_empty());
    }
    let (b, a) = (urls.pop().unwrap(), urls.pop().unwrap());
    (sqs, [dead, a, b])
}

#[test]
fn messages_go_back_to_where_they_came_from_as_new_ones() {
    in_virtual_time(async |stage| {
        let (sqs, [dead, a, b]) = two_dead_letters(&stage).await;
        let before = receive(&sqs, &dead).await;
        stage.advance(Duration::from_secs(30)).await;
        sqs.start_message_move_task().source_arn(format!("{ARN}:dead")).send().await.unwrap();
        assert_eq!(counts(&sqs, &dead).await, [2, 0, 0]);
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(counts(&sqs, &dead).await, [0, 0, 0]);
        let message = receive_one(&sqs, &a).await;
        assert_eq!(message.body(), Some("a"));
        assert_ne!(message.message_id(), before[0].message_id());
        assert_eq!(system_attribute(&message, System::ApproximateReceiveCount), Some("1"));
        assert_eq!(system_attribute(&message, System::DeadLetterQueueSourceArn), None);
        assert_eq!(receive_bodies(&sqs, &b).await, ["b"]);
    });
}

#[test]
fn a_rate_is_kept_on_the_clock() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let dead = create(&sqs, "dead").await;
        create_with_dead_letters(&sqs, "orders", "dead", 1).await;
        let other = create(&sqs, "other").await;
        for number in 0..10 {
            send(&sqs, &dead, &number.to_string()).await;
        }
        let start = sqs.start_message_move_task().source_arn(format!("{ARN}:dead"));
        let start = start.destination_arn(format!("{ARN}:other")).max_number_of_messages_per_second(2);
        start.send().await.unwrap();
        stage.advance(Duration::from_millis(2_400)).await;
        assert_eq!(counts(&sqs, &other).await, [4, 0, 0]);
        stage.advance(Duration::from_millis(2_600)).await;
        assert_eq!(counts(&sqs, &other).await, [10, 0, 0]);
    });
}

#[test]
fn what_cannot_begin_is_refused() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        for name in ["dead", "plain"] {
            create(&sqs, name).await;
        }
        create_with_dead_letters(&sqs, "orders", "dead", 1).await;
        let start = |source: &str| sqs.start_message_move_task().source_arn(format!("{ARN}:{source}"));
        let not_found = |parameter: &str| {
            let message = format!("The resource that you specified for the {parameter} parameter doesn't exist.");
            ("ResourceNotFoundException".to_owned(), message)
        };
        assert_eq!(refusal(start("none").send().await), not_found("SourceArn"));
        let nowhere = start("dead").destination_arn(format!("{ARN}:none")).send().await;
        assert_eq!(refusal(nowhere), not_found("DestinationArn"));
        let message = "Source queue must be configured as a Dead Letter Queue.";
        assert_eq!(refusal(start("plain").send().await), invalid_parameter(message));
        for rate in [0, 501] {
            let refused = refusal(start("dead").max_number_of_messages_per_second(rate).send().await);
            assert!(
                refused.1.starts_with(&format!("Value {rate} for parameter MaxNumberOfMessagesPerSecond is invalid."))
            );
        }
        start("dead").send().await.unwrap();
        let message = "There is already a task running. Only one active task is allowed for a source queue arn at a \
                       given time.";
        assert_eq!(refusal(start("dead").send().await), invalid_parameter(message));
    });
}
