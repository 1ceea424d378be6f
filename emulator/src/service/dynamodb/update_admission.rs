//! Which changes of a table one request may make together, and which while another goes on.
//!
//! AWS's guide says little of it; the rules and their words are as recorded from the service.

use super::members::invalid;
use super::still_in_use;
use super::stream_record::ViewType;
use super::table::{Status, Table, Update};
use super::update_table::Input;
use crate::kernel::ApiError;

/// Refuses a request that changes nothing, or too much at once.
pub fn check_alone(input: &Input) -> Result<(), ApiError> {
    let (mode, units) = (input.billing_mode.is_some(), input.provisioned_throughput.is_some());
    let stream = input.stream_specification.is_some();
    // An empty list is no change, and a mistake beside one.
    let indexes = input.global_secondary_index_updates.as_ref();
    let has_indexes = indexes.is_some_and(|updates| !updates.is_empty());
    let on_demand = input.on_demand_throughput.is_some();
    let alone = [
        ("Server-Side Encryption modification", input.sse_specification.is_some()),
        ("TableClass modification", input.table_class.is_some()),
        ("DeletionProtection modification", input.deletion_protection_enabled.is_some()),
        ("WarmThroughput", input.warm_throughput.is_some()),
    ];
    let lonely = alone.iter().filter(|(_, there)| *there).count();
    let count = lonely + [mode, units, stream, has_indexes, on_demand].iter().filter(|there| **there).count();
    if count == 0 {
        return Err(ApiError::validation(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, \
             SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, \
             MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is \
             required",
        ));
    }
    if indexes.is_some() && !has_indexes {
        return Err(invalid("List of GlobalSecondaryIndexUpdates is empty"));
    }
    if count > 1
        && let Some((what, _)) = alone.iter().find(|(_, there)| *there)
    {
        return Err(invalid(format_args!("{what} must be the only operation in the request")));
    }
    if on_demand && (units || stream || has_indexes) {
        return Err(invalid("OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"));
    }
    if stream && units {
        return Err(invalid("You cannot modify stream status while updating table IOPS"));
    }
    Ok(())
}

/// Changes of units and of the billing mode wait for those before.
pub fn check_throughput(table: &Table) -> Result<(), ApiError> {
    match *table.status {
        Status::Updating(_, _, Update::Throughput(_) | Update::Billing) => Err(iops(table)),
        // Assumed: that these wait, too, and the words.
        Status::Updating(..) => Err(being_updated(table)),
        _ => Ok(()),
    }
}

pub fn check_on_demand(table: &Table) -> Result<(), ApiError> {
    let subject = "OnDemandThroughput cannot be updated while";
    match *table.status {
        Status::Updating(_, _, Update::Throughput(_) | Update::Billing) => Err(iops(table)),
        Status::Updating(_, _, Update::Class(class)) => Err(still_in_use(format_args!(
            "{subject} TableClass update is in progress. TableClassUpdateInProgress: {}",
            class.name()
        ))),
        Status::Updating(_, _, Update::Stream) => {
            Err(still_in_use(format_args!("{subject} stream status update is in progress.")))
        }
        _ => Ok(()),
    }
}

pub fn check_class(table: &Table) -> Result<(), ApiError> {
    match *table.status {
        Status::Updating(_, _, Update::Class(class)) => Err(still_in_use(format_args!(
            "Can't update table class when a table class update is in progress. Table: {} TableClassUpdateInProgress: \
             {}",
            table.name,
            class.name()
        ))),
        Status::Updating(_, _, Update::Stream) => Err(still_in_use(format_args!(
            "Can't update table class when stream status is being updated. Table: {}",
            table.name
        ))),
        Status::Updating(_, _, Update::Throughput(_) | Update::Billing) => Err(iops(table)),
        _ => Ok(()),
    }
}

/// A stream changes while nothing else does, and only to what it is not.
pub fn check_stream(table: &Table, asked: Option<ViewType>) -> Result<(), ApiError> {
    match *table.status {
        Status::Updating(..) => Err(being_updated(table)),
        _ => table.check_stream_change(asked),
    }
}

/// One change of the key at a time. The words are assumed.
pub fn check_encryption(table: &Table) -> Result<(), ApiError> {
    if table.control.encryption.changing.is_some() { Err(being_updated(table)) } else { Ok(()) }
}

pub fn being_updated(table: &Table) -> ApiError {
    still_in_use(format_args!("Table: {} is in the process of being updated.", table.name))
}

fn iops(table: &Table) -> ApiError {
    still_in_use(format_args!("Table IOPS are currently being updated. Table: {}", table.name))
}
