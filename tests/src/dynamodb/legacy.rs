//! The parameters that came before expressions, through every operation that takes them.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeAction, AttributeValue, AttributeValueUpdate, ComparisonOperator, Condition, ConditionalOperator,
    ExpectedAttributeValue, ReturnValue, ScalarAttributeType, Select,
};

use super::fixture::{events, get, item, n, profiles, put, s, validation};
use crate::stage::{on_both_stages, refusal};

fn condition<const N: usize>(operator: ComparisonOperator, values: [AttributeValue; N]) -> Condition {
    let list = if N == 0 { None } else { Some(values.to_vec()) };
    let condition = Condition::builder().comparison_operator(operator).set_attribute_value_list(list);
    condition.build().expect("all members are set")
}

fn expected(value: AttributeValue) -> ExpectedAttributeValue {
    ExpectedAttributeValue::builder().value(value).build()
}

fn missing() -> ExpectedAttributeValue {
    ExpectedAttributeValue::builder().exists(false).build()
}

fn update(action: AttributeAction, value: Option<AttributeValue>) -> AttributeValueUpdate {
    AttributeValueUpdate::builder().action(action).set_value(value).build()
}

fn mixed(legacy: &str, expressions: &str) -> (String, String) {
    validation(&format!(
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \
         {{{legacy}}} Expression parameters: {{{expressions}}}"
    ))
}

fn failed() -> (String, String) {
    ("ConditionalCheckFailedException".to_owned(), "The conditional request failed".to_owned())
}

/// `events` with five items of `ada`, `at` 1 to 5; the even ones have a `kind`.
async fn five_events(client: &Client) {
    for at in 1..=5 {
        let mut event = item([("user", s("ada")), ("at", n(at)), ("body", s("x"))]);
        if at % 2 == 0 {
            event.insert("kind".to_owned(), s("even"));
        }
        put(client, "events", event).await;
    }
}

fn of_ada(client: &Client) -> QueryFluentBuilder {
    client.query().table_name("events").key_conditions("user", condition(ComparisonOperator::Eq, [s("ada")]))
}

// behaviour

#[test]
fn expected_guards_a_put_and_a_delete() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let put = || client.put_item().table_name("profiles").item("id", s("a")).item("v", n(1));
        put().expected("id", missing()).send().await.unwrap();
        assert_eq!(refusal(put().expected("id", missing()).send().await), failed());
        put().expected("v", expected(n("1.0"))).send().await.unwrap();
        let either = put().expected("v", expected(n(2))).expected("gone", missing());
        assert_eq!(refusal(either.clone().send().await), failed());
        either.conditional_operator(ConditionalOperator::Or).send().await.unwrap();
        let delete = client.delete_item().table_name("profiles").key("id", s("a"));
        let greater = ExpectedAttributeValue::builder().comparison_operator(ComparisonOperator::Gt);
        let greater = greater.attribute_value_list(n(1)).build();
        assert_eq!(refusal(delete.clone().expected("v", greater).send().await), failed());
        delete.expected("v", expected(n(1))).send().await.unwrap();
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, None);
    });
}

#[test]
fn attribute_updates_change_what_they_say() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let tags = |tags: &[&str]| AttributeValue::Ss(tags.iter().map(|tag| (*tag).to_owned()).collect());
        put(&client, "profiles", item([("id", s("a")), ("n", n(5)), ("stale", n(1)), ("tags", tags(&["x", "y"]))]))
            .await;
        let answer = client.update_item().table_name("profiles").key("id", s("a"));
        let answer = answer.expected("n", expected(n(5)));
        let answer = answer.attribute_updates("n", update(AttributeAction::Add, Some(n(-2))));
        let answer = answer.attribute_updates("stale", update(AttributeAction::Delete, None));
        let answer = answer.attribute_updates("tags", update(AttributeAction::Delete, Some(tags(&["x"]))));
        let answer = answer.attribute_updates("a.b", AttributeValueUpdate::builder().value(s("dotted")).build());
        let answer = answer.return_values(ReturnValue::UpdatedNew).send().await.unwrap();
        let changed = [("n", n(3)), ("tags", tags(&["y"])), ("a.b", s("dotted"))];
        assert_eq!(answer.attributes, Some(item(changed.clone())));
        let mut whole = item(changed);
        whole.insert("id".to_owned(), s("a"));
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, Some(whole));
    });
}

#[test]
fn key_conditions_and_filters_choose_items() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        five_events(&client).await;
        let between = condition(ComparisonOperator::Between, [n(2), n(5)]);
        let query = of_ada(&client).key_conditions("at", between);
        let found =
            query.clone().query_filter("kind", condition(ComparisonOperator::NotNull, [])).send().await.unwrap();
        assert_eq!((found.count, found.scanned_count), (2, 4));
        let unequal = query.clone().query_filter("kind", condition(ComparisonOperator::Ne, [s("even")]));
        assert_eq!(unequal.send().await.unwrap().count, 2);
        let either = query.query_filter("kind", condition(ComparisonOperator::BeginsWith, [s("e")]));
        let either = either.query_filter("body", condition(ComparisonOperator::Contains, [s("y")]));
        assert_eq!(either.clone().send().await.unwrap().count, 0);
        assert_eq!(either.conditional_operator(ConditionalOperator::Or).send().await.unwrap().count, 2);
        let with_expression = of_ada(&client).filter_expression("kind = :even");
        let found = with_expression.expression_attribute_values(":even", s("even")).send().await.unwrap();
        assert_eq!((found.count, found.scanned_count), (2, 5));
        let scan = client.scan().table_name("events");
        let scan = scan.scan_filter("at", condition(ComparisonOperator::In, [n(1), n(2), n(7)]));
        assert_eq!(scan.send().await.unwrap().count, 2);
    });
}

