use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::execute_statement::ExecuteStatementOutput;
use aws_sdk_dynamodb::operation::execute_statement::builders::ExecuteStatementFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure, ScalarAttributeType,
};
use serde_json::json;

use super::fixture::{Item, events, get, item, n, not_found, profiles, put, s, validation};
use crate::raw;
use crate::stage::{on_both_stages, refusal};

fn statement(client: &Client, text: &str) -> ExecuteStatementFluentBuilder {
    client.execute_statement().statement(text)
}

async fn run(client: &Client, text: &str) -> ExecuteStatementOutput {
    statement(client, text).send().await.unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

async fn refused(client: &Client, text: &str) -> (String, String) {
    refusal(statement(client, text).send().await)
}

async fn profile(client: &Client, id: &str) -> Option<Item> {
    get(client, "profiles", item([("id", s(id))])).await
}

/// The sort keys of what a SELECT on `events` finds.
async fn sorts(client: &Client, rest: &str) -> Vec<String> {
    let found = run(client, &format!("SELECT \"at\" FROM \"events\" {rest}")).await;
    found.items().iter().map(|item| item["at"].as_n().expect("at is a number").clone()).collect()
}

const NO_KEY: &str = "Where clause does not contain a mandatory equality on all key attributes";

fn condition_failed() -> (String, String) {
    ("ConditionalCheckFailedException".to_owned(), "The conditional request failed".to_owned())
}

// behaviour

#[test]
fn an_item_is_inserted_once() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let insert = "INSERT INTO \"profiles\" VALUE {'id': 'a', 'n': 1.50, 'm': {'x': [1, null]}, 'ss': <<'p', 'q'>>}";
        let answer = statement(&client, insert).return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.items(), []);
        assert_eq!(answer.consumed_capacity.unwrap().capacity_units, Some(1.0));
        let list = AttributeValue::L(vec![n(1), AttributeValue::Null(true)]);
        let expected = item([
            ("id", s("a")),
            ("n", n("1.5")),
            ("m", AttributeValue::M(item([("x", list)]))),
            ("ss", AttributeValue::Ss(vec!["p".to_owned(), "q".to_owned()])),
        ]);
        assert_eq!(profile(&client, "a").await, Some(expected.clone()));
        let again = refused(&client, "INSERT INTO profiles VALUE {'id': 'a'}").await;
        assert_eq!(again, ("DuplicateItemException".to_owned(), "Duplicate primary key exists in table".to_owned()));
        assert_eq!(profile(&client, "a").await, Some(expected));
        let binary = AttributeValue::B(aws_sdk_dynamodb::primitives::Blob::new([1, 2]));
        let insert = statement(&client, "INSERT INTO profiles VALUE {'id': ?, 'b': ?}");
        insert.parameters(s("b")).parameters(binary.clone()).send().await.unwrap();
        assert_eq!(profile(&client, "b").await, Some(item([("id", s("b")), ("b", binary)])));
    });
}

#[test]
fn an_update_changes_an_item_that_exists() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let list = AttributeValue::L(vec![s("one")]);
        let tags = AttributeValue::Ss(vec!["x".to_owned(), "y".to_owned()]);
        put(&client, "profiles", item([("id", s("a")), ("n", n(5)), ("l", list), ("tags", tags), ("stale", n(1))]))
            .await;
        let update = "UPDATE \"profiles\" SET n = n + 1 SET l = list_append(l, ['two']) SET tags = set_delete(tags, <<'x'>>) \
                      REMOVE stale WHERE id = 'a' AND n < 9";
        assert_eq!(run(&client, update).await.items(), []);
        let expected = item([
            ("id", s("a")),
            ("n", n(6)),
            ("l", AttributeValue::L(vec![s("one"), s("two")])),
            ("tags", AttributeValue::Ss(vec!["y".to_owned()])),
        ]);
        assert_eq!(profile(&client, "a").await, Some(expected.clone()));
        assert_eq!(refused(&client, "UPDATE profiles SET n = 0 WHERE id = 'a' AND n = 9").await, condition_failed());
        assert_eq!(refused(&client, "UPDATE profiles SET n = 0 WHERE id = 'gone'").await, condition_failed());
        assert_eq!(refused(&client, "FROM profiles WHERE id = 'gone' SET n = 0").await, condition_failed());
        assert_eq!((profile(&client, "a").await, profile(&client, "gone").await), (Some(expected), None));
        let from_first = statement(&client, "FROM profiles WHERE id = ? SET n = ?").parameters(s("a")).parameters(n(7));
        from_first.send().await.unwrap();
        assert_eq!(profile(&client, "a").await.unwrap()["n"], n(7));
    });
}

