use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::batch_execute_statement::builders::BatchExecuteStatementFluentBuilder;
use aws_sdk_dynamodb::types::{
    BatchStatementRequest, BatchStatementResponse, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure,
    ScalarAttributeType,
};
use serde_json::json;

use super::fixture::{events, get, item, n, profiles, put, s, validation};
use crate::raw;
use crate::stage::{on_both_stages, refusal};

fn member(text: &str) -> BatchStatementRequest {
    BatchStatementRequest::builder().statement(text).build().expect("all members are set")
}

fn batch(client: &Client, texts: &[&str]) -> BatchExecuteStatementFluentBuilder {
    client.batch_execute_statement().set_statements(Some(texts.iter().map(|text| member(text)).collect()))
}

async fn run(client: &Client, texts: &[&str]) -> Vec<BatchStatementResponse> {
    batch(client, texts).send().await.unwrap_or_else(|error| panic!("{texts:?}: {error:?}")).responses().to_vec()
}

/// Code and message of a statement that failed, and whether its table is named.
fn failure(response: &BatchStatementResponse) -> (String, String, bool) {
    let error = response.error().expect("the statement failed");
    let code = error.code().expect("a failure has a code").as_str().to_owned();
    (code, error.message().unwrap_or_default().to_owned(), response.table_name().is_some())
}

fn failed(code: &str, message: &str, has_table: bool) -> (String, String, bool) {
    (code.to_owned(), message.to_owned(), has_table)
}

// behaviour

#[test]
fn each_read_answers_its_item() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("n", n(1)), ("x", n(2))])).await;
        let texts = ["SELECT n FROM profiles WHERE id = 'a'", "SELECT * FROM profiles WHERE id = 'gone'"];
        let answer = batch(&client, &texts).return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = answer.send().await.unwrap();
        let [found, gone] = answer.responses() else { panic!("{answer:?}") };
        assert_eq!((found.item(), found.table_name()), (Some(&item([("n", n(1))])), Some("profiles")));
        assert_eq!((gone.item(), gone.error()), (None, None));
        let units: Vec<_> = answer.consumed_capacity().iter().map(|consumed| consumed.capacity_units).collect();
        assert_eq!(units, [Some(0.5), Some(0.5)]);
        let consistent = BatchStatementRequest::builder().statement(texts[0]).consistent_read(true).build().unwrap();
        let answer = client.batch_execute_statement().statements(consistent);
        let answer = answer.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
        assert_eq!(answer.consumed_capacity()[0].capacity_units, Some(1.0));
    });
}

#[test]
fn each_write_succeeds_or_fails_by_itself() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("n", n(1))])).await;
        let answers = run(
            &client,
            &[
                "INSERT INTO profiles VALUE {'id': 'b'}",
                "INSERT INTO profiles VALUE {'id': 'a'}",
                "UPDATE profiles SET n = 2 WHERE id = 'a' AND n = 9",
                "UPDATE profiles SET n = 2 WHERE id = 'a' RETURNING ALL NEW *",
                "UPDATE profiles REMOVE n WHERE id = 'a' RETURNING MODIFIED NEW *",
                "DELETE FROM profiles WHERE id = 'b' RETURNING MODIFIED OLD *",
                "DELETE FROM absent WHERE id = 'b'",
                "UPDATE profiles SET n = 2 WHERE n = 1",
                "SLECT",
                "DELETE FROM profiles WHERE id = 'b' RETURNING ALL OLD *",
            ],
        )
        .await;
        assert_eq!((answers[0].error(), answers[0].table_name()), (None, Some("profiles")));
        assert_eq!(failure(&answers[1]), failed("DuplicateItem", "Duplicate primary key exists in table", true));
        assert_eq!(failure(&answers[2]), failed("ConditionalCheckFailed", "The conditional request failed", true));
        assert_eq!(answers[3].item(), Some(&item([("id", s("a")), ("n", n(2))])));
        assert_eq!((answers[4].item(), answers[4].error()), (None, None));
        let returning = "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE \
                         statements.";
        assert_eq!(failure(&answers[5]), failed("ValidationError", returning, false));
        assert_eq!(failure(&answers[6]), failed("ResourceNotFound", "Requested resource not found", false));
        let no_key = "Where clause does not contain a mandatory equality on all key attributes";
        assert_eq!(failure(&answers[7]), failed("ValidationError", no_key, false));
        assert_eq!(failure(&answers[8]), failed("ValidationError", "Unsupported operation: VariableReference", false));
        assert_eq!(answers[9].item(), Some(&item([("id", s("b"))])));
        let left = get(&client, "profiles", item([("id", s("a"))])).await;
        assert_eq!(left, Some(item([("id", s("a"))])));
    });
}

