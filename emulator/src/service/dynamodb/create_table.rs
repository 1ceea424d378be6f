//! Adds a table, which is CREATING for a moment of the clock.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>

use serde::{Deserialize, Serialize};

use super::description::{AttributeDefinition, KeySchemaElement, TableDescription, describe};
use super::index_definition::{self, ForTable, GivenIndex};
use super::key::{KeyAttribute, KeySchema, ScalarType};
use super::members::{Unsupported, refuse};
use super::table::{Billing, Blueprint, Status, Table};
use super::{DynamoDb, table_name};
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct CreateTable;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: Option<String>,
    attribute_definitions: Option<Vec<AttributeDefinition>>,
    key_schema: Option<Vec<KeySchemaElement>>,
    billing_mode: Option<String>,
    provisioned_throughput: Option<ProvisionedThroughput>,
    stream_specification: Option<StreamSpecification>,
    table_class: Option<String>,
    deletion_protection_enabled: Option<bool>,
    local_secondary_indexes: Option<Vec<GivenIndex>>,
    global_secondary_indexes: Option<Vec<GivenIndex>>,
    #[serde(default)]
    vector_indexes: Option<Vec<serde::de::IgnoredAny>>,
    #[serde(default)]
    tags: Option<Vec<serde::de::IgnoredAny>>,
    #[serde(rename = "SSESpecification")]
    sse_specification: Unsupported,
    warm_throughput: Unsupported,
    resource_policy: Unsupported,
    on_demand_throughput: Unsupported,
    global_table_source_arn: Unsupported,
    global_table_settings_replication_mode: Unsupported,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProvisionedThroughput {
    read_capacity_units: Option<i64>,
    write_capacity_units: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamSpecification {
    stream_enabled: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    table_description: TableDescription,
}

impl Operation for CreateTable {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "CreateTable";

    fn resource(input: &Input) -> String {
        table_name::shown(input.table_name.as_ref())
    }

    fn run(input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        refuse_unsupported(&input)?;
        let name = table_name::resolve(&input.table_name.clone().unwrap_or_default(), call.scope)?;
        let billing = billing(&input, call)?;
        let definitions = input.attribute_definitions.unwrap_or_default();
        let schema = schema(input.key_schema.unwrap_or_default(), &definitions)?;
        let provisioned = matches!(billing, Billing::Provisioned { .. });
        let for_table = ForTable { schema: &schema, definitions: &definitions, provisioned, exists: false };
        let (local, global) = (input.local_secondary_indexes, input.global_secondary_indexes);
        let indexes = index_definition::indexes(&for_table, local, global)?;
        if state.tables.contains_key(&name) {
            return Err(ApiError::new("ResourceInUseException", format!("Table already exists: {name}")));
        }
        let blueprint = Blueprint {
            id: call.ids().uuid(),
            arn: call.arn("dynamodb", format!("table/{name}")),
            name,
            created: call.now,
            status: Status::Creating(call.now + state.settings.transition, call.event),
            schema,
            indexes,
            billing,
            class: input.table_class,
            deletion_protection: input.deletion_protection_enabled.unwrap_or(false),
        };
        let table = Table::new(blueprint, state.settings);
        let table_description = describe(&table);
        state.add(table);
        Ok(Output { table_description })
    }
}

/// What AWS's model says of the members.
fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    table_name::check(&mut violations, &input.table_name);
    violations.required("attributeDefinitions", &input.attribute_definitions);
    for (index, definition) in input.attribute_definitions.iter().flatten().enumerate() {
        let member = |name: &str| format!("attributeDefinitions.{}.member.{name}", index + 1);
        check_name(&mut violations, &member("attributeName"), definition.attribute_name.as_deref());
        check_one_of(&mut violations, &member("attributeType"), definition.attribute_type.as_deref(), &["B", "N", "S"]);
    }
    violations.required("keySchema", &input.key_schema);
    if let Some(elements) = &input.key_schema {
        check_key_schema(&mut violations, elements);
    }
    if let Some(mode) = &input.billing_mode {
        violations.one_of("billingMode", mode, &["PROVISIONED", "PAY_PER_REQUEST"]);
    }
    if let Some(throughput) = &input.provisioned_throughput {
        for (member, units) in [
            ("readCapacityUnits", throughput.read_capacity_units),
            ("writeCapacityUnits", throughput.write_capacity_units),
        ] {
            let member = format!("provisionedThroughput.{member}");
            violations.required(&member, &units);
            violations.range(&member, units.unwrap_or(1), 1, i64::MAX);
        }
    }
    for (name, indexes) in [
        ("localSecondaryIndexes", &input.local_secondary_indexes),
        ("globalSecondaryIndexes", &input.global_secondary_indexes),
    ] {
        for (place, index) in indexes.iter().flatten().enumerate() {
            index_definition::check_model(&mut violations, &format!("{name}.{}.member", place + 1), index);
        }
    }
    if let Some(class) = &input.table_class {
        violations.one_of("tableClass", class, &["STANDARD", "STANDARD_INFREQUENT_ACCESS"]);
    }
    violations.finish()
}