#[test]
fn attributes_to_get_names_what_is_answered() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        five_events(&client).await;
        let key = item([("user", s("ada")), ("at", n(2))]);
        let get = client.get_item().table_name("events").set_key(Some(key));
        let found = get.attributes_to_get("kind").attributes_to_get("gone").send().await.unwrap().item;
        assert_eq!(found, Some(item([("kind", s("even"))])));
        let page = of_ada(&client).attributes_to_get("at").limit(1).send().await.unwrap();
        assert_eq!(page.items(), [item([("at", n(1))])]);
        let page = client.scan().table_name("events").attributes_to_get("user").limit(1).send().await.unwrap();
        assert_eq!(page.items(), [item([("user", s("ada"))])]);
    });
}

// validation

#[test]
fn the_two_worlds_do_not_mix() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        let key = item([("user", s("ada")), ("at", n(2))]);
        let get = client.get_item().table_name("events").set_key(Some(key.clone()));
        let get = get.attributes_to_get("kind").projection_expression("kind");
        assert_eq!(refusal(get.send().await), mixed("AttributesToGet", "ProjectionExpression"));
        let put = client.put_item().table_name("events").set_item(Some(key.clone())).expected("kind", missing());
        let put = put.condition_expression("attribute_exists(kind)");
        assert_eq!(refusal(put.send().await), mixed("Expected", "ConditionExpression"));
        let update_item = client.update_item().table_name("events").set_key(Some(key));
        let update_item = update_item.attribute_updates("kind", update(AttributeAction::Delete, None));
        let update_item = update_item.expected("kind", missing()).conditional_operator(ConditionalOperator::And);
        let update_item = update_item.update_expression("REMOVE kind").condition_expression("attribute_exists(kind)");
        assert_eq!(
            refusal(update_item.send().await),
            mixed("AttributeUpdates, Expected, ConditionalOperator", "UpdateExpression, ConditionExpression")
        );
        let query = of_ada(&client).key_condition_expression("a = :a").filter_expression("b = :a");
        let query = query.query_filter("kind", condition(ComparisonOperator::Null, [])).attributes_to_get("kind");
        assert_eq!(
            refusal(query.send().await),
            mixed("AttributesToGet, QueryFilter, KeyConditions", "FilterExpression, KeyConditionExpression")
        );
        let scan = client.scan().table_name("events").scan_filter("kind", condition(ComparisonOperator::Null, []));
        let scan = scan.projection_expression("kind").filter_expression("attribute_exists(kind)");
        assert_eq!(refusal(scan.send().await), mixed("ScanFilter", "ProjectionExpression, FilterExpression"));
    });
}

#[test]
fn what_does_not_fit_is_told_in_awss_words() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        let one_alone = "ConditionalOperator can only be used when Filter or Expected has two or more elements";
        let scan = client.scan().table_name("events").conditional_operator(ConditionalOperator::And);
        assert_eq!(
            refusal(scan.clone().send().await),
            validation("ConditionalOperator cannot be used without Filter or Expected")
        );
        let scan = scan.scan_filter("kind", condition(ComparisonOperator::Null, []));
        assert_eq!(refusal(scan.send().await), validation(one_alone));
        for (query, message) in [
            (
                of_ada(&client).key_conditions("at", condition(ComparisonOperator::Ne, [n(1)])),
                "Attempted conditional constraint is not an indexable operation",
            ),
            (
                of_ada(&client).key_conditions("at", condition(ComparisonOperator::Eq, [s("1")])),
                "One or more parameter values were invalid: Condition parameter type does not match schema type",
            ),
            (
                of_ada(&client).query_filter("at", condition(ComparisonOperator::Eq, [n(1)])),
                "QueryFilter can only contain non-primary key attributes: Primary key attribute: at",
            ),
            (
                of_ada(&client).query_filter("kind", condition(ComparisonOperator::Eq, [])),
                "One or more parameter values were invalid: Invalid number of argument(s) for the EQ ComparisonOperator",
            ),
            (
                of_ada(&client).attributes_to_get("kind").attributes_to_get("kind"),
                "One or more parameter values were invalid: Duplicate value in attribute name: kind",
            ),
            (
                of_ada(&client).attributes_to_get("kind").select(Select::Count),
                "One or more parameter values were invalid: Cannot specify the AttributesToGet when choosing to get \
                 only the Count",
            ),
        ] {
            assert_eq!(refusal(query.send().await), validation(message));
        }
        let key = item([("user", s("ada")), ("at", n(2))]);
        put(&client, "events", item([("user", s("ada")), ("at", n(2)), ("kind", s("even"))])).await;
        let update_item = client.update_item().table_name("events").set_key(Some(key));
        for (name, change, message) in [
            (
                "at",
                update(AttributeAction::Put, Some(n(3))),
                "One or more parameter values were invalid: Cannot update attribute at. This attribute is part of the \
                 key",
            ),
            ("kind", update(AttributeAction::Add, Some(n(1))), "Type mismatch for attribute to update"),
            (
                "kind",
                update(AttributeAction::Put, None),
                "One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is \
                 specified",
            ),
        ] {
            assert_eq!(refusal(update_item.clone().attribute_updates(name, change).send().await), validation(message));
        }
    });
}
