use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::execute_statement::builders::ExecuteStatementFluentBuilder;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::super::fixture::{Item, item, n, put, s, validation};
use super::{numbers, order, orders};
use crate::stage::{Stage, on_both_stages, refusal};

fn statement(client: &Client, text: &str) -> ExecuteStatementFluentBuilder {
    client.execute_statement().statement(text)
}

async fn run(client: &Client, text: &str) -> Vec<Item> {
    let answer = statement(client, text).send().await.unwrap_or_else(|error| panic!("{text}: {error:?}"));
    answer.items().to_vec()
}

/// Four orders of pens and one of nothing that an index would hold.
async fn pens(stage: &Stage) -> Client {
    let client = orders(stage).await;
    let open = [("ada", 1, "3"), ("bob", 2, "20"), ("ada", 3, "-1"), ("cleo", 4, "3")];
    for (customer, number, price) in open {
        let state = if number == 3 { "paid" } else { "open" };
        let attributes =
            [("product", s("pen")), ("price", n(price)), ("state", s(state)), ("note", s("fine")), ("secret", s("x"))];
        put(&client, "orders", order(customer, number, attributes)).await;
    }
    put(&client, "orders", order("ada", 5, [("secret", s("y"))])).await;
    client
}

// behaviour

#[test]
fn a_select_reads_a_global_index_in_the_order_of_its_key() {
    on_both_stages(|stage| async move {
        let client = pens(&stage).await;
        for (rest, expected) in [
            ("WHERE product = 'pen'", vec!["3", "1", "4", "2"]),
            ("WHERE product = 'pen' ORDER BY price DESC", vec!["2", "4", "1", "3"]),
            ("WHERE product = 'pen' AND price > 0", vec!["1", "4", "2"]),
            ("WHERE product = 'pen' AND price BETWEEN -5 AND 3 AND customer = 'ada'", vec!["3", "1"]),
            ("WHERE product IN ['ink', 'pen'] AND price = 3", vec!["1", "4"]),
            ("WHERE product = 'ink'", vec![]),
            ("WHERE note = 'fine' AND price < 3", vec!["3"]),
            ("WHERE secret = 'x'", vec![]),
        ] {
            let found = run(&client, &format!("SELECT * FROM \"orders\".\"by_product\" {rest}")).await;
            assert_eq!(numbers(&found), expected, "{rest}");
        }
        assert_eq!(run(&client, "SELECT * FROM orders.by_product").await.len(), 4, "an index is sparse");
        let cheapest = run(&client, "SELECT * FROM orders.by_product WHERE product = 'pen' AND price < 0").await;
        let held = [("product", s("pen")), ("price", n(-1)), ("note", s("fine"))];
        assert_eq!(cheapest, [order("ada", 3, held)], "what the index holds");
        let columns = run(&client, "SELECT note, customer FROM orders.by_product WHERE product = 'pen' AND price < 0");
        assert_eq!(columns.await, [item([("note", s("fine")), ("customer", s("ada"))])]);
    });
}

#[test]
fn a_select_fetches_what_a_local_index_does_not_hold() {
    on_both_stages(|stage| async move {
        let client = pens(&stage).await;
        let of_ada = "FROM orders.by_state WHERE customer = 'ada'";
        let down = run(&client, &format!("SELECT * {of_ada} ORDER BY \"state\" DESC")).await;
        assert_eq!(down, [order("ada", 3, [("state", s("paid"))]), order("ada", 1, [("state", s("open"))])]);
        let some = run(&client, &format!("SELECT secret, \"number\" {of_ada} AND \"state\" = 'open'")).await;
        assert_eq!(some, [item([("secret", s("x")), ("number", n(1))])]);

        for (columns, consistent, of_index, of_table) in
            [("*", false, 0.5, None), ("*", true, 1.0, None), ("secret", false, 0.5, Some(1.0))]
        {
            let read = statement(&client, &format!("SELECT {columns} {of_ada}")).consistent_read(consistent);
            let read = read.return_consumed_capacity(ReturnConsumedCapacity::Indexes).send().await.unwrap();
            let consumed = read.consumed_capacity.unwrap();
            assert_eq!(consumed.local_secondary_indexes.unwrap()["by_state"].capacity_units, Some(of_index));
            let table = consumed.table.and_then(|table| table.capacity_units).filter(|units| *units > 0.0);
            assert_eq!(table, of_table, "{columns}: each of two items is fetched");
        }
    });
}

#[test]
fn pages_of_an_index_go_on_among_items_of_the_same_key() {
    on_both_stages(|stage| async move {
        let client = pens(&stage).await;
        for text in [
            "SELECT * FROM orders.by_product",
            "SELECT * FROM orders.by_product WHERE product = 'pen'",
            "SELECT * FROM orders.by_product WHERE product = 'pen' ORDER BY price DESC",
            "SELECT * FROM orders.by_product WHERE product IN ['pen', 'ink']",
            "SELECT secret, \"number\" FROM orders.by_state WHERE customer = 'ada'",
            "SELECT * FROM orders.everywhere WHERE \"state\" = 'open'",
        ] {
            let whole = run(&client, text).await;
            let (mut found, mut token) = (Vec::new(), None);
            for _ in 0..9 {
                let page = statement(&client, text).limit(1).set_next_token(token).send().await.unwrap();
                assert!(page.items().len() <= 1, "{text}");
                found.extend(page.items().to_vec());
                token = page.next_token;
                if token.is_none() {
                    break;
                }
            }
            assert!(found.len() > 1, "{text}");
            assert_eq!((found, token), (whole, None), "{text}");
        }
        let page = statement(&client, "SELECT * FROM orders.by_product").limit(2).send().await.unwrap();
        let mut names: Vec<String> = page.last_evaluated_key.unwrap().into_keys().collect();
        names.sort();
        assert_eq!(names, ["customer", "number", "price", "product"], "the index's key and the table's");
    });
}

// validation

#[test]
fn what_an_index_cannot_answer_is_refused() {
    on_both_stages(|stage| async move {
        let client = pens(&stage).await;
        for (text, message) in [
            ("SELECT * FROM orders.by_colour", "The table does not have the specified index"),
            (
                "SELECT secret, note FROM orders.by_product WHERE product = 'pen'",
                "One or more parameter values were invalid: Global secondary index by_product does not project [secret]",
            ),
            (
                "SELECT * FROM orders.by_product WHERE product = 'pen' AND secret = 'x' AND NOT secret = 'y'",
                "One or more parameter values were invalid: Secondary index by_product does not project one or more \
                 filter attributes: [secret]",
            ),
            (
                "SELECT * FROM orders.by_product WHERE product = 'pen' ORDER BY note",
                "Variable reference note in ORDER BY clause must be part of the primary key",
            ),
            (
                "SELECT * FROM orders.by_product WHERE customer = 'ada' ORDER BY price",
                "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
            ),
            (
                "SELECT * FROM orders.by_product WHERE product = 5",
                "One or more parameter values were invalid: Condition parameter type does not match schema type",
            ),
            ("DELETE FROM orders.by_product WHERE product = 'pen'", "This operation is not supported on an index"),
        ] {
            assert_eq!(refusal(statement(&client, text).send().await), validation(message), "{text}");
        }
        let consistent = statement(&client, "SELECT * FROM orders.by_product").consistent_read(true).send().await;
        let message = "Strongly consistent read is not supported on Global Secondary Indexes";
        assert_eq!(refusal(consistent), validation(message));
    });
}
