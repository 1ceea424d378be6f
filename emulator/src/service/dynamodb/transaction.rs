//! The core of a transaction: writes of several items that are all examined before any is done.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html>
//!
//! TransactWriteItems and ExecuteTransaction bring their actions here, with all
//! that can be told without a table already checked. What needs one is either a
//! plain refusal (a missing table, an empty key, two actions on one item) or a
//! reason that cancels the transaction, as callers report of AWS.
//!
//! # Differences
//!
//! - The text for more than 4 MB is assumed, and that items which are only
//!   checked or deleted do not count.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::DynamoDb;
use super::conflict;
use super::expression::tree::{Condition, Path, Update};
use super::held::{self, HeldTables};
use super::item_collection::{self, ItemCollectionMetrics};
use super::key::Key;
use super::request_token::{Claim, RequestToken};
use super::statement_write::refusal;
use super::table::{Table, Written};
use super::value::Item;
use super::write::{Planned, Write};
use crate::kernel::{ApiError, Call, Violations};

/// "The aggregate size of the items in the transaction cannot exceed 4 MB."
const BYTES_MAX: usize = 4 << 20;

/// How many actions a transaction may have.
const ACTIONS_MAX: usize = 100;

/// One action of a transaction.
#[derive(Debug)]
pub struct Action {
    /// The table's name.
    pub table: String,
    pub intent: Intent,
    /// Of a check, the condition is in the intent.
    pub condition: Option<Condition>,
    /// `ReturnValuesOnConditionCheckFailure`.
    pub on_failure: Option<String>,
}

/// What is to be done, with the item or the key that the request names.
#[derive(Debug)]
pub enum Intent {
    Put(Item),
    /// Puts an item where there is none.
    Insert(Item),
    Update(Item, Update),
    Delete(Item),
    /// The condition and nothing else.
    Check(Item, Condition),
}

/// Whether the transaction was done now.
#[derive(Debug)]
pub enum Outcome {
    /// It was. What became of each action, in order.
    Done(Vec<Done>),
    /// A request with the same token did it before. The bytes of each item as it stands now.
    DoneBefore(Vec<usize>),
}

/// What became of one action.
#[derive(Debug)]
pub struct Done {
    pub written: Written,
    /// As `ReturnItemCollectionMetrics` asks, when all is done.
    pub collection: Option<ItemCollectionMetrics>,
}

/// What one action, or one read, has to do with the end of its transaction.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Reason {
    pub code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Value>,
}

impl Reason {
    /// Nothing.
    pub const NONE: Self = Self { code: "None", message: None, item: None };

    /// What refuses this alone, as a reason to cancel all.
    pub fn of(mut error: ApiError) -> Self {
        let code = match &*error.code {
            "ConditionalCheckFailedException" => "ConditionalCheckFailed",
            "DuplicateItemException" => "DuplicateItem",
            _ => "ValidationError",
        };
        Self { code, message: Some(error.message), item: error.members.remove("Item") }
    }
}

/// Does all of the actions or, if anything stands against one of them, none. `metrics` is
/// `ReturnItemCollectionMetrics`.
pub fn write(
    state: &DynamoDb,
    actions: Vec<Action>,
    token: Option<RequestToken>,
    metrics: Option<&str>,
    call: &mut Call<'_>,
) -> Result<Outcome, ApiError> {
    let mut tables = held::all_active(state, actions.iter().map(|action| action.table.clone()).collect(), call)?;
    // The tables are held: of two requests with one token and the same actions, the second finds the first done.
    if let Some(token) = &token
        && state.with_tokens(call, |tokens| tokens.claim(token, call.now))? == Claim::Used
    {
        return Ok(Outcome::DoneBefore(standing(&tables, &actions)));
    }
    let done = apply(&mut tables, actions, metrics, call);
    if let (Err(_), Some(token)) = (&done, &token) {
        state.with_tokens(call, |tokens| tokens.give_back(token));
    }
    done.map(Outcome::Done)
}

fn apply(
    tables: &mut HeldTables<'_>,
    actions: Vec<Action>,
    metrics: Option<&str>,
    call: &mut Call<'_>,
) -> Result<Vec<Done>, ApiError> {
    let mut names = Vec::with_capacity(actions.len());
    let mut planned: Vec<Result<Planned, Reason>> = Vec::with_capacity(actions.len());
    let mut writes = Vec::with_capacity(actions.len());
    for action in actions {
        let table = &tables[&action.table];
        table.schema.check_values(action.intent.item())?;
        let inserts = action.intent.inserts();
        writes.push((action.intent.on(table, action.condition), action.on_failure, inserts));
        names.push(action.table);
    }
    refuse_doubles(
        names.iter().zip(&writes).filter_map(|(name, (write, ..))| Some((name, &write.as_ref().ok()?.key))),
    )?;
    for (name, (write, on_failure, inserts)) in names.iter().zip(writes) {
        let examined = write.and_then(|write| write.examine(&tables[name], on_failure.as_deref()));
        planned.push(examined.map_err(|error| Reason::of(refusal(inserts, error))));
    }
    conflict::strike(planned.first_mut(), call);
    let planned = all_or_cancelled(planned)?;
    check_bytes(planned.iter().map(Planned::bytes).sum())?;
    let mut written = Vec::with_capacity(names.len());
    for (name, planned) in names.iter().zip(planned) {
        let table = tables.get_mut(name).expect("all tables of the actions are held");
        written.push(planned.apply(table, call));
    }
    let done = names.iter().zip(written).map(|(name, written)| {
        let collection = item_collection::metrics(metrics, &tables[name], &written);
        Done { written, collection }
    });
    Ok(done.collect())
}

