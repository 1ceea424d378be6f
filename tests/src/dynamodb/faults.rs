//! What DynamoDB does under load and among others, which here only faults make it do.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    BatchStatementErrorCodeEnum, BatchStatementRequest, BatchStatementResponse, DeleteRequest, Get, KeysAndAttributes,
    ParameterizedStatement, Put, PutRequest, ScalarAttributeType, TransactGetItem, TransactWriteItem, WriteRequest,
};
use rehearsal_emulator::on;

use super::fixture::{Item, events, get, item, n, profiles, put, s};
use super::indexes::{numbers, order, orders};
use crate::stage::{on_both_stages, refusal};

const ONGOING: &str = "Transaction is ongoing for the item";

fn id(id: &str) -> Item {
    item([("id", s(id))])
}

fn to_put(item: Item) -> TransactWriteItem {
    let put = Put::builder().table_name("profiles").set_item(Some(item)).build().unwrap();
    TransactWriteItem::builder().put(put).build()
}

fn to_get(key: Item) -> TransactGetItem {
    TransactGetItem::builder().get(Get::builder().table_name("profiles").set_key(Some(key)).build().unwrap()).build()
}

async fn answers(client: &Client, statements: &[&str], consistent: bool) -> Vec<BatchStatementResponse> {
    let member = |text: &&str| BatchStatementRequest::builder().statement(*text).consistent_read(consistent).build();
    let members = statements.iter().map(|text| member(text).unwrap()).collect();
    client.batch_execute_statement().set_statements(Some(members)).send().await.unwrap().responses.unwrap()
}

// conflicts

#[test]
fn a_write_of_an_item_that_a_transaction_holds_is_refused() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let conflict = stage.emulator.fault(on("dynamodb", "*").resource("profiles").conflict());
        let expected = ("TransactionConflictException".to_owned(), ONGOING.to_owned());
        let put = || client.put_item().table_name("profiles").item("id", s("a"));
        assert_eq!(refusal(put().send().await), expected);
        let update = client.update_item().table_name("profiles").key("id", s("a"));
        assert_eq!(refusal(update.send().await), expected);
        let delete = client.delete_item().table_name("profiles").key("id", s("a"));
        assert_eq!(refusal(delete.send().await), expected);
        assert_eq!(get(&client, "profiles", id("a")).await, None, "reads of one item do not conflict");
        drop(conflict);
        put().send().await.unwrap();
    });
}

#[test]
fn a_statement_conflicts_as_the_operation_that_it_stands_for() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", id("a")).await;
        let conflict = stage.emulator.fault(on("dynamodb", "*").resource("profiles").conflict());
        let (insert, select) = ("INSERT INTO profiles VALUE {'id': 'b'}", "SELECT * FROM profiles WHERE id = 'a'");
        let delete = "DELETE FROM profiles WHERE id = 'a'";
        for text in [insert, delete, "UPDATE profiles SET x = 1 WHERE id = 'a'"] {
            let refused = refusal(client.execute_statement().statement(text).send().await);
            assert_eq!(refused, ("TransactionConflictException".to_owned(), ONGOING.to_owned()), "{text}");
        }
        assert_eq!(client.execute_statement().statement(select).send().await.unwrap().items(), [id("a")]);
        for answer in answers(&client, &[insert, delete], true).await {
            let error = answer.error().expect("it is refused");
            assert_eq!(error.code(), Some(&BatchStatementErrorCodeEnum::TransactionConflict));
            assert_eq!((error.message(), answer.table_name()), (Some(ONGOING), Some("profiles")));
        }
        assert_eq!(answers(&client, &[select], true).await[0].item(), Some(&id("a")));
        for text in [insert, select] {
            let statement = ParameterizedStatement::builder().statement(text).build().unwrap();
            let (code, message) = refusal(client.execute_transaction().transact_statements(statement).send().await);
            assert_eq!(code, "TransactionCanceledException");
            assert!(message.ends_with("[TransactionConflict]"), "{message}");
        }
        drop(conflict);
        assert_eq!(get(&client, "profiles", id("b")).await, None);
        assert_eq!(answers(&client, &[insert, delete], false).await[1].error(), None);
    });
}

