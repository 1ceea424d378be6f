//! Amazon DynamoDB: tables of items, expressions, capacity units, and expiry on the clock.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html>
//!
//! - Tables: [`table`], keys and their order in [`key`], status in [`transition`], one for a call alone in [`held`]
//! - Writes: [`write`], as requests ask for them in [`write_request`]; what follows them: [`index`], [`change`]
//! - Items: [`value`], in their table [`stored_item`] in a [`store`], numbers in [`number`], JSON in [`attribute_json`]
//! - Expressions: [`expression`], with a request's names and values from [`expression_attributes`]; the parameters
//!   that came before them: [`legacy`]
//! - Query and Scan read by [`page`]; writes check by [`condition_check`]
//! - PartiQL: the language in [`partiql`], run by [`statement_read`] and [`statement_write`]
//! - Transactions: [`transaction`], once for each [`request_token`]
//! - Time to live: [`expiry`]
//!
//! # Differences
//!
//! See [`DESCRIPTION`]; those of the expression language are in [`expression`].

pub mod agenda;
pub mod attribute_json;
mod batch_execute_statement;
mod batch_get_item;
mod batch_write_item;
pub mod capacity;
pub mod change;
pub mod condition_check;
mod create_table;
mod delete_item;
mod delete_table;
mod describe_table;
mod describe_time_to_live;
pub mod description;
mod execute_statement;
mod execute_transaction;
pub mod expiry;
pub mod expression;
pub mod expression_attributes;
mod get_item;
pub mod held;
pub mod index;
pub mod key;
pub mod legacy;
mod list_tables;
pub mod members;
pub mod number;
pub mod page;
pub mod partiql;
mod put_item;
mod query;
pub mod request_token;
mod scan;
pub mod settings;
mod statement_read;
mod statement_request;
mod statement_token;
mod statement_write;
pub mod store;
pub mod stored_item;
pub mod table;
pub mod table_name;
mod transact_get_items;
mod transact_write_items;
pub mod transaction;
pub mod transition;
mod update_item;
mod update_time_to_live;
pub mod value;
pub mod write;
pub mod write_request;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use self::agenda::Agenda;
use self::held::Held;
use self::request_token::RequestTokens;
use self::settings::Settings;
use self::table::{Status, Table};
use crate::kernel::{AnyOperation, ApiError, Call, Protocol, Scope, Service, ServiceDescription, Shared, Timestamp};

/// One account and region's state.
#[derive(Debug, Default)]
pub struct DynamoDb {
    settings: Settings,
    tables: BTreeMap<String, Mutex<Table>>,
    agenda: Mutex<Agenda>,
    tokens: Mutex<RequestTokens>,
}

pub const DESCRIPTION: ServiceDescription = ServiceDescription {
    name: "dynamodb",
    title: "Amazon DynamoDB",
    signing_name: "dynamodb",
    target_prefix: "DynamoDB_20120810",
    protocol: Protocol::AwsJson1_0,
    body_bytes_max: 16 << 20,
    error_namespace,
    crc32: true,
    throttled,
    not_implemented: NOT_IMPLEMENTED,
    differences: DIFFERENCES,
};

fn error_namespace(code: &str) -> &'static str {
    match code {
        "ValidationException" => "com.amazon.coral.validate#",
        "SerializationException" | "UnknownOperationException" | "InternalFailure" => "com.amazon.coral.service#",
        _ => "com.amazonaws.dynamodb.v20120810#",
    }
}

const NOT_IMPLEMENTED: &[&str] = &[
    "CancelBulkOperation",
    "CreateBackup",
    "CreateGlobalTable",
    "DeleteBackup",
    "DeleteResourcePolicy",
    "DescribeBackup",
    "DescribeBulkOperation",
    "DescribeContinuousBackups",
    "DescribeContributorInsights",
    "DescribeEndpoints",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeKinesisStreamingDestination",
    "DescribeLimits",
    "DescribeTableReplicaAutoScaling",
    "DisableKinesisStreamingDestination",
    "EnableKinesisStreamingDestination",
    "ExportTableToPointInTime",
    "GetResourcePolicy",
    "ImportTable",
    "ListBackups",
    "ListBulkOperations",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "ListTagsOfResource",
    "PutResourcePolicy",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "SearchVectors",
    "StartBulkPutItems",
    "TagResource",
    "UntagResource",
    "UpdateContinuousBackups",
    "UpdateContributorInsights",
    "UpdateGlobalTable",
    "UpdateGlobalTableSettings",
    "UpdateKinesisStreamingDestination",
    "UpdateTable",
    "UpdateTableReplicaAutoScaling",
];

