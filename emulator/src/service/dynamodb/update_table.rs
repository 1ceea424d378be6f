//! Changes how a table is paid for, stored, encrypted and protected.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html>
//!
//! One request makes one change, with the few exceptions that [`check_alone`]
//! knows. What changes the status does so for a moment of the clock; a key and
//! warm throughput change while the table stays ACTIVE, protection and the
//! bounds on demand at once.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::billing::Mode;
use super::description::{AttributeDefinition, TableDescription, describe};
use super::due::Due;
use super::encryption::GivenEncryption;
use super::index_update::{self, Change, GivenUpdate};
use super::members::{Unsupported, check_definitions, invalid, refuse};
use super::on_demand_throughput::OnDemandThroughput;
use super::stream_record::ViewType;
use super::stream_specification::StreamSpecification;
use super::table::{Status, Table, Update};
use super::table_class::TableClass;
use super::throughput::{GivenThroughput, Throughput, Units};
use super::update_admission::{
    check_alone, check_class, check_encryption, check_on_demand, check_stream, check_throughput,
};
use super::warm_throughput::GivenWarmThroughput;
use super::{DynamoDb, account_limits, check_not_in_use, table_name};
use crate::kernel::{ApiError, Call, Operation, Timestamp, Violations};

pub struct UpdateTable;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    /// Of the keys of new indexes; without one, AWS checks and forgets them.
    attribute_definitions: Option<Vec<AttributeDefinition>>,
    pub billing_mode: Option<String>,
    pub provisioned_throughput: Option<GivenThroughput>,
    pub global_secondary_index_updates: Option<Vec<GivenUpdate>>,
    pub stream_specification: Option<StreamSpecification>,
    #[serde(rename = "SSESpecification")]
    pub sse_specification: Option<GivenEncryption>,
    pub table_class: Option<String>,
    pub deletion_protection_enabled: Option<bool>,
    pub on_demand_throughput: Option<OnDemandThroughput>,
    pub warm_throughput: Option<GivenWarmThroughput>,
    replica_updates: Unsupported,
    multi_region_consistency: Unsupported,
    global_table_witness_updates: Unsupported,
    global_table_settings_replication_mode: Unsupported,
    disassociation_protection_enabled: Unsupported,
    vector_index_updates: Unsupported,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_description: TableDescription,
}

impl Operation for UpdateTable {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateTable";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(mut input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let given = check_model(&mut input)?;
        refuse_unsupported(&input)?;
        // An empty structure counts as none.
        input.on_demand_throughput = input.on_demand_throughput.filter(|given| !given.is_empty());
        input.warm_throughput = input.warm_throughput.filter(|given| !given.is_empty());
        check_alone(&input)?;
        let units = units(&input)?;
        let class = input.table_class.as_deref().map(TableClass::parse).transpose()?;

        let name = table_name::resolve(&given, call.scope)?;
        let beside = state.units_beside(&name, call);
        let ends = call.now + state.settings.transition;
        let mut table = state.existing(&given, call)?;
        check_not_in_use(&table)?;
        let mode = input.billing_mode.as_deref().map(Mode::parse);
        let indexes = {
            let updates = input.global_secondary_index_updates.take().unwrap_or_default();
            let definitions = input.attribute_definitions.as_deref().unwrap_or_default();
            let provisioned = mode.unwrap_or(table.control.billing.mode) == Mode::Provisioned;
            index_update::plan(updates, definitions, provisioned, &table, call.now)?
        };
        let stream = input.stream_specification.as_ref().map(|given| given.asked("updated")).transpose()?;
        if let Some(asked) = stream {
            check_stream(&table, asked)?;
        }
        if let Some(bounds) = &input.on_demand_throughput {
            bounds.check_change(mode.unwrap_or(table.control.billing.mode), call.scope)?;
            check_on_demand(&table)?;
        }
        let transition = state.settings.transition;
        let mut change = Changing { table: &mut table, ends, call, status: None };
        change.billing(mode, units, beside)?;
        change.class(class)?;
        change.encryption(input.sse_specification)?;
        change.warm_throughput(input.warm_throughput)?;
        change.stream(stream)?;
        change.indexes(indexes, transition);
        let status = change.status;
        table.control.on_demand_throughput.change(input.on_demand_throughput.unwrap_or_default());
        if let Some(protected) = input.deletion_protection_enabled {
            table.control.deletion_protection = protected;
        }
        let mut table_description = describe(&table, call.now);
        table_description.table_status = status.unwrap_or(table_description.table_status);
        // AWS shows what was asked for, -1 and all.
        table_description.on_demand_throughput = input.on_demand_throughput.or(table_description.on_demand_throughput);
        Ok(Output { table_description })
    }
}

