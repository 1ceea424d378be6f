use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::execute_transaction::ExecuteTransactionError;
use aws_sdk_dynamodb::operation::execute_transaction::builders::ExecuteTransactionFluentBuilder;
use aws_sdk_dynamodb::types::{ParameterizedStatement, ReturnConsumedCapacity};
use serde_json::json;

use super::fixture::{get, item, n, not_found, profiles, put, s, validation};
use crate::raw;
use crate::stage::{on_both_stages, refusal};

fn transaction(client: &Client, texts: &[&str]) -> ExecuteTransactionFluentBuilder {
    let member = |text: &&str| ParameterizedStatement::builder().statement(*text).build().expect("all members are set");
    client.execute_transaction().set_transact_statements(Some(texts.iter().map(member).collect()))
}

async fn refused(client: &Client, texts: &[&str]) -> (String, String) {
    refusal(transaction(client, texts).send().await)
}

// behaviour

#[test]
fn writes_happen_together() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        for id in ["a", "b", "c"] {
            put(&client, "profiles", item([("id", s(id)), ("n", n(1))])).await;
        }
        let texts = [
            "INSERT INTO profiles VALUE {'id': 'd', 'n': 4}",
            "UPDATE profiles SET n = n + 1 WHERE id = 'a' AND attribute_exists(n)",
            "DELETE FROM profiles WHERE id = 'b'",
            "DELETE FROM profiles WHERE id = 'gone' AND n = 1",
            "EXISTS(SELECT * FROM profiles WHERE id = 'c' AND n = 1)",
        ];
        let done = transaction(&client, &texts).return_consumed_capacity(ReturnConsumedCapacity::Total);
        let done = done.send().await.unwrap();
        assert_eq!(done.responses(), []);
        let consumed = &done.consumed_capacity()[0];
        assert_eq!((done.consumed_capacity().len(), consumed.table_name()), (1, Some("profiles")));
        assert_eq!(consumed.write_capacity_units, Some(10.0));
        for (id, expected) in [("a", Some(2)), ("b", None), ("c", Some(1)), ("d", Some(4))] {
            let found = get(&client, "profiles", item([("id", s(id))])).await;
            assert_eq!(found.map(|item| item["n"].clone()), expected.map(n), "{id}");
        }
    });
}

#[test]
fn one_refusal_cancels_all_and_each_tells_its_reason() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("n", n(1))])).await;
        let texts = [
            "INSERT INTO profiles VALUE {'id': 'a'}",
            "INSERT INTO profiles VALUE {'id': 'b'}",
            "UPDATE profiles SET n = 1 WHERE id = 'gone'",
            "EXISTS(SELECT * FROM profiles WHERE id = 'c' AND n = 1)",
        ];
        let error = transaction(&client, &texts).send().await.unwrap_err().into_service_error();
        let ExecuteTransactionError::TransactionCanceledException(error) = error else { panic!("{error:?}") };
        assert_eq!(
            error.message(),
            Some(
                "Transaction cancelled, please refer cancellation reasons for specific reasons [DuplicateItem, None, \
                 ConditionalCheckFailed, ConditionalCheckFailed]"
            )
        );
        let reasons: Vec<_> = error.cancellation_reasons().iter().map(|reason| reason.message()).collect();
        let failed = Some("The conditional request failed");
        assert_eq!(reasons, [Some("Duplicate primary key exists in table"), None, failed, failed]);
        assert_eq!(get(&client, "profiles", item([("id", s("b"))])).await, None);
    });
}

#[test]
fn a_token_makes_it_happen_once() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("n", n(0))])).await;
        let send = || {
            let transaction = transaction(&client, &["UPDATE profiles SET n = n + 1 WHERE id = 'a'"]);
            transaction.client_request_token("once").return_consumed_capacity(ReturnConsumedCapacity::Indexes).send()
        };
        let (first, again) = (send().await.unwrap(), send().await.unwrap());
        let found = get(&client, "profiles", item([("id", s("a"))])).await;
        assert_eq!(found.unwrap()["n"], n(1));
        let (first, again) = (&first.consumed_capacity()[0], &again.consumed_capacity()[0]);
        assert_eq!((first.write_capacity_units, first.read_capacity_units), (Some(2.0), None));
        assert_eq!((again.write_capacity_units, again.read_capacity_units), (None, Some(2.0)));
        let other = transaction(&client, &["DELETE FROM profiles WHERE id = 'a'"]).client_request_token("once");
        let (code, _) = refusal(other.send().await);
        assert_eq!(code, "IdempotentParameterMismatchException");
    });
}