#[test]
fn a_delete_checks_what_stands_and_takes_what_is_gone() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("n", n(5))])).await;
        assert_eq!(refused(&client, "DELETE FROM profiles WHERE id = 'a' AND n = 9").await, condition_failed());
        let deleted = run(&client, "DELETE FROM profiles WHERE id = 'a' AND n = 5 RETURNING ALL OLD *").await;
        assert_eq!(deleted.items(), [item([("id", s("a")), ("n", n(5))])]);
        assert_eq!(profile(&client, "a").await, None);
        for again in
            ["DELETE FROM profiles WHERE id = 'a'", "DELETE FROM profiles WHERE id = 'a' AND n = 5 RETURNING ALL OLD *"]
        {
            assert_eq!(run(&client, again).await.items(), [], "{again}");
        }
    });
}

#[test]
fn returning_answers_what_it_says() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let m = |x: i32| AttributeValue::M(item([("x", n(x)), ("y", n(0))]));
        let x = |x: i32| vec![item([("m", AttributeValue::M(item([("x", n(x))])))])];
        let whole = |x: i32| item([("id", s("a")), ("m", m(x))]);
        for (returning, expected) in [
            ("", vec![]),
            ("RETURNING ALL OLD *", vec![whole(1)]),
            ("RETURNING ALL NEW *", vec![whole(2)]),
            ("RETURNING MODIFIED OLD *", x(1)),
            ("RETURNING MODIFIED NEW *", x(2)),
        ] {
            put(&client, "profiles", whole(1)).await;
            let answered = run(&client, &format!("UPDATE profiles SET m.x = 2 WHERE id = 'a' {returning}")).await;
            assert_eq!(answered.items(), expected, "{returning}");
        }
        let removed = run(&client, "UPDATE profiles REMOVE m WHERE id = 'a' RETURNING MODIFIED NEW *").await;
        assert_eq!(removed.items(), []);
    });
}

#[test]
fn what_failed_a_condition_is_answered_when_asked_for() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let stored = item([("id", s("a")), ("n", n(5))]);
        put(&client, "profiles", stored.clone()).await;
        let update = statement(&client, "UPDATE profiles SET n = 0 WHERE id = 'a' AND n = 9");
        let update = update.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let error = update.send().await.unwrap_err().into_service_error();
        assert_eq!(error.code(), Some("ConditionalCheckFailedException"));
        let aws_sdk_dynamodb::operation::execute_statement::ExecuteStatementError::ConditionalCheckFailedException(
            error,
        ) = error
        else {
            panic!("{error:?}")
        };
        assert_eq!(error.item(), Some(&stored));
    });
}