/// What AWS's model says of the members. Answers the table's name.
fn check_model(input: &mut Input) -> Result<String, ApiError> {
    let mut violations = Violations::new();
    let given = table_name::check_named(&mut violations, input.table_name.take())?;
    check_definitions(&mut violations, input.attribute_definitions.as_deref().unwrap_or_default());
    if let Some(mode) = &input.billing_mode {
        violations.one_of("billingMode", mode, &["PROVISIONED", "PAY_PER_REQUEST"]);
    }
    if let Some(throughput) = &input.provisioned_throughput {
        throughput.check(&mut violations, "provisionedThroughput");
    }
    index_update::check_model(&mut violations, input.global_secondary_index_updates.as_deref().unwrap_or_default());
    if let Some(stream) = &input.stream_specification {
        stream.check_model(&mut violations);
    }
    if let Some(encryption) = &input.sse_specification {
        encryption.check_model(&mut violations);
    }
    violations.finish()?;
    Ok(given)
}

fn refuse_unsupported(input: &Input) -> Result<(), ApiError> {
    refuse(
        "UpdateTable",
        &[
            ("ReplicaUpdates", input.replica_updates.is_some()),
            ("MultiRegionConsistency", input.multi_region_consistency.is_some()),
            ("GlobalTableWitnessUpdates", input.global_table_witness_updates.is_some()),
            ("GlobalTableSettingsReplicationMode", input.global_table_settings_replication_mode.is_some()),
            ("DisassociationProtectionEnabled", input.disassociation_protection_enabled.is_some()),
            ("VectorIndexUpdates", input.vector_index_updates.is_some()),
        ],
    )
}

/// The units asked for, if they and the billing mode fit each other.
fn units(input: &Input) -> Result<Option<Units>, ApiError> {
    let units = input.provisioned_throughput.and_then(|given| given.units());
    match (input.billing_mode.as_deref().map(Mode::parse), units) {
        (Some(Mode::PayPerRequest), Some(_)) => {
            Err(invalid("ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST"))
        }
        (Some(Mode::Provisioned), None) => {
            Err(invalid("ProvisionedThroughput must be specified when BillingMode is PROVISIONED"))
        }
        (_, units) => Ok(units),
    }
}

/// A table on its way to what a request asks for. Each part checks before it changes anything, and a request has
/// one of them: what may come with another was checked before.
struct Changing<'a, 'c> {
    table: &'a mut Table,
    ends: Timestamp,
    call: &'a mut Call<'c>,
    /// What the answer says, where AWS tells of an update that there is not.
    status: Option<&'static str>,
}

impl Changing<'_, '_> {
    fn update(&mut self, update: Update) {
        *self.table.status = Status::Updating(self.ends, self.call.event, update);
    }

    /// An answer that says UPDATING of a change to what is so already, as AWS's does.
    fn nothing_to_update(&mut self) {
        self.status = Some("UPDATING");
    }

