//! Queues as targets, templated and universal.

use std::time::Duration;

use aws_sdk_scheduler::types::SqsParameters;
use aws_sdk_sqs::types::QueueAttributeName;

use super::{client, create, create_queue, queue, receive, to};
use crate::stage::in_virtual_time;

#[test]
fn a_queue_gets_the_input_as_a_message() {
    in_virtual_time(async |stage| {
        let url = create_queue(&stage, "jobs").await;
        let target = queue().input("at <aws.scheduler.scheduled-time>").build().unwrap();
        create(&client(&stage), "nightly", "cron(0/30 * * * ? *)").target(target).send().await.unwrap();
        stage.advance(Duration::from_hours(1)).await;
        let mut bodies: Vec<_> = receive(&stage, &url).await.into_iter().filter_map(|message| message.body).collect();
        bodies.sort_unstable();
        assert_eq!(bodies, ["at 2026-01-01T00:30:00Z", "at 2026-01-01T01:00:00Z"]);
    });
}

#[test]
fn a_fifo_queue_gets_it_in_its_group() {
    in_virtual_time(async |stage| {
        let sqs = aws_sdk_sqs::Client::new(&stage.config);
        let created = sqs.create_queue().queue_name("jobs.fifo").attributes(QueueAttributeName::FifoQueue, "true");
        let created = created.attributes(QueueAttributeName::ContentBasedDeduplication, "true");
        let url = created.send().await.unwrap().queue_url.unwrap();
        let group = SqsParameters::builder().message_group_id("g").build();
        let target = to("arn:aws:sqs:us-east-1:000000000000:jobs.fifo").sqs_parameters(group).input("go");
        let target = target.build().unwrap();
        create(&client(&stage), "nightly", "rate(1 day)").target(target).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(receive(&stage, &url).await.len(), 1);
    });
}

#[test]
fn a_universal_target_sends_a_message_of_its_own() {
    in_virtual_time(async |stage| {
        let url = create_queue(&stage, "jobs").await;
        let input = format!(r#"{{"QueueUrl":"{url}","MessageBody":"go"}}"#);
        let target = to("arn:aws:scheduler:::aws-sdk:sqs:sendMessage").input(input).build().unwrap();
        create(&client(&stage), "nightly", "rate(1 day)").target(target).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(receive(&stage, &url).await[0].body(), Some("go"));
    });
}
