//! Amazon DynamoDB: tables of items, expressions, capacity units, and expiry on the clock.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html>
//!
//! - Tables: [`table`], keys and their order in [`key`], status in [`transition`], one for a call alone in [`held`]
//! - Writes: [`mod@write`], as requests ask for them in [`write_request`]; what follows them: [`index`], [`change`]
//! - Indexes: made by [`index_definition`], changed by [`index_update`], shown by [`index_description`]; what can be a
//!   key of theirs: [`index_key`]; what they add to an answer: [`item_collection`]
//! - Items: [`value`], in their table [`stored_item`] in a [`store`], numbers in [`number`], JSON in [`attribute_json`]
//! - Expressions: [`expression`], with a request's names and values from [`expression_attributes`]; the parameters
//!   that came before them: [`legacy`]
//! - Transactions: [`transaction`], once for each [`request_token`]; what they meet: [`conflict`]; stale reads: [`past`]
//! - PartiQL: the language in [`partiql`], run by `statement_read` and `statement_write`
//! - Query and Scan read a [`source`] by [`page`]; writes check by [`condition_check`]
//! - Time to live: [`expiry`]
//! - What a table has besides: [`control`]; what UpdateTable admits: [`update_admission`]
//! - Changes for Kinesis data streams: [`kinesis_destination`], [`kinesis_record`]
//! - What outlives the process: [`table_cell`], `table_keeping.rs`, an item as [`item_record`]
//! - Streams: [`streams`] is their API; a table's own are in [`table_streams`], of [`stream`]s, [`shard`]s and
//!   [`stream_record`]s
//!
//! # Differences
//!
//! See [`DESCRIPTION`]; those of the expression language are in [`expression`].

pub mod account_limits;
pub mod agenda;
pub mod attribute_json;
mod batch_execute_statement;
mod batch_get_item;
mod batch_write_item;
pub mod billing;
pub mod capacity;
pub mod change;
mod change_in_part;
pub mod condition_check;
pub mod conflict;
pub mod continuous_backups;
pub mod control;
mod create_table;
mod delete_item;
mod delete_resource_policy;
mod delete_table;
mod describe_continuous_backups;
mod describe_endpoints;
mod describe_kinesis_streaming_destination;
mod describe_limits;
mod describe_table;
mod describe_time_to_live;
pub mod description;
mod disable_kinesis_streaming_destination;
pub mod due;
mod enable_kinesis_streaming_destination;
pub mod encryption;
mod execute_statement;
mod execute_transaction;
pub mod expiry;
pub mod expression;
pub mod expression_attributes;
mod get_item;
mod get_resource_policy;
pub mod held;
pub mod index;
pub mod index_definition;
pub mod index_description;
pub mod index_key;
pub mod index_update;
pub mod item_collection;
pub mod item_record;
#[cfg(test)]
mod keep_tests;
pub mod key;
pub mod kinesis_destination;
pub mod kinesis_record;
pub mod legacy;
mod list_tables;
mod list_tags_of_resource;
pub mod members;
pub mod number;
pub mod on_demand_throughput;
pub mod page;
pub mod partiql;
pub mod past;
pub mod policy_document;
mod put_item;
mod put_resource_policy;
mod query;
pub mod request_token;
pub mod resource_arn;
pub mod resource_policies;
mod scan;
pub mod sequence_number;
pub mod settings;
pub mod shard;
pub mod source;
mod statement_read;
mod statement_request;
mod statement_token;
mod statement_write;
pub mod store;
pub mod stored_item;
pub mod stream;
pub mod stream_record;
pub mod stream_specification;
pub mod streams;
pub mod table;
pub mod table_cell;
pub mod table_class;
mod table_keeping;
pub mod table_name;
pub mod table_streams;
mod tag_resource;
pub mod tags;
pub mod throughput;
mod transact_get_items;
mod transact_write_items;
pub mod transaction;
pub mod transition;
mod untag_resource;
pub mod update_admission;
mod update_continuous_backups;
mod update_item;
mod update_kinesis_streaming_destination;
mod update_table;
mod update_time_to_live;
pub mod value;
pub mod warm_throughput;
pub mod write;
pub mod write_request;

use std::sync::{Mutex, PoisonError};

use self::agenda::Agenda;
use self::held::Held;
use self::request_token::RequestTokens;
use self::resource_arn::Resource;
use self::settings::Settings;
use self::stream::Stream;
use self::table::{Status, Table};
use self::table_cell::TableCell;
use self::throughput::Units;
use crate::kernel::store::{Book, Kept};
use crate::kernel::{AnyOperation, ApiError, Call, Protocol, Service, ServiceDescription, Shared, Timestamp};