#[test]
fn a_batch_of_statements_is_hit_through_each_of_its_tables() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        let statements =
            ["DELETE FROM events WHERE \"user\" = 'a' AND \"at\" = 1", "DELETE FROM profiles WHERE id = 'a'"];
        let _conflict = stage.emulator.fault(on("dynamodb", "*").resource("profiles").conflict());
        assert!(answers(&client, &statements, false).await[1].error().is_some());
    });
}

#[test]
fn a_transaction_that_meets_another_is_cancelled_with_a_reason_for_each_action() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let _conflict = stage.emulator.fault(on("dynamodb", "Transact*").conflict().times(2));
        let write = || {
            let actions = vec![to_put(id("a")), to_put(id("b"))];
            client.transact_write_items().client_request_token("same").set_transact_items(Some(actions))
        };
        let Err(SdkError::ServiceError(error)) = write().send().await else { panic!("it is refused") };
        let TransactWriteItemsError::TransactionCanceledException(cancelled) = error.into_err() else {
            panic!("it is cancelled")
        };
        assert_eq!(
            cancelled.message(),
            Some(
                "Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict, \
                 None]"
            )
        );
        let reasons = cancelled.cancellation_reasons();
        assert_eq!((reasons[0].code(), reasons[0].message()), (Some("TransactionConflict"), Some(ONGOING)));
        assert_eq!((reasons[1].code(), reasons[1].message()), (Some("None"), None));
        let read = client.transact_get_items().transact_items(to_get(id("a")));
        let (code, message) = refusal(read.send().await);
        assert_eq!(code, "TransactionCanceledException");
        assert!(message.ends_with("[TransactionConflict]"), "{message}");
        assert_eq!(get(&client, "profiles", id("b")).await, None);
        write().send().await.expect("the same request again is what callers do");
        assert_eq!(get(&client, "profiles", id("b")).await, Some(id("b")));
    });
}

#[test]
fn errors_of_busy_times_are_the_types_that_sdks_know() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let write = || client.transact_write_items().transact_items(to_put(id("a"))).send();
        let text = "Transaction from previous request is still in progress";
        let fault = on("dynamodb", "TransactWriteItems").fail(400, "TransactionInProgressException", text);
        let busy = stage.emulator.fault(fault);
        let Err(SdkError::ServiceError(error)) = write().await else { panic!("it is refused") };
        assert!(error.err().is_transaction_in_progress_exception(), "{error:?}");
        assert_eq!(error.err().message(), Some(text));
        drop(busy);
        let text = "Throughput exceeds the current throughput limit for your account.";
        let busy = stage.emulator.fault(on("dynamodb", "*").fail(400, "RequestLimitExceeded", text));
        let Err(SdkError::ServiceError(error)) = write().await else { panic!("it is refused") };
        assert!(error.err().is_request_limit_exceeded(), "{error:?}");
        drop(busy);
        let _busy = stage.emulator.fault(on("dynamodb", "*").fail(400, "ThrottlingException", "Slow down"));
        assert_eq!(refusal(write().await).0, "ThrottlingException");
    });
}

// throttled parts of a batch

