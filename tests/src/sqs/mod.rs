//! One file an operation, through the official SDK; and the query protocol, which no SDK of Rust speaks any more.

mod add_permission;
mod bad_input;
mod cancel_message_move_task;
mod change_message_visibility;
mod change_message_visibility_batch;
mod create_queue;
mod delete_message;
mod delete_message_batch;
mod delete_queue;
mod delivery;
mod faults;
mod fifo;
mod get_queue_attributes;
mod get_queue_url;
mod list_dead_letter_source_queues;
mod list_message_move_tasks;
mod list_queue_tags;
mod list_queues;
mod long_polling;
mod purge_queue;
mod query;
mod receive_message;
mod redrive;
mod remove_permission;
mod retention;
mod send_message;
mod send_message_batch;
mod set_queue_attributes;
mod start_message_move_task;
mod tag_queue;
mod untag_queue;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};

use crate::stage::Stage;

const ARN: &str = "arn:aws:sqs:us-east-1:000000000000";

fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

async fn create(sqs: &Client, name: &str) -> String {
    create_with(sqs, name, &[]).await
}

async fn create_with(sqs: &Client, name: &str, attributes: &[(QueueAttributeName, &str)]) -> String {
    let mut create = sqs.create_queue().queue_name(name);
    for (name, value) in attributes {
        create = create.attributes(name.clone(), *value);
    }
    create.send().await.unwrap().queue_url.unwrap()
}

/// A FIFO queue that tells messages apart by their bodies.
async fn create_fifo(sqs: &Client, name: &str) -> String {
    let attributes = [(QueueAttributeName::FifoQueue, "true"), (QueueAttributeName::ContentBasedDeduplication, "true")];
    create_with(sqs, name, &attributes).await
}

/// A queue whose messages go to `dead` after so many receives.
async fn create_with_dead_letters(sqs: &Client, name: &str, dead: &str, receives: u32) -> String {
    create_with(sqs, name, &[(QueueAttributeName::RedrivePolicy, &redrive_policy(dead, receives))]).await
}

fn redrive_policy(dead: &str, receives: u32) -> String {
    format!(r#"{{"deadLetterTargetArn":"{ARN}:{dead}","maxReceiveCount":{receives}}}"#)
}

async fn send(sqs: &Client, url: &str, body: &str) -> String {
    sqs.send_message().queue_url(url).message_body(body).send().await.unwrap().message_id.unwrap()
}

async fn send_in_group(sqs: &Client, url: &str, group: &str, body: &str) {
    sqs.send_message().queue_url(url).message_group_id(group).message_body(body).send().await.unwrap();
}

/// Up to ten messages, with all that can be known of them.
async fn receive(sqs: &Client, url: &str) -> Vec<Message> {
    let receive = sqs.receive_message().queue_url(url).max_number_of_messages(10).message_attribute_names("All");
    let receive = receive.message_system_attribute_names(MessageSystemAttributeName::All);
    receive.send().await.unwrap().messages.unwrap_or_default()
}

async fn receive_one(sqs: &Client, url: &str) -> Message {
    let mut messages = receive(sqs, url).await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.remove(0)
}

fn bodies(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.body().unwrap_or_default()).collect()
}

async fn receive_bodies(sqs: &Client, url: &str) -> Vec<String> {
    bodies(&receive(sqs, url).await).into_iter().map(str::to_owned).collect()
}

async fn delete(sqs: &Client, url: &str, message: &Message) {
    sqs.delete_message().queue_url(url).receipt_handle(message.receipt_handle().unwrap()).send().await.unwrap();
}

fn system_attribute(message: &Message, name: MessageSystemAttributeName) -> Option<&str> {
    message.attributes()?.get(&name).map(String::as_str)
}

async fn attribute(sqs: &Client, url: &str, name: QueueAttributeName) -> Option<String> {
    let got = sqs.get_queue_attributes().queue_url(url).attribute_names(name.clone()).send().await.unwrap();
    got.attributes()?.get(&name).cloned()
}

/// How many messages are visible, in flight, and delayed.
async fn counts(sqs: &Client, url: &str) -> [usize; 3] {
    let got = sqs.get_queue_attributes().queue_url(url).attribute_names(QueueAttributeName::All).send().await.unwrap();
    let attributes = got.attributes().unwrap();
    [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        QueueAttributeName::ApproximateNumberOfMessagesDelayed,
    ]
    .map(|name| attributes[&name].parse().unwrap())
}

fn invalid_parameter(message: impl Into<String>) -> (String, String) {
    ("InvalidParameterValue".to_owned(), message.into())
}

fn missing(parameter: &str) -> (String, String) {
    ("MissingParameter".to_owned(), format!("The request must contain the parameter {parameter}."))
}

/// A refusal with a code that has the prefix of the query protocol.
fn simple(code: &str, message: &str) -> (String, String) {
    (format!("AWS.SimpleQueueService.{code}"), message.to_owned())
}

fn no_such_queue() -> (String, String) {
    simple("NonExistentQueue", "The specified queue does not exist.")
}