/// One account and region's state.
#[derive(Debug, Default)]
pub struct DynamoDb {
    settings: Settings,
    tables: Kept<String, TableCell>,
    agenda: Mutex<Agenda>,
    /// The streams of deleted tables, which are read for a day; by table and label.
    streams_left: Kept<(String, String), Stream>,
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
    cbor: false,
    throttled,
    not_implemented: NOT_IMPLEMENTED,
    not_implemented_at: &[],
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
    "DescribeBackup",
    "DescribeBulkOperation",
    "DescribeContributorInsights",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeTableReplicaAutoScaling",
    "ExportTableToPointInTime",
    "ImportTable",
    "ListBackups",
    "ListBulkOperations",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "SearchVectors",
    "StartBulkPutItems",
    "UpdateContributorInsights",
    "UpdateGlobalTable",
    "UpdateGlobalTableSettings",
    "UpdateTableReplicaAutoScaling",
];

const DIFFERENCES: &[&str] = &[
    "ItemCount, TableSizeBytes and IndexSizeBytes are current; AWS updates them about every six hours",
    "tables are CREATING, UPDATING and DELETING for 200 ms of the clock, and encryption, warm throughput and Kinesis \
     destinations take as long to change; a table that is DELETING refuses item operations, where AWS may still serve \
     them",
    "time to live is enabled and disabled at once; AWS takes up to an hour and refuses another change for about half of \
     one",
    "deletion protection, tags and resource policies change at once and as often as asked; AWS makes a second change \
     wait for seconds, and shows tags and policies a little later",
    "resource policies are kept and answered in AWS's form, and not enforced; their actions and resources are not \
     checked",
    "there is no KMS: every key is taken to exist, and the ARN of the AWS managed key or of an alias's key is made from \
     its name",
    "point-in-time recovery is a state only: nothing can be restored",
    "a Kinesis destination whose ARN can be a stream of the account and region becomes ACTIVE even if there is no such \
     stream; each record for it then fails on the timeline",
    "DescribeEndpoints answers AWS's address",
    "TagResource, UntagResource and ListTagsOfResource of a stream are refused as not implemented",
    "expired items are swept within 10 minutes of the clock, at a time drawn from the seed; AWS typically takes days",
    "a global index that is added to a table is CREATING for twice 200 ms of the clock, DELETING and UPDATING for \
     once; while it is DELETING it can still be read; its units do not count for the account's limits",
    "members about replicas of a table and about vector indexes are refused as not implemented",
    "several HASH or RANGE attributes in the key of a global index are refused as not implemented; so are its \
     OnDemandThroughput and WarmThroughput",
    "a read without ConsistentRead sees every earlier write, and so does a global index, unless a fault says \
     otherwise; then a local index lags as a global one does",
    "provisioned, on-demand and warm throughput are reported but not enforced",
    "in UpdateTable, WarmThroughput or OnDemandThroughput that is empty counts as absent; AWS fails with an \
     InternalFailure if it stands alone",
    "a TableName that is an ARN of another account or region is refused as not implemented",
    "expressions nest up to 150 levels of parentheses, NOT and functions",
    "PartiQL: conditions that OR joins read the whole table or index and filter it, where AWS queries the partitions \
     they name and refuses some that overlap; the items answered are the same",
    "PartiQL, assumed: see the module's doc for texts; a NextToken of any other origin is \"does not match\"; pages of \
     IN end after 10 items looked at; Limit of a write is ignored; a batch that mixes reads and writes is refused whole; \
     INSERT with an attribute named twice is refused; the text for EXISTS outside a transaction",
    "ItemCollectionMetrics are of the real size, in whole gigabytes; a collection may grow beyond 10 GB; those of a \
     batch or a transaction are in the order of its writes (assumed), and deleting an item that is not there tells none \
     (assumed)",
    "sets are answered in sorted order",
    "BatchGetItem counts 16 MB by the sizes of items, and more than 1 MB of one partition is no reason to leave keys",
    "of several spellings that AWS's regions have for lists too short or too long in a batch or a transaction, one is \
     answered; none repeats the request",
    "a transaction conflicts with nothing, since operations run one after another, unless a fault says so; then its \
     first action is the one in conflict, and in BatchExecuteStatement each write is",
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
    "assumed, not verified, of indexes: the texts for too many of them or of their projected attributes, for one that \
     is not there to be changed, for an attribute that is defined anew with another type, and for index keys that are \
     too long; that a local index fetches each item it reads, whether the filter accepts it or not",
    "assumed, not verified: the texts for too many changes to on-demand billing, for an ARN of another account in tag \
     operations, for a change of units or billing while the class or the stream changes, and for a second change of the \
     key meanwhile; where a policy's syntax error is; the partition key of records for Kinesis, and that they tell a \
     precision only if one was chosen",
];