fn check_key_schema(violations: &mut Violations, elements: &[KeySchemaElement]) {
    let texts = elements.iter().map(|element| {
        let (name, kind) = (element.attribute_name.as_deref(), element.key_type.as_deref());
        format!("KeySchemaElement(attributeName={}, keyType={})", name.unwrap_or("null"), kind.unwrap_or("null"))
    });
    let shown = format!("[{}]", texts.collect::<Vec<_>>().join(", "));
    if elements.is_empty() {
        violations.add(&shown, "keySchema", "have length greater than or equal to 1");
    }
    if elements.len() > 2 {
        violations.add(&shown, "keySchema", "have length less than or equal to 2");
    }
    for (index, element) in elements.iter().enumerate() {
        let member = |name: &str| format!("keySchema.{}.member.{name}", index + 1);
        check_name(violations, &member("attributeName"), element.attribute_name.as_deref());
        check_one_of(violations, &member("keyType"), element.key_type.as_deref(), &["HASH", "RANGE"]);
    }
}

fn check_name(violations: &mut Violations, member: &str, name: Option<&str>) {
    match name {
        Some(name) => violations.length(member, name, 1, 255),
        None => violations.missing(member),
    }
}

fn check_one_of(violations: &mut Violations, member: &str, value: Option<&str>, values: &[&str]) {
    match value {
        Some(value) => violations.one_of(member, value, values),
        None => violations.missing(member),
    }
}

fn refuse_unsupported(input: &Input) -> Result<(), ApiError> {
    let holds = |list: &Option<Vec<serde::de::IgnoredAny>>| list.as_ref().is_some_and(|list| !list.is_empty());
    let streams = input.stream_specification.as_ref().is_some_and(|given| given.stream_enabled == Some(true));
    refuse(
        "CreateTable",
        &[
            ("VectorIndexes", holds(&input.vector_indexes)),
            ("StreamSpecification", streams),
            ("Tags", holds(&input.tags)),
            ("SSESpecification", input.sse_specification.is_some()),
            ("WarmThroughput", input.warm_throughput.is_some()),
            ("ResourcePolicy", input.resource_policy.is_some()),
            ("OnDemandThroughput", input.on_demand_throughput.is_some()),
            ("GlobalTableSourceArn", input.global_table_source_arn.is_some()),
            ("GlobalTableSettingsReplicationMode", input.global_table_settings_replication_mode.is_some()),
        ],
    )
}

fn billing(input: &Input, call: &Call<'_>) -> Result<Billing, ApiError> {
    let throughput = input.provisioned_throughput.as_ref();
    let units = throughput.and_then(|given| given.read_capacity_units.zip(given.write_capacity_units));
    match (input.billing_mode.as_deref(), units) {
        (Some("PAY_PER_REQUEST"), None) => Ok(Billing::PayPerRequest { since: call.now }),
        (Some("PAY_PER_REQUEST"), Some(_)) => Err(invalid(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
        )),
        (_, Some((read_units, write_units))) => Ok(Billing::Provisioned { read_units, write_units }),
        (_, None) => Err(invalid(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
        )),
    }
}

/// The key, if it and the definitions fit each other.
fn schema(elements: Vec<KeySchemaElement>, definitions: &[AttributeDefinition]) -> Result<KeySchema, ApiError> {
    let kinds = ["HASH", "RANGE"].iter().zip(["first", "second"]);
    for (element, (kind, place)) in elements.iter().zip(kinds) {
        if element.key_type.as_deref() != Some(kind) {
            return Err(ApiError::validation(format!(
                "Invalid KeySchema: The {place} KeySchemaElement is not a {kind} key type"
            )));
        }
    }
    let names: Vec<String> = elements.into_iter().filter_map(|element| element.attribute_name).collect();
    if let [partition, sort] = names.as_slice()
        && partition == sort
    {
        return Err(invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name"));
    }
    check_definitions(&names, definitions)?;
    let kind_of = |name: &str| {
        let definition = definitions.iter().find(|definition| definition.attribute_name.as_deref() == Some(name))?;
        ScalarType::parse(definition.attribute_type.as_deref()?)
    };
    let mut attributes = names.into_iter().map(|name| {
        let kind = kind_of(&name).expect("the model's check and the definitions' have passed");
        KeyAttribute { name, kind }
    });
    let partition = attributes.next().expect("a key schema has at least one element");
    Ok(KeySchema { partition, sort: attributes.next() })
}

fn check_definitions(names: &[String], definitions: &[AttributeDefinition]) -> Result<(), ApiError> {
    let defined: Vec<&str> = definitions.iter().filter_map(|definition| definition.attribute_name.as_deref()).collect();
    if let Some(twice) = defined.iter().enumerate().find(|(index, name)| defined[..*index].contains(name)) {
        return Err(invalid(format_args!("Duplicate AttributeName in AttributeDefinitions: {}", twice.1)));
    }
    if names.iter().any(|name| !defined.contains(&name.as_str())) {
        if defined.len() < names.len() {
            return Err(ApiError::validation("Invalid KeySchema: Some index key attribute have no definition"));
        }
        return Err(invalid(format_args!(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
            names.join(", "),
            defined.join(", ")
        )));
    }
    Ok(())
}

fn invalid(detail: impl std::fmt::Display) -> ApiError {
    ApiError::validation(format!("One or more parameter values were invalid: {detail}"))
}