#[test]
fn reads_answer_one_item_each() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("n", n(1))])).await;
        let texts = ["SELECT n FROM profiles WHERE id = 'a'", "SELECT * FROM profiles WHERE id = 'gone'"];
        let found = transaction(&client, &texts).return_consumed_capacity(ReturnConsumedCapacity::Total);
        let found = found.send().await.unwrap();
        let items: Vec<_> = found.responses().iter().map(|response| response.item().cloned()).collect();
        assert_eq!(items, [Some(item([("n", n(1))])), None]);
        assert_eq!(found.consumed_capacity()[0].read_capacity_units, Some(4.0));
    });
}

// validation

#[test]
fn a_mistake_is_told_with_the_place_of_its_statement() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let fine = "DELETE FROM profiles WHERE id = 'z'";
        for (text, message) in [
            (
                "UPDATE profiles SET n = 1 WHERE id = 'x' RETURNING ALL NEW *",
                "RETURNING clause is not supported in ExecuteTransaction.",
            ),
            ("UPDATE profiles SET n = 1 WHERE", "Statement wasn't well formed, can't be processed: Unexpected term"),
            ("UPDATE profiles SET n = 1", "Where clause does not contain a mandatory equality on all key attributes"),
            (
                "EXISTS(SELECT * FROM profiles WHERE id = 'a')",
                "EXISTS() must contain a single item read with additional condition",
            ),
        ] {
            let expected = validation(&format!("Validation failed in TransactStatements[1]: {message}"));
            assert_eq!(refused(&client, &[fine, text]).await, expected, "{text}");
        }
        for (text, message) in [
            (
                "SELECT * FROM profiles WHERE n = 1",
                "Select statements within ExecuteTransaction must specify the primary key in the where clause.",
            ),
            (
                "SELECT * FROM profiles WHERE id = 'a' AND attribute_exists(n)",
                "Select statements within ExecuteTransaction must specify the primary key in the where clause.",
            ),
            (
                "SELECT * FROM profiles.\"by-name\" WHERE id = 'a'",
                "Reads on indices are not supported within transactions.",
            ),
        ] {
            let expected = validation(&format!("Validation failed in TransactStatements[0]: {message}"));
            assert_eq!(refused(&client, &[text]).await, expected, "{text}");
        }
        let missing = refused(&client, &["DELETE FROM absent WHERE id = 'a'"]).await;
        assert_eq!(missing, not_found("Requested resource not found"));
    });
}

#[test]
fn reads_and_writes_do_not_mix_and_no_item_comes_twice() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let (read, write) = ("SELECT * FROM profiles WHERE id = 'a'", "INSERT INTO profiles VALUE {'id': 'a'}");
        let (code, _) = refused(&client, &[read, write]).await;
        assert_eq!(code, "ValidationException");
        for twice in [[read, read], [write, "DELETE FROM profiles WHERE id = 'a'"]] {
            let expected = validation("Transaction request cannot include multiple operations on one item");
            assert_eq!(refused(&client, &twice).await, expected, "{twice:?}");
        }
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, None);
    });
}

#[tokio::test(start_paused = true)]
async fn members_are_checked_as_the_model_says() {
    let emulator = rehearsal_emulator::Emulator::builder().seed(7).start().await;
    for (body, message) in [
        (
            json!({"TransactStatements": []}),
            "1 validation error detected: Value '[]' at 'transactStatements' failed to satisfy constraint: Member must \
             have length greater than or equal to 1",
        ),
        (
            json!({"TransactStatements": [{}], "ClientRequestToken": ""}),
            "2 validation errors detected: Value null at 'transactStatements.1.member.statement' failed to satisfy \
             constraint: Member must not be null; Value '' at 'clientRequestToken' failed to satisfy constraint: Member \
             must have length greater than or equal to 1",
        ),
    ] {
        let target = "DynamoDB_20120810.ExecuteTransaction";
        let (status, answer) = raw::post_json(&emulator, target, body.to_string()).await;
        assert_eq!((status, answer["message"].as_str()), (400, Some(message)), "{body}");
    }
}
