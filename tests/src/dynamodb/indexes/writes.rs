use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, ConsumedCapacity, Delete, DeleteRequest, ItemCollectionMetrics, Put, PutRequest,
    ReturnConsumedCapacity, ReturnItemCollectionMetrics, Select, TransactWriteItem, WriteRequest,
};

use super::super::fixture::{get, item, n, put, s, validation};
use super::{order, orders};
use crate::stage::{on_both_stages, refusal};

fn update(client: &Client, expression: &str) -> UpdateItemFluentBuilder {
    let update = client.update_item().table_name("orders").key("customer", s("ada")).key("number", n(1));
    update.update_expression(expression).return_consumed_capacity(ReturnConsumedCapacity::Indexes)
}

/// The units of table, `by_state`, `by_product` and `everywhere`; an index that cost nothing is not told.
fn units(capacity: Option<ConsumedCapacity>) -> [Option<f64>; 4] {
    let capacity = capacity.expect("it was asked for");
    let (local, global) = (capacity.local_secondary_indexes, capacity.global_secondary_indexes);
    let of_global = |name: &str| global.as_ref()?.get(name)?.capacity_units;
    let of_local = local.as_ref().and_then(|local| local.get("by_state")?.capacity_units);
    let each = [
        capacity.table.and_then(|table| table.capacity_units),
        of_local,
        of_global("by_product"),
        of_global("everywhere"),
    ];
    assert_eq!(capacity.capacity_units, Some(each.iter().flatten().sum()));
    each
}

/// The customers of the collections in `orders`, the only table of a batch or a transaction.
#[allow(clippy::disallowed_types, reason = "the type is the SDK's")]
fn collections(metrics: Option<std::collections::HashMap<String, Vec<ItemCollectionMetrics>>>) -> Vec<String> {
    let mut metrics = metrics.expect("a local index is there");
    let of_table = metrics.remove("orders").expect("its items changed");
    assert_eq!(metrics, [].into());
    let customer = |metrics: ItemCollectionMetrics| {
        assert_eq!(metrics.size_estimate_range_gb, Some(vec![0.0, 1.0]));
        metrics.item_collection_key.expect("it has a key")["customer"].as_s().expect("a text").clone()
    };
    of_table.into_iter().map(customer).collect()
}

fn pens(number: i32) -> super::Item {
    order("ada", number, [("product", s("pen")), ("price", n(1)), ("state", s("open")), ("extra", s("x"))])
}

// behaviour

#[test]
fn a_write_costs_what_it_changes_in_each_index() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let put = |order| {
            let put = client.put_item().table_name("orders").set_item(Some(order));
            put.return_consumed_capacity(ReturnConsumedCapacity::Indexes).send()
        };
        let one = Some(1.0);
        assert_eq!(units(put(order("ada", 9, [])).await.unwrap().consumed_capacity), [one, None, None, None]);
        assert_eq!(units(put(pens(1)).await.unwrap().consumed_capacity), [one, one, one, one]);
        assert_eq!(units(put(pens(1)).await.unwrap().consumed_capacity), [one, None, None, None]);
        for (expression, value, expected) in [
            ("SET extra = :v", s("y"), [one, None, None, one]),
            ("SET note = :v", s("y"), [one, None, one, one]),
            ("SET product = :v", s("ink"), [one, None, Some(2.0), one]),
            ("SET #s = :v", s("paid"), [one, Some(2.0), None, Some(2.0)]),
        ] {
            let update = update(&client, expression).expression_attribute_values(":v", value);
            let update =
                if expression.contains('#') { update.expression_attribute_names("#s", "state") } else { update };
            assert_eq!(units(update.send().await.unwrap().consumed_capacity), expected, "{expression}");
        }
        let removed = update(&client, "REMOVE product").send().await.unwrap();
        assert_eq!(units(removed.consumed_capacity), [one, None, one, one]);
        let delete = client.delete_item().table_name("orders").key("customer", s("ada")).key("number", n(1));
        let delete = delete.return_consumed_capacity(ReturnConsumedCapacity::Indexes).send().await.unwrap();
        assert_eq!(units(delete.consumed_capacity), [one, one, None, one]);
        let total = client.put_item().table_name("orders").set_item(Some(pens(2)));
        let total = total.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
        let total = total.consumed_capacity.unwrap();
        assert_eq!((total.capacity_units, total.table, total.global_secondary_indexes), (Some(4.0), None, None));
    });
}

