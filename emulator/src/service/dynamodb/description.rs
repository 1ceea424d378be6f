//! A table as CreateTable, DescribeTable, UpdateTable and DeleteTable show it.

use serde::{Deserialize, Serialize};

use super::billing::BillingModeSummary;
use super::encryption::EncryptionDescription;
use super::on_demand_throughput::OnDemandThroughput;
use super::table::Table;
use super::table_class::TableClassSummary;
use super::throughput::ThroughputDescription;
use super::warm_throughput::WarmThroughputDescription;
use crate::kernel::{Arn, Timestamp};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TableDescription {
    attribute_definitions: Vec<AttributeDefinition>,
    table_name: String,
    key_schema: Vec<KeySchemaElement>,
    pub table_status: &'static str,
    creation_date_time: Timestamp,
    provisioned_throughput: ThroughputDescription,
    table_size_bytes: usize,
    item_count: usize,
    table_arn: Arn,
    table_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_mode_summary: Option<BillingModeSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table_class_summary: Option<TableClassSummary>,
    deletion_protection_enabled: bool,
    #[serde(rename = "SSEDescription", skip_serializing_if = "Option::is_none")]
    sse_description: Option<EncryptionDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_demand_throughput: Option<OnDemandThroughput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_throughput: Option<WarmThroughputDescription>,
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

pub fn describe(table: &Table, now: Timestamp) -> TableDescription {
    let (schema, control) = (&table.schema, &table.control);
    let types = schema.attributes().map(|attribute| AttributeDefinition {
        attribute_name: Some(attribute.name.clone()),
        attribute_type: Some(attribute.kind.name().to_owned()),
    });
    let mut attribute_definitions: Vec<_> = types.collect();
    // As AWS answers them, whatever their order in the request.
    attribute_definitions.sort_by(|a, b| a.attribute_name.cmp(&b.attribute_name));
    let keys = schema.attributes().zip(["HASH", "RANGE"]).map(|(attribute, key_type)| KeySchemaElement {
        attribute_name: Some(attribute.name.clone()),
        key_type: Some(key_type.to_owned()),
    });
    TableDescription {
        attribute_definitions,
        table_name: table.name.clone(),
        key_schema: keys.collect(),
        table_status: table.status.name(),
        creation_date_time: table.created,
        provisioned_throughput: control.billing.throughput.describe(now),
        table_size_bytes: table.bytes(),
        item_count: table.item_count(),
        table_arn: table.arn.clone(),
        table_id: table.id.clone(),
        billing_mode_summary: control.billing.summary(),
        table_class_summary: control.class.summary(),
        deletion_protection_enabled: control.deletion_protection,
        sse_description: control.encryption.describe(),
        on_demand_throughput: Some(control.on_demand_throughput).filter(|given| !given.is_empty()),
        warm_throughput: Some(control.warm_throughput.describe()),
    }
}