impl Intent {
    /// The write it is in its table.
    pub fn on(self, table: &Table, condition: Option<Condition>) -> Result<Write, ApiError> {
        match self {
            Self::Put(item) => Write::put(table, item, condition),
            Self::Insert(item) => {
                let partition = Path::attribute(table.schema.partition.name.clone());
                Write::put(table, item, Some(Condition::AttributeNotExists(partition)))
            }
            Self::Update(key, update) => Write::update(table, key, update, condition),
            Self::Delete(key) => Write::delete(table, &key, condition),
            Self::Check(key, condition) => Write::check(table, &key, condition),
        }
    }

    /// Whether what stands at the key is another item's duplicate, not a condition that failed.
    pub fn inserts(&self) -> bool {
        matches!(self, Self::Insert(_))
    }

    /// The attributes that hold the key.
    fn item(&self) -> &Item {
        match self {
            Self::Put(item)
            | Self::Insert(item)
            | Self::Update(item, _)
            | Self::Delete(item)
            | Self::Check(item, _) => item,
        }
    }
}

/// The bytes of the items that actions are about, as they stand.
fn standing(tables: &HeldTables<'_>, actions: &[Action]) -> Vec<usize> {
    let bytes = |action: &Action| {
        let table = &tables[&action.table];
        Some(table.get(&table.schema.key_if_any(action.intent.item())?)?.bytes)
    };
    actions.iter().map(|action| bytes(action).unwrap_or(0)).collect()
}

/// "No two of them can operate on the same item."
pub fn refuse_doubles<'a>(mut targets: impl Iterator<Item = (&'a String, &'a Key)>) -> Result<(), ApiError> {
    let mut seen = BTreeSet::new();
    if targets.any(|target| !seen.insert(target)) {
        return Err(ApiError::validation("Transaction request cannot include multiple operations on one item"));
    }
    Ok(())
}

/// How many actions a transaction has, as a constraint of its model. AWS shows
/// the whole list if it is too long, or not, by region; here it does not.
pub fn check_actions(violations: &mut Violations, count: usize) {
    if count == 0 {
        violations.add("[]", "transactItems", "have length greater than or equal to 1");
    }
    if count > ACTIONS_MAX {
        violations.add_unprinted("TransactItems", format_args!("have length less than or equal to {ACTIONS_MAX}"));
    }
}

/// Refuses more bytes than a transaction may read or write.
pub fn check_bytes(bytes: usize) -> Result<(), ApiError> {
    if bytes > BYTES_MAX {
        return Err(ApiError::validation("Transaction cannot exceed the maximum size of 4 MB"));
    }
    Ok(())
}

/// What all have come to, or the one refusal that lists a reason for each.
pub fn all_or_cancelled<T>(results: Vec<Result<T, Reason>>) -> Result<Vec<T>, ApiError> {
    if results.iter().all(Result::is_ok) {
        return Ok(results.into_iter().flatten().collect());
    }
    let reasons: Vec<Reason> = results.into_iter().map(|result| result.err().unwrap_or(Reason::NONE)).collect();
    Err(cancelled(&reasons))
}

/// The end of a transaction with its reasons, one for each of its actions in order.
pub fn cancelled(reasons: &[Reason]) -> ApiError {
    let codes: Vec<&str> = reasons.iter().map(|reason| reason.code).collect();
    let message =
        format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", "));
    let reasons = serde_json::to_value(reasons).expect("reasons are plain data");
    // The model spells this exception's member with a capital, and typed SDKs read it so.
    ApiError::new("TransactionCanceledException", message.clone())
        .with_member("Message", Value::String(message))
        .with_member("CancellationReasons", reasons)
}

/// What several things have cost each table, tables in the order of their first use, each by the name it was given.
pub fn by_table<'a, U>(costs: impl Iterator<Item = (&'a str, U)>, add: impl Fn(&mut U, U)) -> Vec<(&'a str, U)> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut tables: Vec<(&str, U)> = Vec::new();
    for (table, cost) in costs {
        match places.get(table) {
            Some(place) => add(&mut tables[*place].1, cost),
            None => {
                places.insert(table, tables.len());
                tables.push((table, cost));
            }
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancellation_names_a_code_for_each_action_in_order() {
        let failed = Reason::of(ApiError::new("ConditionalCheckFailedException", "The conditional request failed"));
        let invalid = Reason::of(ApiError::validation("no"));
        let error = all_or_cancelled(vec![Ok(()), Err(failed), Err(invalid)]).unwrap_err();
        assert_eq!(
            error.message,
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, \
             ConditionalCheckFailed, ValidationError]"
        );
        assert_eq!(
            error.members["CancellationReasons"],
            serde_json::json!([
                {"Code": "None"},
                {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"},
                {"Code": "ValidationError", "Message": "no"},
            ])
        );
        assert_eq!(all_or_cancelled(vec![Ok(1), Ok(2)]), Ok(vec![1, 2]));
    }

    #[test]
    fn more_than_4_mb_are_refused() {
        assert_eq!(check_bytes(BYTES_MAX), Ok(()));
        assert_eq!(check_bytes(BYTES_MAX + 1).unwrap_err().code, "ValidationException");
    }

    #[test]
    fn costs_are_summed_by_table_in_the_order_of_first_use() {
        let costs = [("b", 1), ("a", 2), ("b", 4)];
        assert_eq!(by_table(costs.into_iter(), |sum, cost| *sum += cost), [("b", 5), ("a", 2)]);
    }
}