#[test]
fn a_table_with_a_local_index_tells_the_size_of_its_item_collections() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let size = ReturnItemCollectionMetrics::Size;
        let put = client.put_item().table_name("orders").set_item(Some(pens(1)));
        let put = put.return_item_collection_metrics(size.clone()).send().await.unwrap();
        let update = update(&client, "REMOVE extra").return_item_collection_metrics(size.clone()).send().await.unwrap();
        let delete = client.delete_item().table_name("orders").key("customer", s("ada")).key("number", n(1));
        let delete = delete.return_item_collection_metrics(size).send().await.unwrap();
        let metrics = [put.item_collection_metrics, update.item_collection_metrics, delete.item_collection_metrics];
        for metrics in metrics.map(|metrics| metrics.expect("a local index is there")) {
            assert_eq!(metrics.item_collection_key, Some(item([("customer", s("ada"))])));
            assert_eq!(metrics.size_estimate_range_gb, Some(vec![0.0, 1.0]));
        }
        let put = client.put_item().table_name("orders").set_item(Some(pens(1))).send().await.unwrap();
        assert_eq!(put.item_collection_metrics, None, "it was not asked for");
    });
}

#[test]
fn several_writes_tell_each_item_collection_once() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let size = ReturnItemCollectionMetrics::Size;
        put(&client, "orders", order("cleo", 1, [])).await;
        let to_put = |item| {
            let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        };
        let delete = |customer| DeleteRequest::builder().set_key(Some(order(customer, 1, []))).build().unwrap();
        let to_delete = |customer| WriteRequest::builder().delete_request(delete(customer)).build();
        let requests =
            vec![to_put(pens(1)), to_put(order("bob", 1, [])), to_delete("cleo"), to_put(pens(2)), to_delete("nobody")];
        let batch = client.batch_write_item().request_items("orders", requests);
        let batch = batch.return_item_collection_metrics(size.clone()).send().await.unwrap();
        assert_eq!(collections(batch.item_collection_metrics), ["ada", "bob", "cleo"]);

        let write = TransactWriteItem::builder;
        let actions = || {
            let put = Put::builder().table_name("orders").set_item(Some(pens(1))).build().unwrap();
            let check = ConditionCheck::builder().table_name("orders").set_key(Some(order("bob", 1, [])));
            let check = check.condition_expression("attribute_exists(customer)").build().unwrap();
            let gone = Delete::builder().table_name("orders").set_key(Some(order("nobody", 1, []))).build().unwrap();
            let delete = Delete::builder().table_name("orders").set_key(Some(order("ada", 2, []))).build().unwrap();
            let actions =
                [write().put(put), write().condition_check(check), write().delete(gone), write().delete(delete)];
            actions.map(|action| action.build()).to_vec()
        };
        let transaction = client.transact_write_items().set_transact_items(Some(actions()));
        let transaction = transaction.return_item_collection_metrics(size).send().await.unwrap();
        assert_eq!(collections(transaction.item_collection_metrics), ["ada"], "checks change nothing");
        let transaction = client.transact_write_items().set_transact_items(Some(actions())).send().await.unwrap();
        assert_eq!(transaction.item_collection_metrics, None, "it was not asked for");
    });
}

