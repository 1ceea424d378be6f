use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, Select};

use super::super::fixture::{item, n, put, s, validation};
use super::{numbers, order, orders};
use crate::stage::{on_both_stages, refusal};

fn of_product(client: &Client, product: &str) -> QueryFluentBuilder {
    let query = client.query().table_name("orders").index_name("by_product");
    query.key_condition_expression("product = :p").expression_attribute_values(":p", s(product))
}

fn of_customer(client: &Client, customer: &str) -> QueryFluentBuilder {
    let query = client.query().table_name("orders").index_name("by_state");
    query.key_condition_expression("customer = :c").expression_attribute_values(":c", s(customer))
}

/// An order of pens with everything.
fn pens(customer: &str, number: i32, price: impl ToString) -> super::Item {
    let attributes =
        [("product", s("pen")), ("price", n(price)), ("state", s("open")), ("note", s("quick")), ("secret", s("x"))];
    order(customer, number, attributes)
}

// behaviour

#[test]
fn a_global_index_answers_in_the_order_of_its_key_what_it_holds() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        for (customer, number, price) in [("ada", 1, "3"), ("bob", 2, "2E1"), ("ada", 3, "-1"), ("cleo", 4, "0.5")] {
            put(&client, "orders", pens(customer, number, price)).await;
        }
        put(&client, "orders", order("ada", 5, [("product", s("pen"))])).await;
        put(&client, "orders", order("ada", 6, [("price", n(1))])).await;
        let up = of_product(&client, "pen").send().await.unwrap();
        assert_eq!(numbers(up.items()), ["3", "4", "1", "2"]);
        assert_eq!((up.count, up.scanned_count, up.last_evaluated_key.is_none()), (4, 4, true));
        let held = [("product", s("pen")), ("price", n(-1)), ("note", s("quick"))];
        assert_eq!(up.items()[0], order("ada", 3, held));
        let down = of_product(&client, "pen").scan_index_forward(false).send().await.unwrap();
        assert_eq!(numbers(down.items()), ["2", "1", "4", "3"]);
        let dear = of_product(&client, "pen").key_condition_expression("product = :p AND price BETWEEN :low AND :high");
        let dear = dear.expression_attribute_values(":low", n(0)).expression_attribute_values(":high", n(3));
        assert_eq!(numbers(dear.send().await.unwrap().items()), ["4", "1"]);
        let count = of_product(&client, "pen").select(Select::Count).send().await.unwrap();
        assert_eq!((count.count, count.items), (4, None));
        let chosen = of_product(&client, "pen").projection_expression("note, customer").limit(1).send().await.unwrap();
        assert_eq!(chosen.items(), [item([("customer", s("ada")), ("note", s("quick"))])]);
    });
}

#[test]
fn an_index_follows_what_becomes_of_its_items() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        put(&client, "orders", pens("ada", 1, 1)).await;
        put(&client, "orders", pens("ada", 2, 2)).await;
        let update = client.update_item().table_name("orders").key("customer", s("ada")).key("number", n(1));
        let update = update.update_expression("SET price = :p, note = :n").expression_attribute_values(":p", n(3));
        update.expression_attribute_values(":n", s("late")).send().await.unwrap();
        let found = of_product(&client, "pen").send().await.unwrap();
        assert_eq!(numbers(found.items()), ["2", "1"]);
        assert_eq!(found.items()[1]["note"], s("late"));
        let delete = client.delete_item().table_name("orders").key("customer", s("ada")).key("number", n(2));
        delete.send().await.unwrap();
        let update = client.update_item().table_name("orders").key("customer", s("ada")).key("number", n(1));
        update.update_expression("REMOVE product").send().await.unwrap();
        assert_eq!(of_product(&client, "pen").send().await.unwrap().count, 0);
        assert_eq!(of_customer(&client, "ada").send().await.unwrap().count, 1);
    });
}