impl Service for DynamoDb {
    const DESCRIPTION: &'static ServiceDescription = &DESCRIPTION;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[
        &Shared(batch_execute_statement::BatchExecuteStatement),
        &Shared(batch_get_item::BatchGetItem),
        &Shared(batch_write_item::BatchWriteItem),
        &create_table::CreateTable,
        &Shared(delete_item::DeleteItem),
        &delete_resource_policy::DeleteResourcePolicy,
        &delete_table::DeleteTable,
        &describe_continuous_backups::DescribeContinuousBackups,
        &describe_endpoints::DescribeEndpoints,
        &describe_kinesis_streaming_destination::DescribeKinesisStreamingDestination,
        &describe_limits::DescribeLimits,
        &describe_table::DescribeTable,
        &describe_time_to_live::DescribeTimeToLive,
        &disable_kinesis_streaming_destination::DisableKinesisStreamingDestination,
        &enable_kinesis_streaming_destination::EnableKinesisStreamingDestination,
        &Shared(execute_statement::ExecuteStatement),
        &Shared(execute_transaction::ExecuteTransaction),
        &Shared(get_item::GetItem),
        &get_resource_policy::GetResourcePolicy,
        &list_tables::ListTables,
        &list_tags_of_resource::ListTagsOfResource,
        &Shared(put_item::PutItem),
        &put_resource_policy::PutResourcePolicy,
        &Shared(query::Query),
        &Shared(scan::Scan),
        &tag_resource::TagResource,
        &Shared(transact_get_items::TransactGetItems),
        &Shared(transact_write_items::TransactWriteItems),
        &untag_resource::UntagResource,
        &update_continuous_backups::UpdateContinuousBackups,
        &Shared(update_item::UpdateItem),
        &update_kinesis_streaming_destination::UpdateKinesisStreamingDestination,
        &update_table::UpdateTable,
        &update_time_to_live::UpdateTimeToLive,
    ];

    fn keep(&mut self, book: &mut Book<'_>) {
        let (settings, mut agenda) = (self.settings, Agenda::default());
        book.map_of("table", &mut self.tables, |cell, book| {
            let table = cell.alone();
            table.keep(book);
            if book.reads() {
                table.settle(settings);
                agenda.plan(&table.name, table.planned);
            }
        });
        book.map_of("stream_left", &mut self.streams_left, Stream::keep);
        self.tokens.get_mut().unwrap_or_else(PoisonError::into_inner).keep(book);
        if book.reads() {
            self.agenda = Mutex::new(agenda);
        }
    }

    fn fork(&mut self) -> Option<Self> {
        // Not a clone of the map, which would share the locks with it, and so the tables.
        let tables = self.tables.iter().map(|(name, cell)| (name.clone(), cell.clone()));
        Some(Self {
            settings: self.settings,
            tables: tables.collect(),
            agenda: Mutex::new(held::lock(&self.agenda).clone()),
            streams_left: self.streams_left.clone(),
            tokens: Mutex::new(held::lock(&self.tokens).clone()),
        })
    }

    fn next_due(&self) -> Option<Timestamp> {
        let left = self.streams_left.values().filter_map(Stream::gone_at);
        left.chain(held::lock(&self.agenda).next_due()).min()
    }

    fn run_due(&mut self, call: &mut Call<'_>) {
        let agenda = self.agenda.get_mut().unwrap_or_else(PoisonError::into_inner);
        while let Some(name) = agenda.take_due(call.now) {
            let Some(cell) = self.tables.get_mut(&name) else { continue };
            let table = cell.alone();
            expiry::sweep(table, call);
            index_update::end_statuses(table, self.settings.transition, call);
            transition::end_changes(table, call);
            table.streams.sweep(call);
            if transition::end_status(table, call) {
                table.planned = table.next_due();
                agenda.plan(&name, table.planned);
            } else if let Some(cell) = self.tables.remove(&name) {
                for stream in cell.into_table().streams.into_disabled() {
                    self.streams_left.insert((name.clone(), stream.label.clone()), stream);
                }
            }
        }
        table_streams::forget_gone(&mut self.streams_left, call);
    }
}

