//! Items of a table: alone, counted, and in pairs that a transaction writes.

use std::collections::BTreeMap;
use std::sync::Mutex;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, Put, ScalarAttributeType,
    TransactWriteItem,
};
use aws_types::SdkConfig;

use crate::crash::Death;

const TABLE: &str = "items";

#[derive(Default)]
pub struct Answered(Mutex<State>);

#[derive(Default)]
struct State {
    /// What each item holds; nothing, if it was deleted.
    items: BTreeMap<String, Option<String>>,
    pairs: Vec<String>,
    /// How often the counter went up, by answers, and how often nobody knows.
    counted: u64,
    unknown: u64,
}

pub async fn prepare(config: &SdkConfig) {
    let client = Client::new(config);
    let key = AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S).build();
    let schema = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build();
    let table = client.create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
    table.attribute_definitions(key.unwrap()).key_schema(schema.unwrap()).send().await.unwrap();
    loop {
        let answer = client.describe_table().table_name(TABLE).send().await.unwrap();
        if answer.table().unwrap().table_status().unwrap().as_str() == "ACTIVE" {
            return;
        }
    }
}

impl Answered {
    pub async fn write(&self, config: &SdkConfig, round: u64, death: &Death) {
        let client = Client::new(config);
        for count in 0.. {
            let id = format!("{round}-{count}");
            let put = client.put_item().table_name(TABLE).item("id", text(&id)).item("v", text(&id));
            if put.send().await.is_err() {
                return;
            }
            self.0.lock().unwrap().items.insert(id.clone(), Some(id.clone()));
            if count % 3 == 0 {
                // If nobody answers, it may be there or not.
                self.0.lock().unwrap().items.remove(&id);
                if client.delete_item().table_name(TABLE).key("id", text(&id)).send().await.is_err() {
                    return;
                }
                self.0.lock().unwrap().items.insert(id.clone(), None);
            }
            if !self.count(&client).await || !self.write_pair(&client, &id).await {
                return;
            }
            death.answered();
        }
    }

    async fn count(&self, client: &Client) -> bool {
        let update = client.update_item().table_name(TABLE).key("id", text("counter"));
        let update = update.update_expression("ADD n :one").expression_attribute_values(":one", number(1));
        let answered = update.send().await.is_ok();
        let mut state = self.0.lock().unwrap();
        *(if answered { &mut state.counted } else { &mut state.unknown }) += 1;
        answered
    }

    async fn write_pair(&self, client: &Client, id: &str) -> bool {
        let put = |half: &str| {
            let put = Put::builder().table_name(TABLE).item("id", text(&format!("{half}-{id}"))).item("v", text(id));
            TransactWriteItem::builder().put(put.build().unwrap()).build()
        };
        let written = client.transact_write_items().transact_items(put("left")).transact_items(put("right"));
        let answered = written.send().await.is_ok();
        if answered {
            self.0.lock().unwrap().pairs.push(id.to_owned());
        }
        answered
    }

    pub async fn check(&self, config: &SdkConfig) {
        let found = scan(&Client::new(config)).await;
        let value = |id: &str| found.get(id).and_then(|item| item.get("v")?.as_s().ok().cloned());
        let state = self.0.lock().unwrap();
        for (id, expected) in &state.items {
            assert_eq!(value(id), *expected, "{id}");
        }
        for id in &state.pairs {
            assert!(value(&format!("left-{id}")).is_some(), "the pair {id}");
        }
        for id in found.keys() {
            let other = id.strip_prefix("left-").map(|id| format!("right-{id}"));
            let other = other.or_else(|| id.strip_prefix("right-").map(|id| format!("left-{id}")));
            assert!(other.is_none_or(|other| found.contains_key(&other)), "{id} is half a transaction");
        }
        let counter = found.get("counter").and_then(|item| item.get("n")?.as_n().ok()?.parse().ok()).unwrap_or(0);
        assert!((state.counted..=state.counted + state.unknown).contains(&counter), "{counter}");
    }
}

#[allow(clippy::disallowed_types, reason = "the SDK answers items so")]
type Item = std::collections::HashMap<String, AttributeValue>;

async fn scan(client: &Client) -> BTreeMap<String, Item> {
    let mut found = BTreeMap::new();
    let mut start = None;
    loop {
        let answer = client.scan().table_name(TABLE).set_exclusive_start_key(start).send().await.unwrap();
        found.extend(answer.items().iter().map(|item| (item["id"].as_s().unwrap().clone(), item.clone())));
        start = answer.last_evaluated_key().cloned();
        if start.is_none() {
            return found;
        }
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
