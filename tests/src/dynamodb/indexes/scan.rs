use aws_sdk_dynamodb::types::Select;

use super::super::fixture::{n, put, s, validation};
use super::{Item, numbers, order, orders};
use crate::stage::{Stage, on_both_stages, refusal};

/// Twelve orders, of which every third has no product, so no place in the index by product.
async fn twelve(stage: &Stage) -> aws_sdk_dynamodb::Client {
    let client = orders(stage).await;
    for number in 0..12 {
        let mut order = order("ada", number, [("price", n(number % 2)), ("state", s("open"))]);
        if number % 3 != 0 {
            order.insert("product".to_owned(), s(&format!("product {}", number % 4)));
        }
        put(&client, "orders", order).await;
    }
    client
}

fn sorted(items: &[Item]) -> Vec<i32> {
    let mut numbers: Vec<i32> = numbers(items).iter().map(|number| number.parse().expect("it is whole")).collect();
    numbers.sort_unstable();
    numbers
}

const WITH_PRODUCT: [i32; 8] = [1, 2, 4, 5, 7, 8, 10, 11];

#[test]
fn a_scan_of_an_index_reads_every_entry_once_in_pages_and_in_segments() {
    on_both_stages(|stage| async move {
        let client = twelve(&stage).await;
        let scan = || client.scan().table_name("orders").index_name("by_product");
        let whole = scan().send().await.unwrap();
        assert_eq!((whole.count, whole.scanned_count), (8, 8));
        assert_eq!(sorted(whole.items()), WITH_PRODUCT);
        let paged = scan().limit(3).into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap();
        assert_eq!(paged, whole.items());
        let mut from_segments = Vec::new();
        for segment in 0..3 {
            let scan = scan().segment(segment).total_segments(3).limit(1);
            from_segments.extend(scan.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap());
        }
        assert_eq!(from_segments, whole.items());
    });
}

#[test]
fn a_scan_of_an_index_filters_counts_and_fetches() {
    on_both_stages(|stage| async move {
        let client = twelve(&stage).await;
        let scan = client.scan().table_name("orders").index_name("by_product").select(Select::Count);
        let scan = scan.filter_expression("price = :one").expression_attribute_values(":one", n(1));
        let counted = scan.send().await.unwrap();
        assert_eq!((counted.count, counted.scanned_count, counted.items), (4, 8, None));
        let scan = client.scan().table_name("orders").index_name("by_state").consistent_read(true);
        let whole = scan.select(Select::AllAttributes).limit(1).send().await.unwrap();
        assert_eq!(whole.items()[0]["price"], n(0));
        assert_eq!(whole.last_evaluated_key, Some(order("ada", 0, [("state", s("open"))])));
    });
}

#[test]
fn a_scan_of_an_index_is_refused_what_a_query_is() {
    on_both_stages(|stage| async move {
        let client = twelve(&stage).await;
        let scan = || client.scan().table_name("orders").index_name("by_product");
        for (scan, message) in [
            (scan().consistent_read(true), "Consistent reads are not supported on global secondary indexes"),
            (
                scan().projection_expression("secret"),
                "One or more parameter values were invalid: Global secondary index by_product does not project [secret]",
            ),
            (scan().index_name("gone"), "The table does not have the specified index: gone"),
            (scan().set_exclusive_start_key(Some(order("ada", 1, []))), "The provided starting key is invalid"),
        ] {
            assert_eq!(refusal(scan.send().await), validation(message));
        }
    });
}