impl DynamoDb {
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// A table whose items can be used, for this call alone.
    fn active<'s>(&'s self, given: &str, call: &Call<'s>) -> Result<Held<'s>, ApiError> {
        let name = table_name::resolve(given, call.scope)?;
        let table = self.table(&name, call).filter(|table| table.status.serves_items());
        table.ok_or_else(|| ApiError::new("ResourceNotFoundException", "Requested resource not found"))
    }

    /// A table in whatever state, for this call alone.
    fn existing<'s>(&'s self, given: &str, call: &Call<'s>) -> Result<Held<'s>, ApiError> {
        let name = table_name::resolve(given, call.scope)?;
        self.table(&name, call).ok_or_else(|| table_not_found(&name))
    }

    /// A table that was created. What AWS keeps beside it is not found before.
    fn created<'s>(&'s self, given: &str, call: &Call<'s>) -> Result<Held<'s>, ApiError> {
        let table = self.existing(given, call)?;
        if matches!(*table.status, Status::Creating(..)) {
            return Err(table_not_found(&table.name));
        }
        Ok(table)
    }

    /// The table that an ARN names by itself or by its stream, once it was created.
    fn created_of<'s>(&'s self, resource: &Resource, call: &Call<'s>) -> Result<Held<'s>, ApiError> {
        let table = self.table(&resource.table, call).filter(|table| !matches!(*table.status, Status::Creating(..)));
        table.ok_or_else(|| table_not_found(&resource.table))
    }

    /// The units provisioned for all tables but one.
    fn units_beside(&self, name: &str, call: &Call<'_>) -> Units {
        let mut sum = Units::default();
        for other in self.tables.keys().filter(|other| *other != name) {
            let Some(table) = self.table(other, call) else { continue };
            let units = table.control.billing.throughput.units;
            sum = Units { read: sum.read.saturating_add(units.read), write: sum.write.saturating_add(units.write) };
        }
        sum
    }

    fn table<'s>(&'s self, name: &str, call: &Call<'s>) -> Option<Held<'s>> {
        Some(Held::new(self.tables.get(name)?, &self.agenda, call))
    }

    /// Uses the tokens of transactions, and notes what that changes.
    fn with_tokens<R>(&self, call: &Call<'_>, use_them: impl FnOnce(&mut RequestTokens) -> R) -> R {
        let mut tokens = held::lock(&self.tokens);
        let result = use_them(&mut tokens);
        call.kernel.note(DESCRIPTION.name, call.scope, |book| tokens.keep(book));
        result
    }

    fn add(&mut self, mut table: Table) {
        table.planned = table.next_due();
        held::lock(&self.agenda).plan(&table.name, table.planned);
        self.tables.insert(table.name.clone(), table.into());
    }
}

fn table_not_found(name: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("Requested resource not found: Table: {name} not found"))
}

/// A change that must wait for another.
fn still_in_use(why: impl std::fmt::Display) -> ApiError {
    let message = format!("Attempt to change a resource which is still in use: {why}");
    ApiError::new("ResourceInUseException", message)
}

/// Refuses a change of a table that is being created or deleted.
fn check_not_in_use(table: &Table) -> Result<(), ApiError> {
    let doing = match *table.status {
        Status::Creating(..) => "created",
        Status::Deleting(..) => "deleted",
        Status::Active | Status::Updating(..) => return Ok(()),
    };
    Err(still_in_use(format_args!("Table is being {doing}: {}", table.name)))
}

/// AWS: ThrottlingException "might be returned if you perform any of the following operations too rapidly:
/// CreateTable, UpdateTable, DeleteTable". The others that are not on items say "Rate exceeded", as recorded.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>
fn throttled(operation: &str) -> ApiError {
    match operation {
        "CreateTable" | "UpdateTable" | "DeleteTable" => {
            ApiError::new("ThrottlingException", "Rate of requests exceeds the allowed throughput.")
        }
        _ if ABOUT_TABLES.iter().any(|part| operation.contains(part)) => {
            ApiError::new("ThrottlingException", "Rate exceeded")
        }
        _ => ApiError::new(
            "ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded. Consider increasing your \
             provisioning level with the UpdateTable API.",
        ),
    }
}

/// What the names of operations contain that use no throughput of a table.
const ABOUT_TABLES: &[&str] =
    &["Describe", "List", "TimeToLive", "Resource", "ContinuousBackups", "KinesisStreamingDestination"];
