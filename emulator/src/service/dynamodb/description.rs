//! A table as CreateTable, DescribeTable and DeleteTable show it.

use serde::{Deserialize, Serialize};

use super::key::KeySchema;
use super::stream_specification::StreamSpecification;
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
    stream_specification: Option<StreamSpecification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_stream_label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_stream_arn: Option<Arn>,
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

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProvisionedThroughputDescription {
    number_of_decreases_today: i64,
    read_capacity_units: i64,
    write_capacity_units: i64,
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
    let schema = &table.schema;
    let types = schema.attributes().map(|attribute| AttributeDefinition {
        attribute_name: Some(attribute.name.clone()),
        attribute_type: Some(attribute.kind.name().to_owned()),
    });
    TableDescription {
        attribute_definitions: types.collect(),
        table_name: table.name.clone(),
        key_schema: key_schema(schema),
        table_status: table.status.name(),
        creation_date_time: table.created,
        provisioned_throughput: ProvisionedThroughputDescription {
            number_of_decreases_today: 0,
            read_capacity_units,
            write_capacity_units,
        },
        table_size_bytes: table.bytes(),
        item_count: table.item_count(),
        table_arn: table.arn.clone(),
        table_id: table.id.clone(),
        billing_mode_summary,
        table_class_summary: table.class.clone().map(|table_class| TableClassSummary { table_class }),
        deletion_protection_enabled: table.deletion_protection,
        stream_specification: table.streams.enabled().map(|stream| StreamSpecification::enabled(stream.view)),
        latest_stream_label: table.streams.latest().map(|latest| latest.label.clone()),
        latest_stream_arn: table.streams.latest().map(|latest| latest.arn.clone()),
    }
}

pub fn key_schema(schema: &KeySchema) -> Vec<KeySchemaElement> {
    let keys = schema.attributes().zip(["HASH", "RANGE"]).map(|(attribute, key_type)| KeySchemaElement {
        attribute_name: Some(attribute.name.clone()),
        key_type: Some(key_type.to_owned()),
    });
    keys.collect()
}