#[test]
fn an_expired_item_stays_in_the_indexes_until_it_is_swept() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        client_ttl(&client).await;
        let mut expired = pens(1);
        expired.insert("expires".to_owned(), n(stage.emulator.clock().now().as_secs() - 60));
        put(&client, "orders", expired).await;
        put(&client, "orders", pens(2)).await;
        for (passes, left) in [(Duration::ZERO, 2), (Duration::from_mins(11), 1)] {
            stage.advance(passes).await;
            for index in ["by_state", "by_product", "everywhere"] {
                let scan = client.scan().table_name("orders").index_name(index).select(Select::Count);
                assert_eq!(scan.send().await.unwrap().count, left, "{index} after {passes:?}");
            }
        }
    });
}

/// Time to live on the attribute `expires`.
async fn client_ttl(client: &Client) {
    let specification = aws_sdk_dynamodb::types::TimeToLiveSpecification::builder();
    let specification = specification.enabled(true).attribute_name("expires").build().expect("all members are set");
    let update = client.update_time_to_live().table_name("orders").time_to_live_specification(specification);
    update.send().await.expect("time to live is enabled");
}

// validation

#[test]
fn an_item_whose_attributes_cannot_be_index_keys_is_not_put() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let mismatch = |actual: &str| {
            format!(
                "One or more parameter values were invalid: Type mismatch for Index Key product Expected: S Actual: \
                 {actual} IndexName: by_product"
            )
        };
        let long = |length| s(&"x".repeat(length));
        for (name, value, message) in [
            ("product", n(1), mismatch("N")),
            ("product", AttributeValue::Null(true), mismatch("NULL")),
            ("product", AttributeValue::L(vec![]), mismatch("L")),
            (
                "product",
                s(""),
                "One or more parameter values are not valid. A value specified for a secondary index key is not \
                 supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: \
                 by_product, IndexKey: product"
                    .to_owned(),
            ),
            (
                "product",
                long(2049),
                "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 \
                 bytes"
                    .to_owned(),
            ),
            (
                "state",
                long(1025),
                "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size \
                 limit of 1024 bytes"
                    .to_owned(),
            ),
        ] {
            let put = client.put_item().table_name("orders").set_item(Some(order("ada", 1, [(name, value)])));
            assert_eq!(refusal(put.send().await), validation(&message));
        }
        put(&client, "orders", order("ada", 1, [("product", long(2048)), ("state", long(1024))])).await;
    });
}

#[test]
fn an_update_to_what_cannot_be_an_index_key_is_refused_and_changes_nothing() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let mut before = pens(1);
        before.insert("texts".to_owned(), AttributeValue::L(vec![s("")]));
        put(&client, "orders", before.clone()).await;
        let unsupported = "The update expression attempted to update the secondary index key to unsupported type";
        let empty = "One or more parameter values are not valid. The update expression attempted to update a secondary \
                     index key to a value that is not supported. The AttributeValue for a key attribute cannot contain \
                     an empty string value.";
        for (expression, value, message) in [
            (
                "SET product = :v",
                Some(n(1)),
                "One or more parameter values were invalid: Type mismatch for Index Key product Expected: S Actual: N \
                 IndexName: by_product",
            ),
            ("SET product = price", None, unsupported),
            ("SET product = if_not_exists(gone, :v)", Some(n(1)), unsupported),
            ("SET product = :v", Some(s("")), empty),
            ("SET product = texts[0]", None, empty),
            (
                "SET product = if_not_exists(gone, :v)",
                Some(s(&"x".repeat(2049))),
                "The update expression attempted to update the secondary index key beyond allowed size limits",
            ),
        ] {
            let update = update(&client, expression);
            let update = match value {
                Some(value) => update.expression_attribute_values(":v", value),
                None => update,
            };
            assert_eq!(refusal(update.send().await), validation(message), "{expression}");
        }
        let now = get(&client, "orders", item([("customer", s("ada")), ("number", n(1))])).await;
        assert_eq!(now, Some(before));
    });
}
