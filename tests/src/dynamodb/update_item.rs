use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, ReturnValue};

use super::fixture::{get, item, n, profiles, put, s, validation};
use crate::stage::{on_both_stages, refusal};

fn update(client: &Client, expression: &str) -> UpdateItemFluentBuilder {
    client.update_item().table_name("profiles").key("id", s("a")).update_expression(expression)
}

// behaviour

#[test]
fn an_update_makes_the_item_if_there_is_none() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let add = || update(&client, "ADD visits :one").expression_attribute_values(":one", n(1));
        add().send().await.unwrap();
        add().send().await.unwrap();
        let found = get(&client, "profiles", item([("id", s("a"))])).await;
        assert_eq!(found, Some(item([("id", s("a")), ("visits", n(2))])));
        client.update_item().table_name("profiles").key("id", s("bare")).send().await.unwrap();
        let bare = get(&client, "profiles", item([("id", s("bare"))])).await;
        assert_eq!(bare, Some(item([("id", s("bare"))])));
    });
}

#[test]
fn every_kind_of_action_works_at_once() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let list = AttributeValue::L(vec![s("one"), s("two")]);
        let tags = AttributeValue::Ss(vec!["x".to_owned(), "y".to_owned()]);
        put(&client, "profiles", item([("id", s("a")), ("l", list), ("tags", tags), ("stale", n(1)), ("n", n(5))]))
            .await;
        let expression = "SET #n = #n - :two, recent = list_append(l, :three), fresh = if_not_exists(fresh, :two) \
                          REMOVE stale, l[0] ADD score :two DELETE tags :x";
        let update = update(&client, expression).expression_attribute_names("#n", "n");
        let update = update.expression_attribute_values(":two", n(2));
        let update = update.expression_attribute_values(":three", AttributeValue::L(vec![s("three")]));
        let update = update.expression_attribute_values(":x", AttributeValue::Ss(vec!["x".to_owned()]));
        let after = update.return_values(ReturnValue::AllNew).send().await.unwrap().attributes;
        let expected = item([
            ("id", s("a")),
            ("n", n(3)),
            ("l", AttributeValue::L(vec![s("two")])),
            ("recent", AttributeValue::L(vec![s("one"), s("two"), s("three")])),
            ("fresh", n(2)),
            ("score", n(2)),
            ("tags", AttributeValue::Ss(vec!["y".to_owned()])),
        ]);
        assert_eq!(after, Some(expected));
    });
}

#[test]
fn return_values_answer_what_they_say() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let m = |x: i32| AttributeValue::M(item([("x", n(x)), ("y", n(0))]));
        let x = |x: i32| item([("m", AttributeValue::M(item([("x", n(x))])))]);
        let whole = |x: i32| item([("id", s("a")), ("m", m(x))]);
        for (asked, expected) in [
            (ReturnValue::None, None),
            (ReturnValue::AllOld, Some(whole(1))),
            (ReturnValue::AllNew, Some(whole(2))),
            (ReturnValue::UpdatedOld, Some(x(1))),
            (ReturnValue::UpdatedNew, Some(x(2))),
        ] {
            put(&client, "profiles", whole(1)).await;
            let update = update(&client, "SET m.x = m.x + :one").expression_attribute_values(":one", n(1));
            let answered = update.return_values(asked.clone()).send().await.unwrap().attributes;
            assert_eq!(answered, expected, "{asked}");
        }
        put(&client, "profiles", whole(1)).await;
        let removed = update(&client, "REMOVE m").return_values(ReturnValue::UpdatedNew).send().await.unwrap();
        assert_eq!(removed.attributes, None);
    });
}

#[test]
fn a_condition_guards_the_item() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let update = || {
            let update = update(&client, "SET v = :new").condition_expression("attribute_not_exists(v) OR v < :new");
            update.return_consumed_capacity(ReturnConsumedCapacity::Total)
        };
        let consumed = update().expression_attribute_values(":new", n(2)).send().await.unwrap().consumed_capacity;
        assert_eq!(consumed.unwrap().capacity_units, Some(1.0));
        let older = update().expression_attribute_values(":new", n(1)).send().await;
        assert_eq!(
            refusal(older),
            ("ConditionalCheckFailedException".to_owned(), "The conditional request failed".to_owned())
        );
        let missing = update().key("id", s("gone")).condition_expression("attribute_exists(id)");
        let (code, _) = refusal(missing.expression_attribute_values(":new", n(1)).send().await);
        assert_eq!(code, "ConditionalCheckFailedException");
        assert_eq!(get(&client, "profiles", item([("id", s("gone"))])).await, None);
    });
}

// validation

#[test]
fn the_key_cannot_be_changed() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let update = update(&client, "SET id = :v").expression_attribute_values(":v", s("b"));
        assert_eq!(
            refusal(update.send().await),
            validation(
                "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the \
                 key"
            )
        );
    });
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let whole = item([("id", s("a")), ("text", s("x"))]);
        put(&client, "profiles", whole.clone()).await;
        for (expression, message) in [
            ("SET text_ = nothing", "The provided expression refers to an attribute that does not exist in the item"),
            ("SET nothing.x = :one", "The document path provided in the update expression is invalid for update"),
            ("SET a = :one, b = #t + :one", "An operand in the update expression has an incorrect data type"),
            (
                "SET a = :one, a = :one",
                "Invalid UpdateExpression: Two document paths overlap with each other; must \
              remove or rewrite one of these paths; path one: [a], path two: [a]",
            ),
            (
                "SET name = :one",
                "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name",
            ),
            (
                "SET a = :two",
                "Invalid UpdateExpression: An expression attribute value used in expression is not \
              defined; attribute value: :two",
            ),
            ("SET a = :one b", "Invalid UpdateExpression: Syntax error; token: \"b\", near: \":one b\""),
            ("", "Invalid UpdateExpression: The expression can not be empty;"),
        ] {
            let mut update = update(&client, expression);
            if expression.contains("#t") {
                update = update.expression_attribute_names("#t", "text");
            }
            if expression.contains(":one") || expression.is_empty() || expression.contains(":two") {
                update = update.expression_attribute_values(":one", n(1));
            }
            assert_eq!(refusal(update.send().await), validation(message), "{expression}");
        }
        let expressionless = client.update_item().table_name("profiles").key("id", s("a"));
        assert_eq!(
            refusal(expressionless.expression_attribute_values(":v", n(1)).send().await),
            validation(
                "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and \
                 ConditionExpression are null"
            )
        );
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, Some(whole));
    });
}

#[test]
fn an_item_cannot_grow_beyond_its_limit() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let update = update(&client, "SET a = :v, b = :v").expression_attribute_values(":v", s(&"x".repeat(205_000)));
        assert_eq!(
            refusal(update.send().await),
            validation("Item size to update has exceeded the maximum allowed size")
        );
    });
}