#[test]
fn a_select_queries_the_partitions_it_names() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        for (user, at) in [("ada", 1), ("ada", 2), ("ada", 3), ("bob", 7), ("cid", 9)] {
            put(&client, "events", item([("user", s(user)), ("at", n(at)), ("odd", n(at % 2))])).await;
        }
        for (rest, expected) in [
            ("WHERE \"user\" = 'ada'", vec!["1", "2", "3"]),
            ("WHERE \"user\" = 'ada' ORDER BY \"at\" DESC", vec!["3", "2", "1"]),
            ("WHERE \"user\" = 'ada' AND \"at\" >= 2", vec!["2", "3"]),
            ("WHERE \"user\" = 'ada' AND \"at\" BETWEEN 2 AND 9 AND odd = 1", vec!["3"]),
            ("WHERE \"user\" = 'ada' AND \"at\" > 1 AND \"at\" < 3", vec!["2"]),
            ("WHERE \"user\" = 'ada' AND NOT \"at\" = 2", vec!["1", "3"]),
            ("WHERE \"user\" = 'ada' AND \"at\" BETWEEN 5 AND 6", vec![]),
            ("WHERE \"user\" IN ['cid', 'bob', 'eve']", vec!["9", "7"]),
            ("WHERE \"user\" IN ['ada', 'bob'] ORDER BY \"user\" DESC, \"at\" DESC", vec!["7", "3", "2", "1"]),
            ("WHERE odd = 0", vec!["2"]),
            ("WHERE (\"user\" = 'bob' OR \"user\" = 'bob') AND \"at\" IN (7, 8)", vec!["7"]),
        ] {
            assert_eq!(sorts(&client, rest).await, expected, "{rest}");
        }
        let all = run(&client, "SELECT * FROM \"events\"").await;
        assert_eq!(all.items().len(), 5);
    });
}

#[test]
fn columns_are_answered_by_their_last_name() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let deep = AttributeValue::M(item([("nested", s("deep"))]));
        put(&client, "profiles", item([("id", s("a")), ("mymap", deep), ("l", AttributeValue::L(vec![n(4)]))])).await;
        let chosen = run(&client, "SELECT mymap.nested, l[0], gone FROM profiles WHERE id = 'a'").await;
        assert_eq!(chosen.items(), [item([("nested", s("deep")), ("_2", n(4))])]);
        assert_eq!(run(&client, "SELECT gone FROM profiles WHERE id = 'a'").await.items(), [item([])]);
    });
}

#[test]
fn pages_go_on_where_the_last_ended() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        for (user, at) in [("ada", 1), ("ada", 2), ("ada", 3), ("bob", 4), ("bob", 5)] {
            put(&client, "events", item([("user", s(user)), ("at", n(at))])).await;
        }
        for (text, count) in [
            ("SELECT * FROM events", 5),
            ("SELECT * FROM events WHERE \"user\" = 'ada'", 3),
            ("SELECT * FROM events WHERE \"user\" = 'ada' ORDER BY \"at\" DESC", 3),
            ("SELECT * FROM events WHERE \"user\" IN ['bob', 'ada']", 5),
            ("SELECT * FROM events WHERE \"at\" > 2", 3),
        ] {
            let whole: Vec<Item> = run(&client, text).await.items().to_vec();
            assert_eq!(whole.len(), count, "{text}");
            let mut found = Vec::new();
            let mut token = None;
            for _ in 0..9 {
                let page = statement(&client, text).limit(2).set_next_token(token).send().await.unwrap();
                assert_eq!(page.next_token.is_some(), page.last_evaluated_key.is_some(), "{text}");
                found.extend(page.items().to_vec());
                token = page.next_token;
                if token.is_none() {
                    break;
                }
            }
            assert_eq!((found, token), (whole, None), "{text}");
        }
        let page = statement(&client, "SELECT * FROM events").limit(2).send().await.unwrap();
        let mismatch = validation("NextToken does not match request");
        let other = statement(&client, "SELECT * FROM events WHERE \"at\" > 0").set_next_token(page.next_token.clone());
        assert_eq!(refusal(other.send().await), mismatch);
        assert_eq!(refusal(statement(&client, "SELECT * FROM events").next_token("AAAA").send().await), mismatch);
        let write = statement(&client, "INSERT INTO events VALUE {'user': 'x', 'at': 1}").next_token("AAAA");
        assert_eq!(refusal(write.send().await), mismatch);
    });
}

