//! Adds a table, which is CREATING for a moment of the clock.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>

use serde::{Deserialize, Serialize};

use super::account_limits;
use super::billing::{Billing, Mode};
use super::control::Control;
use super::description::{AttributeDefinition, KeySchemaElement, TableDescription, describe};
use super::encryption::{Encryption, GivenEncryption};
use super::index_definition::{self, ForTable, GivenIndex};
use super::key::{KeyAttribute, KeySchema, ScalarType};
use super::members::{Unsupported, check_definitions, check_name, check_one_of, invalid, refuse};
use super::on_demand_throughput::OnDemandThroughput;
use super::resource_arn::Resource;
use super::resource_policies::{self, Policies};
use super::stream_specification::StreamSpecification;
use super::table::{Blueprint, Status, Table};
use super::table_class::{ClassHistory, TableClass};
use super::table_streams::TableStreams;
use super::tags::{self, Tag, Tags};
use super::throughput::GivenThroughput;
use super::warm_throughput::{GivenWarmThroughput, WarmThroughput};
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
    provisioned_throughput: Option<GivenThroughput>,
    stream_specification: Option<StreamSpecification>,
    table_class: Option<String>,
    deletion_protection_enabled: Option<bool>,
    local_secondary_indexes: Option<Vec<GivenIndex>>,
    global_secondary_indexes: Option<Vec<GivenIndex>>,
    #[serde(default)]
    vector_indexes: Option<Vec<serde::de::IgnoredAny>>,
    tags: Option<Vec<Tag>>,
    #[serde(rename = "SSESpecification")]
    sse_specification: Option<GivenEncryption>,
    warm_throughput: Option<GivenWarmThroughput>,
    resource_policy: Option<String>,
    on_demand_throughput: Option<OnDemandThroughput>,
    global_table_source_arn: Unsupported,
    global_table_settings_replication_mode: Unsupported,
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

    fn run(mut input: Input, state: &mut DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let given = check_model(&mut input)?;
        refuse_unsupported(&input)?;
        let name = table_name::resolve(&given, call.scope)?;
        let warm_asked = input.warm_throughput.is_some_and(|given| !given.is_empty());
        let mut control = control(&mut input, state, &name, call)?;
        let stream = input.stream_specification.as_ref().map(|given| given.asked("created")).transpose()?.flatten();
        let definitions = input.attribute_definitions.unwrap_or_default();
        let schema = schema(input.key_schema.unwrap_or_default(), &definitions)?;
        let provisioned = control.billing.mode == Mode::Provisioned;
        let for_table = ForTable { schema: &schema, definitions: &definitions, provisioned, exists: false };
        let (local, global) = (input.local_secondary_indexes, input.global_secondary_indexes);
        let indexes = index_definition::indexes(&for_table, local, global)?;
        if let Some(policy) = input.resource_policy {
            let resource = Resource { table: name.clone(), stream: None };
            control.policies.put(&resource, resource_policies::checked(&policy)?, None, call.now)?;
        }
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
            control,
        };
        let mut table = Table::new(blueprint, state.settings);
        table.streams = TableStreams::of_new_table(&table.name, state.streams_left.values());
        if let Some(view) = stream {
            table.enable_stream(view, call.now + state.settings.transition, call)?;
        }
        let mut table_description = describe(&table, call.now);
        // AWS tells these only later, as far as they were not asked for.
        table_description.warm_throughput = table_description.warm_throughput.filter(|_| warm_asked);
        if let Some(summary) = &mut table_description.billing_mode_summary {
            summary.last_update_to_pay_per_request_date_time = None;
        }
        state.add(table);
        Ok(Output { table_description })
    }
}