#[test]
fn a_batch_is_written_in_part_and_the_rest_can_be_sent_as_it_is_answered() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        events(&stage, ScalarAttributeType::N).await;
        put(&client, "profiles", id("old")).await;
        let to_put = |item: Item| {
            WriteRequest::builder().put_request(PutRequest::builder().set_item(Some(item)).build().unwrap()).build()
        };
        let delete = DeleteRequest::builder().set_key(Some(id("old"))).build().unwrap();
        let delete = WriteRequest::builder().delete_request(delete).build();
        let event = item([("user", s("a")), ("at", n(7))]);
        let batch = || {
            let batch = client.batch_write_item().request_items("events", vec![to_put(event.clone())]);
            batch.request_items("profiles", vec![to_put(id("a")), to_put(id("b")), delete.clone()])
        };
        let fault = stage.emulator.fault(on("dynamodb", "BatchWriteItem").resource("profiles").unprocessed(2).times(1));
        let rest = batch().send().await.unwrap().unprocessed_items.unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(rest["profiles"], [to_put(id("b")), delete.clone()]);
        assert_eq!(get(&client, "profiles", id("a")).await, Some(id("a")));
        assert_eq!(get(&client, "profiles", id("b")).await, None);
        assert_eq!(get(&client, "profiles", id("old")).await, Some(id("old")));
        let again = client.batch_write_item().set_request_items(Some(rest)).send().await.unwrap();
        assert_eq!(again.unprocessed_items, Some([].into()));
        assert_eq!(get(&client, "profiles", id("old")).await, None);
        drop(fault);
        let _fault = stage.emulator.fault(on("dynamodb", "Batch*").unprocessed(4));
        assert_eq!(refusal(batch().send().await).0, "ProvisionedThroughputExceededException");
    });
}

#[test]
fn a_batch_is_read_in_part() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        for name in ["a", "b", "c"] {
            put(&client, "profiles", id(name)).await;
        }
        let keys = KeysAndAttributes::builder().keys(id("a")).keys(id("b")).keys(id("c"));
        let keys = keys.projection_expression("#i").expression_attribute_names("#i", "id").consistent_read(true);
        let batch = || client.batch_get_item().request_items("profiles", keys.clone().build().unwrap());
        let _fault = stage.emulator.fault(on("dynamodb", "BatchGetItem").unprocessed(2).times(1));
        let answer = batch().send().await.unwrap();
        assert_eq!(answer.responses.unwrap()["profiles"], [id("a")]);
        let rest = answer.unprocessed_keys.unwrap();
        let left = keys.clone().set_keys(Some(vec![id("b"), id("c")])).build().unwrap();
        assert_eq!(rest["profiles"], left);
        let again = client.batch_get_item().set_request_items(Some(rest)).send().await.unwrap();
        assert_eq!(again.responses.unwrap()["profiles"], [id("b"), id("c")]);
        let _fault = stage.emulator.fault(on("dynamodb", "BatchGetItem").unprocessed(3));
        assert_eq!(refusal(batch().send().await).0, "ProvisionedThroughputExceededException");
    });
}

// stale reads