#[test]
fn pages_within_one_index_key_follow_each_other_both_ways() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        for (customer, number) in [("ada", 1), ("ada", 2), ("bob", 3), ("bob", 4), ("cleo", 5)] {
            put(&client, "orders", pens(customer, number, 7)).await;
        }
        let first = of_product(&client, "pen").limit(1).send().await.unwrap();
        let key = first.last_evaluated_key.expect("there is more");
        let mut names: Vec<_> = key.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["customer", "number", "price", "product"]);
        let mut orders = Vec::new();
        for forward in [true, false] {
            let query = of_product(&client, "pen").limit(2).scan_index_forward(forward);
            let items = query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap();
            orders.push(numbers(&items).into_iter().map(str::to_owned).collect::<Vec<_>>());
        }
        orders[1].reverse();
        assert_eq!(orders[0], orders[1]);
        orders[0].sort_unstable();
        assert_eq!(orders[0], ["1", "2", "3", "4", "5"]);
    });
}

#[test]
fn a_page_that_ends_with_the_last_item_names_it_and_the_next_is_empty() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        for number in 1..=2 {
            put(&client, "orders", pens("ada", number, number)).await;
        }
        let page = of_product(&client, "pen").limit(2).send().await.unwrap();
        assert_eq!(page.count, 2);
        let key = page.last_evaluated_key.expect("AWS does not look further");
        let next = of_product(&client, "pen").set_exclusive_start_key(Some(key)).send().await.unwrap();
        assert_eq!((next.count, next.last_evaluated_key), (0, None));
    });
}

#[test]
fn a_page_counts_the_bytes_of_the_index() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        for number in 1..=4 {
            let mut order = pens("ada", number, number);
            order.insert("secret".to_owned(), s(&"x".repeat(300_000)));
            put(&client, "orders", order).await;
        }
        // The index by product does not hold the long attribute, the one of everything does.
        let query = of_product(&client, "pen").return_consumed_capacity(ReturnConsumedCapacity::Indexes);
        let page = query.send().await.unwrap();
        assert_eq!((page.count, page.last_evaluated_key), (4, None));
        let capacity = page.consumed_capacity.unwrap();
        assert_eq!((capacity.capacity_units, capacity.table.unwrap().capacity_units), (Some(0.5), Some(0.0)));
        assert_eq!(capacity.global_secondary_indexes.unwrap()["by_product"].capacity_units, Some(0.5));
        let query = client.query().table_name("orders").index_name("everywhere").key_condition_expression("#s = :s");
        let query = query.expression_attribute_names("#s", "state").expression_attribute_values(":s", s("open"));
        let page = query.send().await.unwrap();
        assert_eq!(page.count, 4, "the page ends with the item that fills it");
        assert!(page.last_evaluated_key.is_some());
    });
}

#[test]
fn a_local_index_fetches_what_it_does_not_hold_at_the_price_of_the_table() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        for number in 1..=2 {
            put(&client, "orders", pens("ada", number, number)).await;
        }
        put(&client, "orders", order("ada", 3, [("note", s("no state"))])).await;
        let query = || of_customer(&client, "ada").return_consumed_capacity(ReturnConsumedCapacity::Indexes);
        let units = |capacity: Option<aws_sdk_dynamodb::types::ConsumedCapacity>| {
            let capacity = capacity.expect("it was asked for");
            let local = capacity.local_secondary_indexes.expect("a local index was read");
            let table = capacity.table.and_then(|table| table.capacity_units);
            (capacity.capacity_units, table, local["by_state"].capacity_units)
        };
        let held = query().send().await.unwrap();
        assert_eq!(held.items()[0], order("ada", 1, [("state", s("open"))]));
        assert_eq!(units(held.consumed_capacity), (Some(0.5), Some(0.0), Some(0.5)));
        let whole = query().select(Select::AllAttributes).send().await.unwrap();
        assert_eq!(whole.items(), [pens("ada", 1, 1), pens("ada", 2, 2)]);
        assert_eq!(units(whole.consumed_capacity), (Some(1.5), Some(1.0), Some(0.5)));
        let part = query().projection_expression("secret").consistent_read(true).send().await.unwrap();
        assert_eq!(part.items(), [item([("secret", s("x"))]), item([("secret", s("x"))])]);
        assert_eq!(units(part.consumed_capacity), (Some(3.0), Some(2.0), Some(1.0)));
        let filtered = query().filter_expression("secret = :x").expression_attribute_values(":x", s("y"));
        assert_eq!(filtered.send().await.unwrap().count, 0);
    });
}