/// All but the key and the indexes, as the request has it.
fn control(input: &mut Input, state: &DynamoDb, name: &str, call: &Call<'_>) -> Result<Control, ApiError> {
    let class = input.table_class.as_deref().map(TableClass::parse).transpose()?;
    let billing = billing(input, call)?;
    let on_demand_throughput = input.on_demand_throughput.unwrap_or_default();
    on_demand_throughput.check_new(billing.mode, call.scope)?;
    account_limits::check(billing.throughput.units, state.units_beside(name, call), call.scope)?;
    let warm_throughput = WarmThroughput::new(input.warm_throughput.unwrap_or_default(), &billing, call.scope)?;
    let key = input.sse_specification.take().unwrap_or_default().key(call.scope)?;
    let tags = tags::checked(input.tags.take().unwrap_or_default())?;
    Ok(Control {
        billing,
        class: ClassHistory::new(class),
        deletion_protection: input.deletion_protection_enabled.unwrap_or(false),
        encryption: Encryption::new(key),
        on_demand_throughput,
        warm_throughput,
        tags: Tags::new(tags),
        point_in_time_recovery: None,
        policies: Policies::default(),
        destinations: Default::default(),
    })
}

/// What AWS's model says of the members. Answers the table's name.
fn check_model(input: &mut Input) -> Result<String, ApiError> {
    let mut violations = Violations::new();
    let given = table_name::check_named(&mut violations, input.table_name.take())?;
    violations.required("attributeDefinitions", &input.attribute_definitions);
    check_definitions(&mut violations, input.attribute_definitions.as_deref().unwrap_or_default());
    violations.required("keySchema", &input.key_schema);
    if let Some(elements) = &input.key_schema {
        check_key_schema(&mut violations, elements);
    }
    if let Some(mode) = &input.billing_mode {
        violations.one_of("billingMode", mode, &["PROVISIONED", "PAY_PER_REQUEST"]);
    }
    if let Some(throughput) = &input.provisioned_throughput {
        throughput.check(&mut violations, "provisionedThroughput");
    }
    for (name, indexes) in [
        ("localSecondaryIndexes", &input.local_secondary_indexes),
        ("globalSecondaryIndexes", &input.global_secondary_indexes),
    ] {
        for (place, index) in indexes.iter().flatten().enumerate() {
            index_definition::check_model(&mut violations, &format!("{name}.{}.member", place + 1), index);
        }
    }
    if let Some(encryption) = &input.sse_specification {
        encryption.check_model(&mut violations);
    }
    if let Some(stream) = &input.stream_specification {
        stream.check_model(&mut violations);
    }
    violations.finish()?;
    Ok(given)
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

fn refuse_unsupported(input: &Input) -> Result<(), ApiError> {
    let holds = |list: &Option<Vec<serde::de::IgnoredAny>>| list.as_ref().is_some_and(|list| !list.is_empty());
    refuse(
        "CreateTable",
        &[
            ("VectorIndexes", holds(&input.vector_indexes)),
            ("GlobalTableSourceArn", input.global_table_source_arn.is_some()),
            ("GlobalTableSettingsReplicationMode", input.global_table_settings_replication_mode.is_some()),
        ],
    )
}

fn billing(input: &Input, call: &Call<'_>) -> Result<Billing, ApiError> {
    let units = input.provisioned_throughput.and_then(|given| given.units());
    match (input.billing_mode.as_deref().map_or(Mode::Provisioned, Mode::parse), units) {
        (Mode::PayPerRequest, None) => Ok(Billing::on_demand(call.now)),
        (Mode::PayPerRequest, Some(_)) => Err(invalid(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
        )),
        (Mode::Provisioned, Some(units)) => Ok(Billing::provisioned(units)),
        (Mode::Provisioned, None) => Err(invalid(
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
    check_fit(&names, definitions)?;
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

fn check_fit(names: &[String], definitions: &[AttributeDefinition]) -> Result<(), ApiError> {
    let defined: Vec<&str> = definitions.iter().filter_map(|definition| definition.attribute_name.as_deref()).collect();
    if let Some(twice) = defined.iter().enumerate().find(|(index, name)| defined[..*index].contains(name)) {
        return Err(ApiError::validation(format!("Attribute Name is duplicated: {}", twice.1)));
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