#[test]
fn reads_lag_behind_unless_they_ask_for_consistency() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("x", n(1))])).await;
        put(&client, "profiles", id("gone")).await;
        stage.advance(Duration::from_secs(60)).await;
        let _lag = stage.emulator.fault(on("dynamodb", "*").stale(Duration::from_secs(3600)));
        put(&client, "profiles", item([("id", s("a")), ("x", n(2))])).await;
        put(&client, "profiles", item([("id", s("a")), ("x", n(3))])).await;
        put(&client, "profiles", id("new")).await;
        client.delete_item().table_name("profiles").key("id", s("gone")).send().await.unwrap();

        let old = item([("id", s("a")), ("x", n(1))]);
        assert_eq!(get(&client, "profiles", id("a")).await, Some(old.clone()));
        assert_eq!(get(&client, "profiles", id("new")).await, None);
        let consistent = client.get_item().table_name("profiles").key("id", s("a")).consistent_read(true);
        assert_eq!(consistent.send().await.unwrap().item.unwrap()["x"], n(3));
        let keys = |consistent: bool| {
            let keys = KeysAndAttributes::builder().keys(id("a")).keys(id("gone")).keys(id("new"));
            keys.consistent_read(consistent).build().unwrap()
        };
        let batch = |consistent| client.batch_get_item().request_items("profiles", keys(consistent)).send();
        assert_eq!(batch(false).await.unwrap().responses.unwrap()["profiles"], [old.clone(), id("gone")]);
        assert_eq!(batch(true).await.unwrap().responses.unwrap()["profiles"].len(), 2);
        let query = client.query().table_name("profiles").key_condition_expression("id = :id");
        let query = query.expression_attribute_values(":id", s("a")).send().await.unwrap();
        assert_eq!(query.items(), [old]);
        let scan = |consistent| client.scan().table_name("profiles").consistent_read(consistent).send();
        let ids = |items: Option<Vec<Item>>| {
            let mut ids: Vec<String> = items.unwrap().iter().map(|item| item["id"].as_s().unwrap().clone()).collect();
            ids.sort();
            ids
        };
        assert_eq!(ids(scan(false).await.unwrap().items), ["a", "gone"]);
        assert_eq!(ids(scan(true).await.unwrap().items), ["a", "new"]);
        let transaction = client.transact_get_items().transact_items(to_get(id("a"))).send().await.unwrap();
        assert_eq!(transaction.responses()[0].item().unwrap()["x"], n(3), "a transaction is never stale");

        stage.advance(Duration::from_secs(3601)).await;
        assert_eq!(get(&client, "profiles", id("a")).await.unwrap()["x"], n(3));
        assert_eq!(get(&client, "profiles", id("gone")).await, None);
    });
}

#[test]
fn a_condition_sees_what_a_stale_read_misses() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let _lag = stage.emulator.fault(on("dynamodb", "*").stale(Duration::from_secs(3600)));
        put(&client, "profiles", id("a")).await;
        assert_eq!(get(&client, "profiles", id("a")).await, None);
        let put = client.put_item().table_name("profiles").item("id", s("a"));
        let (code, _) = refusal(put.condition_expression("attribute_not_exists(id)").send().await);
        assert_eq!(code, "ConditionalCheckFailedException");
    });
}

#[test]
fn selects_lag_behind_unless_they_ask_for_consistency() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let _lag = stage.emulator.fault(on("dynamodb", "*Statement").stale(Duration::from_secs(2)));
        put(&client, "profiles", id("a")).await;
        let select = "SELECT * FROM profiles WHERE id = 'a'";
        let one = |consistent| client.execute_statement().statement(select).consistent_read(consistent).send();
        let found = async |consistent| {
            let batch = answers(&client, &[select], consistent).await;
            (one(consistent).await.unwrap().items().len(), batch[0].item().is_some())
        };
        assert_eq!((found(false).await, found(true).await), ((0, false), (1, true)));
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(found(false).await, (1, true));
    });
}

#[test]
fn an_index_lags_behind_its_table() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let _lag = stage.emulator.fault(on("dynamodb", "*").resource("orders/index/*").stale(Duration::from_secs(2)));
        let written = order("ada", 1, [("product", s("pen")), ("price", n(3))]);
        put(&client, "orders", written.clone()).await;
        assert_eq!(get(&client, "orders", order("ada", 1, [])).await, Some(written));
        let table = client.query().table_name("orders").key_condition_expression("customer = :c");
        let table = table.expression_attribute_values(":c", s("ada")).send().await.unwrap();
        assert_eq!(numbers(table.items()), ["1"]);
        let through_index = async || {
            let query = client.query().table_name("orders").index_name("by_product");
            let query = query.key_condition_expression("product = :p").expression_attribute_values(":p", s("pen"));
            let scan = client.scan().table_name("orders").index_name("by_product").send().await.unwrap();
            let select = "SELECT * FROM orders.by_product WHERE product = 'pen'";
            let select = client.execute_statement().statement(select).send().await.unwrap();
            [query.send().await.unwrap().items().len(), scan.items().len(), select.items().len()]
        };
        assert_eq!(through_index().await, [0; 3]);
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(through_index().await, [1; 3]);
    });
}