// validation

#[test]
fn a_global_index_refuses_what_it_does_not_hold() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let query = || of_product(&client, "pen");
        let invalid = "One or more parameter values were invalid: ";
        let not_held = format!("{invalid}Global secondary index by_product does not project [secret]");
        for (query, message) in [
            (
                query().select(Select::AllAttributes),
                format!(
                    "{invalid}Select type ALL_ATTRIBUTES is not supported for global secondary index by_product \
                     because its projection type is not ALL"
                ),
            ),
            (query().projection_expression("note, secret.y"), not_held.clone()),
            (query().filter_expression("attribute_exists(secret)"), not_held),
            (
                query().consistent_read(true),
                "Consistent reads are not supported on global secondary indexes".to_owned(),
            ),
            (
                query().select(Select::AllProjectedAttributes).projection_expression("note"),
                format!(
                    "{invalid}Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES"
                ),
            ),
            (query().index_name("gone"), "The table does not have the specified index: gone".to_owned()),
        ] {
            assert_eq!(refusal(query.send().await), validation(&message));
        }
        assert!(query().select(Select::AllProjectedAttributes).send().await.is_ok());
    });
}

#[test]
fn conditions_and_filters_go_by_the_key_of_the_index() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        put(&client, "orders", pens("ada", 1, 1)).await;
        let query = || of_product(&client, "pen");
        let of_table = query().filter_expression("customer = :c").expression_attribute_values(":c", s("ada"));
        assert_eq!(of_table.send().await.unwrap().count, 1);
        let of_index = query().filter_expression("price = :c").expression_attribute_values(":c", n(1));
        assert_eq!(
            refusal(of_index.send().await),
            validation("Filter Expression can only contain non-primary key attributes: Primary key attribute: price")
        );
        for (condition, message) in [
            ("customer = :p", "Query condition missed key schema element: product"),
            ("product = :p AND customer = :p", "Query condition missed key schema element: price"),
            (
                "product = :p AND price = :p",
                "One or more parameter values were invalid: Condition parameter type does not match schema type",
            ),
        ] {
            let query = query().key_condition_expression(condition);
            assert_eq!(refusal(query.send().await), validation(message), "{condition}");
        }
    });
}

#[test]
fn a_starting_key_has_the_attributes_of_both_keys() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let invalid = "The provided starting key is invalid";
        let start = |product: &str, price: AttributeValue| order("ada", 1, [("product", s(product)), ("price", price)]);
        let mut without_table = start("pen", n(1));
        without_table.remove("number");
        let mut with_more = start("pen", n(1));
        with_more.insert("note".to_owned(), s("x"));
        for (start, message) in [
            (order("ada", 1, []), invalid),
            (without_table, invalid),
            (with_more, invalid),
            (start("pen", s("1")), invalid),
            (start("ink", n(1)), "The provided starting key is outside query boundaries based on provided conditions"),
            (start("pen", n(9)), "The provided starting key does not match the range key predicate"),
        ] {
            let query = of_product(&client, "pen").key_condition_expression("product = :p AND price < :max");
            let query = query.expression_attribute_values(":max", n(5)).set_exclusive_start_key(Some(start.clone()));
            assert_eq!(refusal(query.send().await), validation(message), "{start:?}");
        }
    });
}