#[test]
fn an_in_list_is_answered_in_pages_of_ten() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let ids: Vec<String> = (0..12).map(|number| format!("'{number}'")).collect();
        for id in &ids {
            run(&client, &format!("INSERT INTO profiles VALUE {{'id': {id}}}")).await;
        }
        let text = format!("SELECT * FROM profiles WHERE id IN [{}]", ids.join(", "));
        let first = run(&client, &text).await;
        let second = statement(&client, &text).set_next_token(first.next_token.clone()).send().await.unwrap();
        assert_eq!((first.items().len(), second.items().len(), second.next_token), (10, 2, None));
    });
}

#[test]
fn reads_cost_by_their_consistency() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a"))])).await;
        for (consistent, units) in [(false, 0.5), (true, 1.0)] {
            let read = statement(&client, "SELECT * FROM profiles WHERE id = 'a'").consistent_read(consistent);
            let read = read.return_consumed_capacity(ReturnConsumedCapacity::Indexes).send().await.unwrap();
            let consumed = read.consumed_capacity.unwrap();
            assert_eq!((consumed.capacity_units, consumed.table_name.as_deref()), (Some(units), Some("profiles")));
            assert_eq!(consumed.table.unwrap().capacity_units, Some(units));
        }
    });
}

#[test]
fn conditions_compare_values_of_every_type() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let texts = |texts: &[&str]| AttributeValue::Ss(texts.iter().map(|text| (*text).to_owned()).collect());
        let map = AttributeValue::M(item([("x", n(1))]));
        put(&client, "profiles", item([("id", s("a")), ("ss", texts(&["p", "q"])), ("m", map.clone())])).await;
        for (text, value, found) in [
            ("ss = ?", texts(&["q", "p"]), 1),
            ("ss <> ?", texts(&["q", "p"]), 0),
            ("ss = ?", texts(&["q"]), 0),
            ("m = ?", map, 1),
            ("contains(ss, ?)", s("p"), 1),
            ("m.x < ?", s("text"), 0),
        ] {
            let read = statement(&client, &format!("SELECT id FROM profiles WHERE id = 'a' AND {text}"));
            let read = read.parameters(value.clone()).send().await.unwrap();
            assert_eq!(read.items().len(), found, "{text} {value:?}");
        }
    });
}

// validation

#[test]
fn writes_name_one_item_by_its_whole_key() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        for text in [
            "UPDATE events SET a = 1 WHERE \"user\" = 'ada'",
            "UPDATE events SET a = 1",
            "FROM events SET a = 1",
            "FROM events WHERE a = 1 REMOVE b",
            "DELETE FROM events WHERE \"user\" = 'ada' AND \"at\" > 1",
            "DELETE FROM events WHERE \"user\" = 'ada' OR \"at\" = 1",
            "DELETE FROM events",
        ] {
            assert_eq!(refused(&client, text).await, validation(NO_KEY), "{text}");
        }
        for (text, message) in [
            (
                "DELETE FROM events WHERE \"user\" = 1 AND \"at\" = 1",
                "The provided key element does not match the schema",
            ),
            (
                "UPDATE events SET \"at\" = 2 WHERE \"user\" = 'ada' AND \"at\" = 1",
                "One or more parameter values were invalid: Cannot update attribute at. This attribute is part of the key",
            ),
            (
                "INSERT INTO events VALUE {'user': 'ada'}",
                "One or more parameter values were invalid: Missing the key at in the item",
            ),
            (
                "SELECT * FROM events WHERE \"user\" = 5",
                "One or more parameter values were invalid: Condition parameter type does not match schema type",
            ),
        ] {
            assert_eq!(refused(&client, text).await, validation(message), "{text}");
        }
    });
}

