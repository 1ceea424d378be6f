//! Puts, updates, deletes and checks up to 100 items of one or more tables: all of it, or nothing.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attribute_json::{self, GivenItem};
use super::capacity::{self, ConsumedCapacity};
use super::expression::{Kind, condition, update};
use super::expression_attributes::symbols;
use super::item_collection::Collections;
use super::members::{check_consumed_capacity, check_item_collection_metrics};
use super::request_token::RequestToken;
use super::transact_get_items::consumed_by_reads;
use super::transaction::{self, Action, Intent, Outcome};
use super::write::check_size;
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, SharedOperation, Violations};

pub struct TransactWriteItems;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    transact_items: Option<Vec<TransactWriteItem>>,
    client_request_token: Option<String>,
    return_consumed_capacity: Option<String>,
    return_item_collection_metrics: Option<String>,
}

#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
struct TransactWriteItem {
    condition_check: Option<Given>,
    put: Option<Given>,
    delete: Option<Given>,
    update: Option<Given>,
}

/// The members of the four actions; each has those that AWS gives it and ignores the others.
#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
struct Given {
    table_name: Option<String>,
    item: Option<GivenItem>,
    key: Option<GivenItem>,
    update_expression: Option<String>,
    condition_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<GivenItem>,
    return_values_on_condition_check_failure: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ActionKind {
    Check,
    Put,
    Delete,
    Update,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<Vec<ConsumedCapacity>>,
    #[serde(skip_serializing_if = "Collections::is_empty")]
    item_collection_metrics: Collections,
}

impl SharedOperation for TransactWriteItems {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "TransactWriteItems";

    fn resource(input: &Input) -> String {
        let given = input.transact_items.iter().flatten().flat_map(TransactWriteItem::given);
        table_name::all_shown(given.flat_map(|(_, given)| &given.table_name))
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        let items = input.transact_items.unwrap_or_default();
        let token = input.client_request_token.map(|token| RequestToken::new(token, &items));
        let mut actions = Vec::with_capacity(items.len());
        let mut names = Vec::with_capacity(items.len());
        for item in items {
            let (kind, given) = item.only()?;
            names.push(given.table_name.clone().unwrap_or_default());
            actions.push(action(kind, given, call)?);
        }
        let asked = input.return_consumed_capacity.as_deref();
        let metrics = input.return_item_collection_metrics.as_deref();
        let names = names.iter().map(String::as_str);
        let mut item_collection_metrics = Collections::default();
        let consumed_capacity = match transaction::write(state, actions, token, metrics, call)? {
            Outcome::Done(done) => {
                call.note(if done.len() == 1 { "1 action".to_owned() } else { format!("{} actions", done.len()) });
                let units = names.clone().zip(done.iter().map(|done| capacity::of_write(&done.written)));
                let by_table = transaction::by_table(units, |sum, units| sum.add(&units));
                let consumed = |(table, units)| capacity::consumed_by_transaction_writes(asked, table, units);
                let consumed = by_table.into_iter().map(consumed).collect();
                for (table, done) in names.zip(done) {
                    item_collection_metrics.add(table, done.collection);
                }
                consumed
            }
            // "Subsequent calls with the same client token return the number of read capacity units consumed in
            // reading the item."
            Outcome::DoneBefore(bytes) => {
                call.note("done before");
                consumed_by_reads(asked, names.zip(bytes))
            }
        };
        Ok(Output { consumed_capacity, item_collection_metrics })
    }
}

impl TransactWriteItem {
    fn given(&self) -> impl Iterator<Item = (ActionKind, &Given)> {
        let all = [
            (ActionKind::Check, &self.condition_check),
            (ActionKind::Put, &self.put),
            (ActionKind::Delete, &self.delete),
            (ActionKind::Update, &self.update),
        ];
        all.into_iter().filter_map(|(kind, given)| Some((kind, given.as_ref()?)))
    }

    /// The one action that an item must have.
    fn only(self) -> Result<(ActionKind, Given), ApiError> {
        let all = [
            (ActionKind::Check, self.condition_check),
            (ActionKind::Put, self.put),
            (ActionKind::Delete, self.delete),
            (ActionKind::Update, self.update),
        ];
        let mut given = all.into_iter().filter_map(|(kind, given)| Some((kind, given?)));
        match (given.next(), given.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => {
                Err(ApiError::validation("TransactItems can only contain one of Check, Put, Update or Delete"))
            }
            // As AWS's own client for DynamoDB Accelerator words it.
            (None, _) => Err(ApiError::validation(
                "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request",
            )),
        }
    }
}

impl ActionKind {
    fn member(self) -> &'static str {
        match self {
            Self::Check => "conditionCheck",
            Self::Put => "put",
            Self::Delete => "delete",
            Self::Update => "update",
        }
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    if let Some(token) = &input.client_request_token {
        violations.length("clientRequestToken", token, 1, 36);
    }
    violations.required("transactItems", &input.transact_items);
    if let Some(items) = &input.transact_items {
        transaction::check_actions(&mut violations, items.len());
    }
    for (index, item) in input.transact_items.iter().flatten().enumerate() {
        for (kind, given) in item.given() {
            let member = |name: &str| format!("transactItems.{}.member.{}.{name}", index + 1, kind.member());
            violations.required(member("tableName"), &given.table_name);
            match kind {
                ActionKind::Put => violations.required(member("item"), &given.item),
                ActionKind::Check | ActionKind::Delete | ActionKind::Update => {
                    violations.required(member("key"), &given.key)
                }
            }
            if kind == ActionKind::Update {
                violations.required(member("updateExpression"), &given.update_expression);
            }
            if kind == ActionKind::Check {
                violations.required(member("conditionExpression"), &given.condition_expression);
            }
            if let Some(asked) = &given.return_values_on_condition_check_failure {
                violations.one_of(member("returnValuesOnConditionCheckFailure"), asked, &["ALL_OLD", "NONE"]);
            }
        }
    }
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    check_item_collection_metrics(&mut violations, &input.return_item_collection_metrics);
    violations.finish()
}

/// An action with all of it read that can be read without its table.
fn action(kind: ActionKind, given: Given, call: &Call<'_>) -> Result<Action, ApiError> {
    let table = table_name::resolve(&given.table_name.unwrap_or_default(), call.scope)?;
    let on_update = given.update_expression.filter(|_| kind == ActionKind::Update);
    let of_update = ("UpdateExpression", on_update.is_some());
    let of_condition = ("ConditionExpression", given.condition_expression.is_some());
    let with_values = if kind == ActionKind::Update { &[of_update, of_condition][..] } else { &[of_condition] };
    let mut symbols = symbols(given.expression_attribute_names, given.expression_attribute_values, with_values, &[])?;
    let update = on_update.map(|text| update::parse(&text, &mut symbols)).transpose()?;
    let condition = given.condition_expression.as_deref();
    let mut condition = condition.map(|text| condition::parse(Kind::Condition, text, &mut symbols)).transpose()?;
    symbols.check_all_used()?;
    let item = if kind == ActionKind::Put { given.item } else { given.key };
    let item = attribute_json::item(item.unwrap_or_default())?;
    let intent = match kind {
        ActionKind::Put => {
            check_size(&item)?;
            Intent::Put(item)
        }
        ActionKind::Update => Intent::Update(item, update.unwrap_or_default()),
        ActionKind::Delete => Intent::Delete(item),
        ActionKind::Check => Intent::Check(item, condition.take().expect("the model's check has passed")),
    };
    Ok(Action { table, intent, condition, on_failure: given.return_values_on_condition_check_failure })
}