#[test]
fn what_failed_a_condition_is_answered_when_asked_for() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a"))])).await;
        let member = BatchStatementRequest::builder().statement("UPDATE profiles SET n = ? WHERE id = 'a' AND n = 9");
        let member = member.parameters(n(2));
        let member =
            member.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld).build();
        let answer = client.batch_execute_statement().statements(member.unwrap()).send().await.unwrap();
        let error = answer.responses()[0].error().unwrap();
        assert_eq!(error.item(), Some(&item([("id", s("a"))])));
    });
}

// validation

#[test]
fn a_read_names_one_item_and_nothing_else() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        let message =
            "Select statements within BatchExecuteStatement must specify the primary key in the where clause.";
        for rest in [
            "WHERE \"user\" = 'ada'",
            "WHERE \"user\" = 'ada' AND \"at\" > 1",
            "WHERE \"user\" = 'ada' AND \"at\" = 1 AND attribute_exists(n)",
            "",
        ] {
            let answers = run(&client, &[&format!("SELECT * FROM events {rest}")]).await;
            assert_eq!(failure(&answers[0]), failed("ValidationError", message, false), "{rest}");
        }
        let answers = run(&client, &["SELECT * FROM events WHERE \"at\" = 1 AND \"user\" = 'ada'"]).await;
        assert_eq!(answers[0].error(), None);
    });
}

#[test]
fn reads_and_writes_do_not_mix() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let texts = ["SELECT * FROM profiles WHERE id = 'a'", "INSERT INTO profiles VALUE {'id': 'a'}"];
        let (code, _) = refusal(batch(&client, &texts).send().await);
        assert_eq!(code, "ValidationException");
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, None);
    });
}

#[test]
fn a_batch_has_up_to_25_statements() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let text = "SELECT * FROM profiles WHERE id = 'a'";
        assert_eq!(run(&client, &[text; 25]).await.len(), 25);
        assert_eq!(
            refusal(batch(&client, &[text; 26]).send().await),
            validation(
                "1 validation error detected: Value at 'statements' failed to satisfy constraint: Member must have \
                 length less than or equal to 25"
            )
        );
    });
}

#[tokio::test(start_paused = true)]
async fn members_are_checked_as_the_model_says() {
    let emulator = rehearsal_emulator::Emulator::builder().seed(7).start().await;
    for (body, message) in [
        (
            json!({}),
            "1 validation error detected: Value null at 'statements' failed to satisfy constraint: Member must not be null",
        ),
        (
            json!({"Statements": []}),
            "1 validation error detected: Value '[]' at 'statements' failed to satisfy constraint: Member must have length \
             greater than or equal to 1",
        ),
        (
            json!({"Statements": [{"Statement": "SELECT"}, {"Parameters": []}]}),
            "2 validation errors detected: Value null at 'statements.2.member.statement' failed to satisfy constraint: \
             Member must not be null; Value '[]' at 'statements.2.member.parameters' failed to satisfy constraint: Member \
             must have length greater than or equal to 1",
        ),
    ] {
        let target = "DynamoDB_20120810.BatchExecuteStatement";
        let (status, answer) = raw::post_json(&emulator, target, body.to_string()).await;
        assert_eq!((status, answer["message"].as_str()), (400, Some(message)), "{body}");
    }
}