#[test]
fn mistakes_are_told_in_awss_words_before_a_table_is_looked_up() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        for (text, message) in [
            ("SLECT * FROM t", "Statement wasn't well formed, can't be processed: Expected data manipulation"),
            ("SELECT * FROM t WHERE", "Statement wasn't well formed, can't be processed: Unexpected term"),
            ("SELECT * FROM t WHERE user = 1", "Statement wasn't well formed, can't be processed: Unexpected keyword"),
            ("SELECT * FROM t WHERE id = 'open", "Statement wasn't well formed, can't be processed: "),
            ("SELECT * FROM absent x WHERE id = 'a'", "Aliasing is not supported"),
            ("SELECT * FROM absent WHERE id = ?", "Number of parameters in request and statement don't match."),
            (
                "SELECT * FROM absent WHERE id < true",
                "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
            ),
            ("SELECT * FROM profiles.\"by-name\" WHERE id = 'a'", "The table does not have the specified index"),
            ("UPDATE profiles.\"by-name\" SET a = 1 WHERE id = 'a'", "This operation is not supported on an index"),
            (
                "SELECT * FROM profiles ORDER BY id",
                "Must have WHERE clause in the statement when using ORDER BY clause.",
            ),
        ] {
            assert_eq!(refused(&client, text).await, validation(message), "{text}");
        }
        let not_there = not_found("Requested resource not found");
        assert_eq!(refused(&client, "SELECT * FROM absent WHERE id = 'a'").await, not_there);
        assert_eq!(refused(&client, "FROM absent WHERE id = 'a' SET a = 1").await, not_there);
    });
}

#[test]
fn an_item_that_is_too_large_is_refused() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let large = s(&"x".repeat(400 * 1024));
        let insert = statement(&client, "INSERT INTO profiles VALUE {'id': 'a', 'x': ?}").parameters(large.clone());
        assert_eq!(refusal(insert.send().await), validation("Item size has exceeded the maximum allowed size"));
        run(&client, "INSERT INTO profiles VALUE {'id': 'a'}").await;
        let update = statement(&client, "UPDATE profiles SET x = ? WHERE id = 'a'").parameters(large);
        assert_eq!(
            refusal(update.send().await),
            validation("Item size to update has exceeded the maximum allowed size")
        );
    });
}

#[test]
fn parameters_are_checked_in_their_order() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let deep = (0..40).fold(s("leaf"), |inner, _| AttributeValue::L(vec![inner]));
        let nesting = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond \
                       supported limit";
        let not_numeric = "The parameter cannot be converted to a numeric value: abc";
        let text = "SELECT * FROM profiles WHERE x = ? AND y = ?";
        for (first, second, message) in [(deep.clone(), n("abc"), nesting), (n("abc"), deep, not_numeric)] {
            let read = statement(&client, text).parameters(first).parameters(second);
            assert_eq!(refusal(read.send().await), validation(message));
        }
    });
}

#[tokio::test(start_paused = true)]
async fn members_are_checked_as_the_model_says() {
    let emulator = rehearsal_emulator::Emulator::builder().seed(7).start().await;
    for (body, message) in [
        (
            json!({}),
            "1 validation error detected: Value null at 'statement' failed to satisfy constraint: Member must not be null",
        ),
        (
            json!({"Statement": "", "Limit": 0}),
            "2 validation errors detected: Value '' at 'statement' failed to satisfy constraint: Member must have length \
             greater than or equal to 1; Value '0' at 'limit' failed to satisfy constraint: Member must have value \
             greater than or equal to 1",
        ),
        (
            json!({"Statement": "SELECT", "Parameters": []}),
            "1 validation error detected: Value '[]' at 'parameters' failed to satisfy constraint: Member must have length \
             greater than or equal to 1",
        ),
    ] {
        let (status, answer) = raw::post_json(&emulator, "DynamoDB_20120810.ExecuteStatement", body.to_string()).await;
        assert_eq!((status, answer["message"].as_str()), (400, Some(message)), "{body}");
    }
}