const DIFFERENCES: &[&str] = &[
    "secondary indexes, streams, tags, encryption settings are refused as not implemented",
    "ItemCount and TableSizeBytes are current; AWS updates them about every six hours",
    "tables are CREATING and DELETING for 200 ms of the clock; a table that is DELETING refuses item operations, \
     where AWS may still serve them",
    "time to live is enabled and disabled at once; AWS takes up to an hour and refuses another change meanwhile",
    "expired items are swept within 10 minutes of the clock, at a time drawn from the seed; AWS typically takes days",
    "a read without ConsistentRead sees every earlier write",
    "provisioned throughput is reported but not enforced; WarmThroughput is not reported",
    "a TableName that is an ARN of another account or region is refused as not implemented",
    "expressions nest up to 150 levels of parentheses, NOT and functions",
    "ReturnItemCollectionMetrics is accepted and answers nothing, as on AWS for a table without local indexes",
    "PartiQL: conditions that OR joins read the whole table or index and filter it, where AWS queries the partitions \
     they name and refuses some that overlap; the items answered are the same",
    "PartiQL, assumed: see the module's doc for texts; a NextToken of any other origin is \"does not match\"; pages of \
     IN end after 10 items looked at; Limit of a write is ignored; a batch that mixes reads and writes is refused whole; \
     INSERT with an attribute named twice is refused",
    "sets are answered in sorted order",
    "BatchGetItem counts 16 MB by the sizes of items, and more than 1 MB of one partition is no reason to leave keys",
    "of several spellings that AWS's regions have for lists too short or too long in a batch or a transaction, one is \
     answered; none repeats the request",
    "a transaction conflicts with nothing, since operations run one after another, unless a fault says so",
    "assumed of transactions and batches: texts for a WriteRequest with none or both of its members, for a transaction \
     of more than 4 MB and for a ClientRequestToken used with other parameters; ConditionCheck costs as a write; the \
     token of a cancelled transaction can be used again; an index key of the wrong type cancels a transaction",
    "a SerializationException's message is the JSON decoder's; AWS's wording differs",
    "some regions of AWS begin the texts about values and expressions of PutItem, UpdateItem and DeleteItem with \
     `1 validation error detected: `, and quote the elements of a set with duplicates; here they read as they did \
     everywhere before",
    "AttributeUpdates that only delete make the item if there is none, as an UpdateExpression does; AWS's guide says \
     that nothing happens",
    "assumed, not verified: size() of a string counts characters; arithmetic whose result needs more than 38 digits \
     is refused; the order of checks among several mistakes of one request; texts for \
     values of several types in one AttributeValueList, an empty KeyConditions, placeholders that are too long or too \
     many, Select with a projection, a Key with too few or too many attributes, and table names of \
     the wrong form",
];

impl Service for DynamoDb {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &Shared(batch_execute_statement::BatchExecuteStatement),
        &Shared(batch_get_item::BatchGetItem),
        &Shared(batch_write_item::BatchWriteItem),
        &create_table::CreateTable,
        &Shared(delete_item::DeleteItem),
        &delete_table::DeleteTable,
        &describe_table::DescribeTable,
        &describe_time_to_live::DescribeTimeToLive,
        &Shared(execute_statement::ExecuteStatement),
        &Shared(execute_transaction::ExecuteTransaction),
        &Shared(get_item::GetItem),
        &list_tables::ListTables,
        &Shared(put_item::PutItem),
        &Shared(query::Query),
        &Shared(scan::Scan),
        &Shared(transact_get_items::TransactGetItems),
        &Shared(transact_write_items::TransactWriteItems),
        &Shared(update_item::UpdateItem),
        &update_time_to_live::UpdateTimeToLive,
    ];

    fn next_due(&self) -> Option<Timestamp> {
        held::lock(&self.agenda).next_due()
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        let agenda = self.agenda.get_mut().unwrap_or_else(PoisonError::into_inner);
        while let Some(name) = agenda.take_due(call.now) {
            let Some(table) = self.tables.get_mut(&name) else { continue };
            let table = table.get_mut().unwrap_or_else(PoisonError::into_inner);
            expiry::sweep(table, call);
            if transition::end_status(table, call) {
                table.planned = table.next_due();
                agenda.plan(&name, table.planned);
            } else {
                self.tables.remove(&name);
            }
        }
    }
}

impl DynamoDb {
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// A table whose items can be used, for this call alone.
    fn active(&self, given: &str, scope: &Scope) -> Result<Held<'_>, ApiError> {
        let name = table_name::resolve(given, scope)?;
        let table = self.table(&name).filter(|table| table.status == Status::Active);
        table.ok_or_else(|| ApiError::new("ResourceNotFoundException", "Requested resource not found"))
    }

    /// A table in whatever state, for this call alone.
    fn existing(&self, given: &str, scope: &Scope) -> Result<Held<'_>, ApiError> {
        let name = table_name::resolve(given, scope)?;
        self.table(&name).ok_or_else(|| {
            let message = format!("Requested resource not found: Table: {name} not found");
            ApiError::new("ResourceNotFoundException", message)
        })
    }

    fn table(&self, name: &str) -> Option<Held<'_>> {
        Some(Held::new(self.tables.get(name)?, &self.agenda))
    }

    fn add(&mut self, mut table: Table) {
        table.planned = table.next_due();
        held::lock(&self.agenda).plan(&table.name, table.planned);
        self.tables.insert(table.name.clone(), Mutex::new(table));
    }
}

/// A change of a table that is not active.
fn in_use(table: &Table) -> ApiError {
    let doing = if matches!(table.status, Status::Creating(..)) { "created" } else { "deleted" };
    ApiError::new(
        "ResourceInUseException",
        format!("Attempt to change a resource which is still in use: Table is being {doing}: {}", table.name),
    )
}

/// AWS: ThrottlingException "might be returned if you perform any of the following operations too rapidly:
/// CreateTable, UpdateTable, DeleteTable".
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>
fn throttled(operation: &str) -> ApiError {
    match operation {
        "CreateTable" | "UpdateTable" | "DeleteTable" => {
            ApiError::new("ThrottlingException", "Rate of requests exceeds the allowed throughput.")
        }
        _ => ApiError::new(
            "ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded. Consider increasing your \
             provisioning level with the UpdateTable API.",
        ),
    }
}