    fn billing(&mut self, mode: Option<Mode>, units: Option<Units>, beside: Units) -> Result<(), ApiError> {
        let (billing, now) = (&self.table.control.billing, self.call.now);
        let (current, throughput) = (billing.mode, &billing.throughput);
        match (mode, units, current) {
            (None, None, _) => {}
            (Some(Mode::PayPerRequest), _, Mode::PayPerRequest) => self.nothing_to_update(),
            (Some(Mode::PayPerRequest), _, Mode::Provisioned) => {
                check_throughput(self.table)?;
                billing.check_switch_to_on_demand(now)?;
                self.table.control.billing.switch_to_on_demand(now);
                self.update(Update::Billing);
            }
            (None, Some(_), Mode::PayPerRequest) => {
                return Err(invalid(
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is \
                     PAY_PER_REQUEST",
                ));
            }
            (_, Some(units), Mode::PayPerRequest) => {
                check_throughput(self.table)?;
                account_limits::check(units, beside, self.call.scope)?;
                self.table.control.billing.switch_to_provisioned(units);
                self.table.control.on_demand_throughput = OnDemandThroughput::default();
                self.update(Update::Billing);
            }
            (_, Some(units), Mode::Provisioned) => {
                check_throughput(self.table)?;
                check_other(throughput.units, units)?;
                account_limits::check(units, beside, self.call.scope)?;
                throughput.check_change(units, now)?;
                self.update(Update::Throughput(units));
            }
            (Some(Mode::Provisioned), None, _) => unreachable!("it was checked before"),
        }
        Ok(())
    }

    fn stream(&mut self, asked: Option<Option<ViewType>>) -> Result<(), ApiError> {
        match asked {
            None => return Ok(()),
            Some(Some(view)) => self.table.enable_stream(view, self.ends, self.call)?,
            Some(None) => self.table.disable_stream(self.ends, self.call)?,
        }
        self.update(Update::Stream);
        Ok(())
    }

    /// The table is UPDATING while resources for an index are allocated, and serves items.
    fn indexes(&mut self, changes: Vec<Change>, transition: Duration) {
        if self.table.control.billing.mode == Mode::PayPerRequest {
            for index in self.table.indexes.iter_mut() {
                index.throughput = Throughput::default();
            }
        }
        if changes.is_empty() {
            return;
        }
        index_update::apply(changes, self.table, transition, self.call);
        if *self.table.status == Status::Active {
            self.update(Update::Indexes);
        }
    }

    fn class(&mut self, class: Option<TableClass>) -> Result<(), ApiError> {
        let Some(class) = class else { return Ok(()) };
        check_class(self.table)?;
        self.table.control.class.check_change(self.call.now)?;
        if class == self.table.control.class.class {
            self.nothing_to_update();
        } else {
            self.update(Update::Class(class));
        }
        Ok(())
    }

    fn encryption(&mut self, given: Option<GivenEncryption>) -> Result<(), ApiError> {
        let Some(given) = given else { return Ok(()) };
        let key = given.key(self.call.scope)?;
        check_encryption(self.table)?;
        let (at, cause) = (self.ends, self.call.event);
        let encryption = &mut self.table.control.encryption;
        encryption.check_change(&given, &key, self.call.now)?;
        encryption.change(Due { at, cause, then: key }, self.call.now);
        Ok(())
    }

    /// A change while another goes on takes its place.
    fn warm_throughput(&mut self, given: Option<GivenWarmThroughput>) -> Result<(), ApiError> {
        let Some(given) = given else { return Ok(()) };
        let (at, cause) = (self.ends, self.call.event);
        let warm = &mut self.table.control.warm_throughput;
        warm.check_change(given, self.call.scope)?;
        warm.growing = Some(Due { at, cause, then: given.over(warm.units) });
        Ok(())
    }
}

fn check_other(current: Units, asked: Units) -> Result<(), ApiError> {
    if current != asked {
        return Ok(());
    }
    Err(ApiError::validation(format!(
        "The provisioned throughput for the table will not change. The requested value equals the current value. \
         Current ReadCapacityUnits provisioned for the table: {}. Requested ReadCapacityUnits: {}. Current \
         WriteCapacityUnits provisioned for the table: {}. Requested WriteCapacityUnits: {}. Refer to the Amazon \
         DynamoDB Developer Guide for current limits and how to request higher limits.",
        current.read, asked.read, current.write, asked.write
    )))
}
