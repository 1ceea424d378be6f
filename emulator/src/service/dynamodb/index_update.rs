//! `GlobalSecondaryIndexUpdates` of UpdateTable: an index is added, deleted, or given another throughput, on the clock.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html>
//!
//! UpdateTable calls [`check_model`], then [`plan`], which changes nothing, then
//! [`apply`]. What lasts ends in [`end_statuses`].

use std::time::Duration;

use serde::Deserialize;

use super::billing::Mode;
use super::description::AttributeDefinition;
use super::index::{Index, IndexKind, IndexStatus};
use super::index_definition::{self, ForTable, GLOBAL_MAX, GivenIndex};
use super::members::{Unsupported, invalid, refuse};
use super::table::Table;
use super::throughput::{GivenThroughput, Units};
use crate::kernel::{ApiError, Call, Timestamp, Violations};

/// One of `GlobalSecondaryIndexUpdates`: exactly one of its members is there.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GivenUpdate {
    update: Option<GivenThroughputUpdate>,
    create: Option<GivenIndex>,
    delete: Option<GivenDelete>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GivenThroughputUpdate {
    index_name: Option<String>,
    provisioned_throughput: Option<GivenThroughput>,
    on_demand_throughput: Unsupported,
    warm_throughput: Unsupported,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GivenDelete {
    index_name: Option<String>,
}

/// A change that can be done.
#[derive(Debug)]
pub enum Change {
    Create(Box<Index>),
    Delete(String),
    Throughput(String, Units),
}

/// What AWS's model says of the updates.
pub fn check_model(violations: &mut Violations, updates: &[GivenUpdate]) {
    for (place, given) in updates.iter().enumerate() {
        let member = |name: &str| format!("globalSecondaryIndexUpdates.{}.member.{name}", place + 1);
        if let Some(update) = &given.update {
            index_definition::check_name(violations, &member("update.indexName"), update.index_name.as_deref());
            if let Some(throughput) = &update.provisioned_throughput {
                throughput.check(violations, &member("update.provisionedThroughput"));
            }
        }
        if let Some(create) = &given.create {
            index_definition::check_model(violations, &member("create"), create);
        }
        if let Some(delete) = &given.delete {
            index_definition::check_name(violations, &member("delete.indexName"), delete.index_name.as_deref());
        }
    }
}

/// The changes asked for, if the table allows them. `definitions` are the request's, `provisioned` is what the request
/// leaves the table's billing at. The order of the checks is assumed.
pub fn plan(
    updates: Vec<GivenUpdate>,
    definitions: &[AttributeDefinition],
    provisioned: bool,
    table: &Table,
    now: Timestamp,
) -> Result<Vec<Change>, ApiError> {
    check_one_each(&updates)?;
    let moves = updates.iter().filter(|given| given.create.is_some() || given.delete.is_some()).count();
    if moves > 1 {
        return Err(one_at_a_time());
    }
    let mut changes = Vec::new();
    for given in updates {
        let change = match given {
            GivenUpdate { create: Some(create), .. } => creation(create, definitions, provisioned, table)?,
            GivenUpdate { delete: Some(delete), .. } => deletion(delete.index_name.unwrap_or_default(), table)?,
            GivenUpdate { update: Some(update), .. } => throughput(update, provisioned, table, now)?,
            GivenUpdate { .. } => unreachable!("each has a member"),
        };
        changes.push(change);
    }
    if provisioned && table.control.billing.mode == Mode::PayPerRequest {
        check_all_provisioned(&changes, table)?;
    }
    Ok(changes)
}

/// A table that becomes provisioned takes its global indexes along. The wording is assumed.
fn check_all_provisioned(changes: &[Change], table: &Table) -> Result<(), ApiError> {
    let told = |index: &&Index| {
        changes.iter().any(|change| matches!(change, Change::Throughput(name, _) if *name == index.name))
    };
    let mut global = table.indexes.iter().filter(|index| index.kind == IndexKind::Global);
    match global.find(|index| !told(index)) {
        Some(index) => Err(invalid(format_args!("ProvisionedThroughput is not specified for index: {}", index.name))),
        None => Ok(()),
    }
}

/// Does the changes. Each lasts for a while, `transition` for each step of it.
pub fn apply(changes: Vec<Change>, table: &mut Table, transition: Duration, call: &Call<'_>) {
    let until = call.now + transition;
    for change in changes {
        match change {
            Change::Create(mut index) => {
                index.status = IndexStatus::Allocating(until, call.event);
                table.add_index(*index);
            }
            Change::Delete(name) => set_status(table, &name, IndexStatus::Deleting(until, call.event)),
            Change::Throughput(name, units) => {
                set_status(table, &name, IndexStatus::Updating(until, call.event, units));
            }
        }
    }
}

/// Ends what is due of the indexes' statuses. A new index is filled after its resources are allocated.
pub fn end_statuses(table: &mut Table, transition: Duration, call: &mut Call<'_>) {
    while let Some((due, name)) = next_due(table, call.now) {
        let resource = format!("{}/{name}", table.name);
        let Some(place) = table.indexes.iter().position(|index| index.name == name) else { return };
        let index = &mut table.indexes[place];
        match index.status {
            IndexStatus::Allocating(_, cause) => {
                call.timer("dynamodb", "index backfilling", resource, Some(cause));
                index.status = IndexStatus::Backfilling(due + transition, cause);
            }
            IndexStatus::Backfilling(_, cause) => {
                call.timer("dynamodb", "index active", resource, Some(cause));
                index.status = IndexStatus::Active;
            }
            IndexStatus::Updating(_, cause, units) => {
                call.timer("dynamodb", "index updated", resource, Some(cause));
                index.throughput.change(units, call.now);
                index.status = IndexStatus::Active;
            }
            IndexStatus::Deleting(_, cause) => {
                call.timer("dynamodb", "index deleted", resource, Some(cause));
                table.indexes.remove(place);
            }
            IndexStatus::Active => return,
        }
    }
}

fn next_due(table: &Table, now: Timestamp) -> Option<(Timestamp, String)> {
    let due = table.indexes.iter().filter_map(|index| Some((index.status.ends()?, index.name.clone())));
    due.filter(|(due, _)| *due <= now).min()
}

fn check_one_each(updates: &[GivenUpdate]) -> Result<(), ApiError> {
    let mut names: Vec<&str> = Vec::new();
    for given in updates {
        let given_names = [
            given.update.as_ref().map(|update| update.index_name.as_deref()),
            given.create.as_ref().map(|create| create.index_name.as_deref()),
            given.delete.as_ref().map(|delete| delete.index_name.as_deref()),
        ];
        let mut present = given_names.into_iter().flatten();
        let Some(name) = present.next() else {
            return Err(invalid(
                "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, \
                 GlobalSecondaryIndexUpdate.Delete must not be null",
            ));
        };
        let name = name.unwrap_or_default();
        if present.next().is_some() || names.contains(&name) {
            return Err(invalid(format_args!(
                "Only one global secondary index update per index is allowed simultaneously. Index: {name}"
            )));
        }
        names.push(name);
    }
    Ok(())
}

fn creation(
    given: GivenIndex,
    definitions: &[AttributeDefinition],
    provisioned: bool,
    table: &Table,
) -> Result<Change, ApiError> {
    let name = given.index_name.clone().unwrap_or_default();
    if table.indexes.iter().any(|index| index.name == name) {
        return Err(ApiError::validation("Attempting to create an index which already exists"));
    }
    if table.indexes.iter().any(is_moving) {
        return Err(one_at_a_time());
    }
    if table.indexes.iter().filter(|index| index.kind == IndexKind::Global).count() >= GLOBAL_MAX {
        return Err(index_definition::too_many_global());
    }
    check_definitions(definitions, table)?;
    let for_table = ForTable { schema: &table.schema, definitions, provisioned, exists: true };
    let index = index_definition::index(&for_table, IndexKind::Global, given)?;
    index_definition::check_included(table.indexes.iter().chain([&index]))?;
    Ok(Change::Create(Box::new(index)))
}

/// An attribute has one type in all keys of a table. The wording is assumed.
fn check_definitions(definitions: &[AttributeDefinition], table: &Table) -> Result<(), ApiError> {
    let schemas = std::iter::once(&table.schema).chain(table.indexes.iter().map(|index| &index.schema));
    for attribute in schemas.flat_map(|schema| schema.attributes()) {
        let same = |definition: &&AttributeDefinition| definition.attribute_name.as_ref() == Some(&attribute.name);
        let Some(definition) = definitions.iter().find(same) else { continue };
        if definition.attribute_type.as_deref() != Some(attribute.kind.name()) {
            return Err(invalid(format_args!(
                "Attribute {} is defined as {} by the table and cannot be defined otherwise",
                attribute.name,
                attribute.kind.name()
            )));
        }
    }
    Ok(())
}

/// An index that is filled can be deleted; one whose resources are being allocated cannot, as the guide has it.
fn deletion(name: String, table: &Table) -> Result<Change, ApiError> {
    let index = existing(table, &name)?;
    check_settled(table, index)?;
    if table.indexes.iter().any(|other| is_moving(other) && other.name != name) {
        return Err(one_at_a_time());
    }
    Ok(Change::Delete(name))
}

fn throughput(
    given: GivenThroughputUpdate,
    provisioned: bool,
    table: &Table,
    now: Timestamp,
) -> Result<Change, ApiError> {
    let name = given.index_name.unwrap_or_default();
    refuse(
        "a global secondary index",
        &[
            ("OnDemandThroughput", given.on_demand_throughput.is_some()),
            ("WarmThroughput", given.warm_throughput.is_some()),
        ],
    )?;
    let index = existing(table, &name)?;
    check_settled(table, index)?;
    let units = index_definition::throughput(&name, given.provisioned_throughput, provisioned)?;
    let Some(units) = units else {
        return Err(invalid(format_args!("ProvisionedThroughput is not specified for index: {name}")));
    };
    let current = index.throughput.units;
    if current == units {
        return Err(ApiError::validation(format!(
            "The provisioned throughput for the index {name} will not change. The requested value equals the current \
             value. Current ReadCapacityUnits provisioned for the index: {}. Requested ReadCapacityUnits: {}. Current \
             WriteCapacityUnits provisioned for the index: {}. Requested WriteCapacityUnits: {}. Refer to the Amazon \
             DynamoDB Developer Guide for current limits and how to request higher limits.",
            current.read, units.read, current.write, units.write
        )));
    }
    index.throughput.check_change(units, now)?;
    Ok(Change::Throughput(name, units))
}

/// The wording after the first sentence is assumed.
fn existing<'t>(table: &'t Table, name: &str) -> Result<&'t Index, ApiError> {
    let mut global = table.indexes.iter().filter(|index| index.kind == IndexKind::Global);
    global.find(|index| index.name == name).ok_or_else(|| {
        let message = format!("Requested resource not found: Table: {} Index: {name} not found", table.name);
        ApiError::new("ResourceNotFoundException", message)
    })
}

