//! Secondary indexes: one file an operation that makes, reads or follows them.

mod create_table;
mod execute_statement;
mod query;
mod scan;
mod update_table;
mod writes;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, LocalSecondaryIndex, Projection,
    ProjectionType, ScalarAttributeType,
};

use super::fixture::{Item, client, defined, hash, item, n, range, s};
use crate::stage::Stage;

use ScalarAttributeType::{N, S};

pub fn all() -> Projection {
    Projection::builder().projection_type(ProjectionType::All).build()
}

pub fn keys_only() -> Projection {
    Projection::builder().projection_type(ProjectionType::KeysOnly).build()
}

pub fn including(name: &str) -> Projection {
    Projection::builder().projection_type(ProjectionType::Include).non_key_attributes(name).build()
}

pub fn local(name: &str, keys: Vec<KeySchemaElement>, projection: Projection) -> LocalSecondaryIndex {
    let index = LocalSecondaryIndex::builder().index_name(name).set_key_schema(Some(keys)).projection(projection);
    index.build().expect("all members are set")
}

pub fn global(name: &str, keys: Vec<KeySchemaElement>, projection: Projection) -> GlobalSecondaryIndex {
    let index = GlobalSecondaryIndex::builder().index_name(name).set_key_schema(Some(keys)).projection(projection);
    index.build().expect("all members are set")
}

/// An active table `orders` of customers and numbers, with a local index `by_state` of keys alone, a global index
/// `by_product` with prices and notes, and a global index `everywhere` by state, of everything.
pub async fn orders(stage: &Stage) -> Client {
    let client = client(stage);
    let create = client.create_table().table_name("orders").billing_mode(BillingMode::PayPerRequest);
    let create = create.key_schema(hash("customer")).key_schema(range("number"));
    let create = create
        .attribute_definitions(defined("customer", S))
        .attribute_definitions(defined("number", N))
        .attribute_definitions(defined("state", S))
        .attribute_definitions(defined("product", S))
        .attribute_definitions(defined("price", N));
    let create = create
        .local_secondary_indexes(local("by_state", vec![hash("customer"), range("state")], keys_only()))
        .global_secondary_indexes(global("by_product", vec![hash("product"), range("price")], including("note")))
        .global_secondary_indexes(global("everywhere", vec![hash("state")], all()));
    create.send().await.expect("the table is created");
    stage.advance(Duration::from_secs(1)).await;
    client
}

/// An order with these attributes beside its key.
pub fn order<const N: usize>(customer: &str, number: i32, attributes: [(&str, AttributeValue); N]) -> Item {
    let mut order = item([("customer", s(customer)), ("number", n(number))]);
    order.extend(item(attributes));
    order
}

pub fn numbers(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item["number"].as_n().expect("number is a number").as_str()).collect()
}
