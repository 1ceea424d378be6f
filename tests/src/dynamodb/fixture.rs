//! Tables and items that the tests of several operations begin with.

#[allow(clippy::disallowed_types, reason = "the type is the SDK's")]
use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};

use crate::stage::Stage;

#[allow(clippy::disallowed_types, reason = "the type is the SDK's")]
pub type Item = HashMap<String, AttributeValue>;

pub fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub fn item<const N: usize>(attributes: [(&str, AttributeValue); N]) -> Item {
    attributes.map(|(name, value)| (name.to_owned(), value)).into()
}

pub fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

pub fn hash(name: &str) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(KeyType::Hash).build().expect("all members are set")
}

pub fn range(name: &str) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(KeyType::Range).build().expect("all members are set")
}

pub fn defined(name: &str, kind: ScalarAttributeType) -> AttributeDefinition {
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().expect("all members are set")
}

/// An active table `profiles` with the partition key `id`, a string.
pub async fn profiles(stage: &Stage) -> Client {
    let client = client(stage);
    let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
    let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
    create.send().await.expect("the table is created");
    stage.advance(Duration::from_secs(1)).await;
    client
}

/// An active table `events` with the partition key `user`, a string, and the sort key `at`, of the type given.
pub async fn events(stage: &Stage, sort: ScalarAttributeType) -> Client {
    let client = client(stage);
    let create = client.create_table().table_name("events").billing_mode(BillingMode::PayPerRequest);
    let create = create.key_schema(hash("user")).key_schema(range("at"));
    let create = create
        .attribute_definitions(defined("user", ScalarAttributeType::S))
        .attribute_definitions(defined("at", sort));
    create.send().await.expect("the table is created");
    stage.advance(Duration::from_secs(1)).await;
    client
}

pub async fn put(client: &Client, table: &str, item: Item) {
    client.put_item().table_name(table).set_item(Some(item)).send().await.expect("the item is put");
}

pub async fn get(client: &Client, table: &str, key: Item) -> Option<Item> {
    client.get_item().table_name(table).set_key(Some(key)).send().await.expect("the item is read").item
}

pub fn validation(message: &str) -> (String, String) {
    ("ValidationException".to_owned(), message.to_owned())
}

pub fn not_found(message: &str) -> (String, String) {
    ("ResourceNotFoundException".to_owned(), message.to_owned())
}