fn check_settled(table: &Table, index: &Index) -> Result<(), ApiError> {
    let doing = match index.status {
        IndexStatus::Active | IndexStatus::Backfilling(..) => return Ok(()),
        IndexStatus::Allocating(..) => "created",
        IndexStatus::Updating(..) => "updated",
        IndexStatus::Deleting(..) => "deleted",
    };
    // The two blanks are AWS's.
    Err(ApiError::new(
        "ResourceInUseException",
        format!(
            "Attempt to change a resource which is still in use: Index is being {doing}.  Table: {} Index: {}",
            table.name, index.name
        ),
    ))
}

/// Whether it is being added or deleted.
fn is_moving(index: &Index) -> bool {
    matches!(index.status, IndexStatus::Allocating(..) | IndexStatus::Backfilling(..) | IndexStatus::Deleting(..))
}

fn find<'t>(table: &'t mut Table, name: &str) -> Option<&'t mut Index> {
    table.indexes.iter_mut().find(|index| index.name == name)
}

fn set_status(table: &mut Table, name: &str, status: IndexStatus) {
    if let Some(index) = find(table, name) {
        index.status = status;
    }
}

fn one_at_a_time() -> ApiError {
    ApiError::new(
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::clock::Clock;
    use crate::kernel::{Caller, EventId, Kernel, Operation, Scope, Service, SharedOperation};
    use crate::service::dynamodb::put_item::PutItem;
    use crate::service::dynamodb::query::Query;
    use crate::service::dynamodb::{DynamoDb, create_table};

    const STEP: Duration = Duration::from_millis(200);
    const BY_KIND: &str = r#"[{"Create": {"IndexName": "by_kind", "KeySchema": [{"AttributeName": "kind",
        "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]"#;

    /// An active table `things` with the key `id`, a global index `by_size`, and items of three kinds.
    struct World {
        kernel: Kernel,
        state: DynamoDb,
        now: Timestamp,
    }

    impl World {
        fn new() -> Self {
            let kernel = Kernel::new(Clock::fitting_the_runtime(), 0);
            let now = kernel.clock.now();
            let mut world = Self { kernel, state: DynamoDb::default(), now };
            let create = r#"{"TableName": "things", "ProvisionedThroughput": {"ReadCapacityUnits": 1,
                "WriteCapacityUnits": 1}, "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "size", "AttributeType": "N"}], "GlobalSecondaryIndexes": [{"IndexName": "by_size",
                "KeySchema": [{"AttributeName": "size", "KeyType": "HASH"}], "Projection": {"ProjectionType":
                "KEYS_ONLY"}, "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}]}"#;
            let create = serde_json::from_str(create).unwrap();
            world.call(|state, call| create_table::CreateTable::run(create, state, call).map(drop)).unwrap();
            world.pass(STEP);
            for (id, kind) in [("a", r#"{"S": "x"}"#), ("b", r#"{"N": "1"}"#), ("c", r#"{"S": ""}"#)] {
                world.put(id, kind).unwrap();
            }
            world
        }

        fn call<T>(&mut self, run: impl FnOnce(&mut DynamoDb, &mut Call<'_>) -> T) -> T {
            let (scope, caller) = (Scope::default(), Caller::default());
            run(&mut self.state, &mut Call::new(&self.kernel, self.now, &scope, &caller, EventId(0)))
        }

        fn pass(&mut self, time: Duration) {
            self.now = self.now + time;
            self.call(|state, call| state.run_due(call));
        }

        fn put(&mut self, id: &str, kind: &str) -> Result<(), ApiError> {
            let input = format!(r#"{{"TableName": "things", "Item": {{"id": {{"S": "{id}"}}, "kind": {kind}}}}}"#);
            let input = serde_json::from_str(&input).unwrap();
            self.call(|state, call| PutItem::run(input, state, call).map(drop))
        }

        /// The ids that the index `by_kind` holds under `x`.
        fn query(&mut self) -> Result<String, ApiError> {
            let input = r#"{"TableName": "things", "IndexName": "by_kind", "KeyConditionExpression": "kind = :k",
                "ExpressionAttributeValues": {":k": {"S": "x"}}, "ProjectionExpression": "id"}"#;
            let input = serde_json::from_str(input).unwrap();
            self.call(|state, call| Query::run(input, state, call).map(|page| serde_json::to_string(&page).unwrap()))
        }

        fn update(&mut self, updates: &str, provisioned: bool) -> Result<(), ApiError> {
            let updates: Vec<GivenUpdate> = serde_json::from_str(updates).unwrap();
            let definitions = r#"[{"AttributeName": "kind", "AttributeType": "S"}]"#;
            let definitions: Vec<AttributeDefinition> = serde_json::from_str(definitions).unwrap();
            self.call(|state, call| {
                let mut table = state.active("things", call)?;
                let changes = plan(updates, &definitions, provisioned, &table, call.now)?;
                apply(changes, &mut table, STEP, call);
                Ok(())
            })
        }

        fn statuses(&mut self) -> Vec<String> {
            self.call(|state, call| {
                let table = state.active("things", call).unwrap();
                table.indexes.iter().map(|index| format!("{} {}", index.name, index.status.name())).collect()
            })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_index_is_filled_then_active_and_leaves_out_what_does_not_fit() {
        let mut world = World::new();
        world.update(BY_KIND, false).unwrap();
        assert_eq!(world.statuses(), ["by_kind CREATING", "by_size ACTIVE"]);
        world.put("d", r#"{"S": "x"}"#).unwrap();
        let refused = ApiError::validation("Cannot read from backfilling global secondary index: by_kind");
        assert_eq!(world.query().unwrap_err(), refused);
        world.pass(STEP);
        assert_eq!(world.query().unwrap_err(), refused);
        world.pass(STEP);
        assert_eq!(world.statuses(), ["by_kind ACTIVE", "by_size ACTIVE"]);
        let found = world.query().unwrap();
        assert!(
            found.contains(r#"[{"id":{"S":"a"}},{"id":{"S":"d"}}]"#)
                || found.contains(r#"[{"id":{"S":"d"}},{"id":{"S":"a"}}]"#),
            "{found}"
        );
        let refusal = world.put("e", r#"{"N": "1"}"#).unwrap_err();
        assert!(refusal.message.ends_with("Type mismatch for Index Key kind Expected: S Actual: N IndexName: by_kind"));
    }

    #[tokio::test(start_paused = true)]
    async fn an_index_is_gone_after_a_while_of_deleting() {
        let mut world = World::new();
        world.update(r#"[{"Delete": {"IndexName": "by_size"}}]"#, true).unwrap();
        assert_eq!(world.statuses(), ["by_size DELETING"]);
        world.pass(STEP);
        assert_eq!(world.statuses(), [] as [&str; 0]);
    }

    #[tokio::test(start_paused = true)]
    async fn throughput_changes_and_the_index_stays_readable() {
        let mut world = World::new();
        let update = |units: i64| {
            format!(
                r#"[{{"Update": {{"IndexName": "by_size", "ProvisionedThroughput": {{"ReadCapacityUnits": {units},
                "WriteCapacityUnits": {units}}}}}}}]"#
            )
        };
        world.update(&update(5), true).unwrap();
        assert_eq!(world.statuses(), ["by_size UPDATING"]);
        let message = world.update(&update(6), true).unwrap_err().message;
        let busy = "Attempt to change a resource which is still in use: Index is being updated.  Table: things Index: \
                    by_size";
        assert_eq!(message, busy);
        world.pass(STEP);
        let message = world.update(&update(5), true).unwrap_err().message;
        assert!(message.starts_with("The provisioned throughput for the index by_size will not change. "), "{message}");
        let message = world.update(&update(7), false).unwrap_err().message;
        let should_not = "One or more parameter values were invalid: ProvisionedThroughput should not be specified for \
                          index: by_size when BillingMode is PAY_PER_REQUEST";
        assert_eq!(message, should_not);
    }

    #[tokio::test(start_paused = true)]
    async fn changes_that_do_not_fit_the_table_are_refused() {
        let one_at_a_time =
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table";
        let with = |name: &str, key: &str| BY_KIND.replace("by_kind", name).replace(r#""kind""#, &format!("\"{key}\""));
        let both = format!("{},{}", with("one", "kind").trim_end_matches(']'), &with("two", "kind")[1..]);
        for (updates, code, message) in [
            (with("by_size", "kind"), "ValidationException", "Attempting to create an index which already exists"),
            (
                with("other", "id"),
                "ValidationException",
                "Invalid KeySchema: Some index key attribute have no definition",
            ),
            (both, "LimitExceededException", one_at_a_time),
            (
                r#"[{"Delete": {"IndexName": "gone"}}]"#.to_owned(),
                "ResourceNotFoundException",
                "Requested resource not found: Table: things Index: gone not found",
            ),
            (
                "[{}]".to_owned(),
                "ValidationException",
                "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, \
                 GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null",
            ),
        ] {
            let refusal = World::new().update(&updates, false).unwrap_err();
            assert_eq!((refusal.code.as_ref(), refusal.message.as_str()), (code, message));
        }
        let mut world = World::new();
        world.update(BY_KIND, false).unwrap();
        let refusal = world.update(&with("another", "kind"), false).unwrap_err();
        assert_eq!(refusal.message, one_at_a_time);
        let refusal = world.update(r#"[{"Delete": {"IndexName": "by_kind"}}]"#, false).unwrap_err();
        assert_eq!(refusal.code, "ResourceInUseException");
        world.pass(STEP);
        world.update(r#"[{"Delete": {"IndexName": "by_kind"}}]"#, false).unwrap();
        assert_eq!(world.statuses(), ["by_kind DELETING", "by_size ACTIVE"]);
    }
}
