//! A table as CreateTable, DescribeTable and DeleteTable show it.

use serde::{Deserialize, Serialize};

use super::index::IndexKind;
use super::index_description::{self, IndexDescription};
use super::key::KeySchema;
use super::table::{Billing, Table};
use crate::kernel::{Arn, Timestamp};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TableDescription {
    attribute_definitions: Vec<AttributeDefinition>,
    table_name: String,
    key_schema: Vec<KeySchemaElement>,
    table_status: &'static str,
    creation_date_time: Timestamp,
    provisioned_throughput: ProvisionedThroughputDescription,
    table_size_bytes: usize,
    item_count: usize,
    table_arn: Arn,
    table_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_mode_summary: Option<BillingModeSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table_class_summary: Option<TableClassSummary>,
    deletion_protection_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    local_secondary_indexes: Option<Vec<IndexDescription>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    global_secondary_indexes: Option<Vec<IndexDescription>>,
}

/// Members are optional since AWS has its own words for a missing one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttributeDefinition {
    pub attribute_name: Option<String>,
    pub attribute_type: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeySchemaElement {
    pub attribute_name: Option<String>,
    pub key_type: Option<String>,
}

impl KeySchemaElement {
    pub fn of(schema: &KeySchema) -> Vec<Self> {
        let elements = schema.attributes().zip(["HASH", "RANGE"]).map(|(attribute, key_type)| Self {
            attribute_name: Some(attribute.name.clone()),
            key_type: Some(key_type.to_owned()),
        });
        elements.collect()
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ProvisionedThroughputDescription {
    number_of_decreases_today: i64,
    read_capacity_units: i64,
    write_capacity_units: i64,
}

impl ProvisionedThroughputDescription {
    pub fn new(read_capacity_units: i64, write_capacity_units: i64) -> Self {
        Self { number_of_decreases_today: 0, read_capacity_units, write_capacity_units }
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct BillingModeSummary {
    billing_mode: &'static str,
    last_update_to_pay_per_request_date_time: Timestamp,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableClassSummary {
    table_class: String,
}

pub fn describe(table: &Table) -> TableDescription {
    let (read_capacity_units, write_capacity_units, billing_mode_summary) = match table.billing {
        Billing::Provisioned { read_units, write_units } => (read_units, write_units, None),
        Billing::PayPerRequest { since } => {
            let summary =
                BillingModeSummary { billing_mode: "PAY_PER_REQUEST", last_update_to_pay_per_request_date_time: since };
            (0, 0, Some(summary))
        }
    };
    TableDescription {
        attribute_definitions: definitions(table),
        table_name: table.name.clone(),
        key_schema: KeySchemaElement::of(&table.schema),
        table_status: table.status.name(),
        creation_date_time: table.created,
        provisioned_throughput: ProvisionedThroughputDescription::new(read_capacity_units, write_capacity_units),
        table_size_bytes: table.bytes(),
        item_count: table.item_count(),
        table_arn: table.arn.clone(),
        table_id: table.id.clone(),
        billing_mode_summary,
        table_class_summary: table.class.clone().map(|table_class| TableClassSummary { table_class }),
        deletion_protection_enabled: table.deletion_protection,
        local_secondary_indexes: index_description::describe(table, IndexKind::Local),
        global_secondary_indexes: index_description::describe(table, IndexKind::Global),
    }
}

/// The attributes of the keys of the table and of its indexes, each once.
fn definitions(table: &Table) -> Vec<AttributeDefinition> {
    let mut names: Vec<&str> = Vec::new();
    let mut definitions = Vec::new();
    for schema in std::iter::once(&table.schema).chain(table.indexes.iter().map(|index| &index.schema)) {
        for attribute in schema.attributes() {
            if !names.contains(&attribute.name.as_str()) {
                names.push(&attribute.name);
                definitions.push(AttributeDefinition {
                    attribute_name: Some(attribute.name.clone()),
                    attribute_type: Some(attribute.kind.name().to_owned()),
                });
            }
        }
    }
    definitions
}
