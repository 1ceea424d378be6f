//! A secondary index as CreateTable and UpdateTable ask for it, with AWS's checks.
//!
//! - Global: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GlobalSecondaryIndex.html>
//! - Local: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_LocalSecondaryIndex.html>
//! - Limits: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-secondary-indexes>

use serde::{Deserialize, Serialize};

use super::description::{AttributeDefinition, KeySchemaElement};
use super::index::{Index, IndexKind, IndexStatus, Projected};
use super::key::{KeyAttribute, KeySchema, ScalarType};
use super::members::{Unsupported, invalid, refuse};
use super::throughput::{GivenThroughput, Throughput, Units};
use crate::kernel::{ApiError, Violations};

const LOCAL_MAX: usize = 5;
pub const GLOBAL_MAX: usize = 20;
/// In the projections of kind INCLUDE of all indexes together.
const INCLUDED_MAX: usize = 100;

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GivenIndex {
    pub index_name: Option<String>,
    key_schema: Option<Vec<KeySchemaElement>>,
    projection: Option<Projection>,
    /// Of a global index. A local one has no such member; AWS ignores what it does not know.
    pub provisioned_throughput: Option<GivenThroughput>,
    on_demand_throughput: Unsupported,
    warm_throughput: Unsupported,
}

/// What an index holds beside the keys, as it is asked for and as it is described.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Projection {
    #[serde(skip_serializing_if = "Option::is_none")]
    projection_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    non_key_attributes: Option<Vec<String>>,
}

/// The table that indexes are for.
pub struct ForTable<'a> {
    pub schema: &'a KeySchema,
    pub definitions: &'a [AttributeDefinition],
    /// Whether its throughput is provisioned: then a global index has its own.
    pub provisioned: bool,
    /// Whether it is there already: AWS words a missing definition otherwise then.
    pub exists: bool,
}

/// What AWS's model says of an index, at `member` of the request.
pub fn check_model(violations: &mut Violations, member: &str, index: &GivenIndex) {
    check_name(violations, &format!("{member}.indexName"), index.index_name.as_deref());
    violations.required(format!("{member}.keySchema"), &index.key_schema);
    if let Some(elements) = &index.key_schema {
        if elements.is_empty() {
            violations.add("[]", format!("{member}.keySchema"), "have length greater than or equal to 1");
        }
        for (place, element) in elements.iter().enumerate() {
            let member = |name: &str| format!("{member}.keySchema.{}.member.{name}", place + 1);
            match &element.attribute_name {
                Some(name) => violations.length(member("attributeName"), name, 1, 255),
                None => violations.missing(member("attributeName")),
            }
            match &element.key_type {
                Some(kind) => violations.one_of(member("keyType"), kind, &["HASH", "RANGE"]),
                None => violations.missing(member("keyType")),
            }
        }
    }
    violations.required(format!("{member}.projection"), &index.projection);
    if let Some(projection) = &index.projection {
        check_projection_model(violations, &format!("{member}.projection"), projection);
    }
    if let Some(throughput) = &index.provisioned_throughput {
        throughput.check(violations, &format!("{member}.provisionedThroughput"));
    }
}

pub fn check_name(violations: &mut Violations, member: &str, name: Option<&str>) {
    let Some(name) = name else { return violations.missing(member) };
    violations.pattern(member, name, "[a-zA-Z0-9_.-]+", |c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    violations.length(member, name, 3, 255);
}

fn check_projection_model(violations: &mut Violations, member: &str, projection: &Projection) {
    if let Some(kind) = &projection.projection_type {
        violations.one_of(format!("{member}.projectionType"), kind, &["ALL", "INCLUDE", "KEYS_ONLY"]);
    }
    if let Some(names) = &projection.non_key_attributes {
        let (shown, member) = (format!("[{}]", names.join(", ")), format!("{member}.nonKeyAttributes"));
        if names.is_empty() {
            violations.add(&shown, &member, "have length greater than or equal to 1");
        }
        if names.len() > 20 {
            violations.add(&shown, &member, "have length less than or equal to 20");
        }
        for (place, name) in names.iter().enumerate() {
            violations.length(format!("{member}.{}.member", place + 1), name, 1, 255);
        }
    }
}

/// The indexes of a new table. The order of the checks among each other is assumed.
pub fn indexes(
    table: &ForTable<'_>,
    local: Option<Vec<GivenIndex>>,
    global: Option<Vec<GivenIndex>>,
) -> Result<Vec<Index>, ApiError> {
    for (given, kind) in [(&local, "LocalSecondaryIndexes"), (&global, "GlobalSecondaryIndexes")] {
        if given.as_ref().is_some_and(Vec::is_empty) {
            return Err(invalid(format_args!("List of {kind} is empty")));
        }
    }
    let (local, global) = (local.unwrap_or_default(), global.unwrap_or_default());
    if local.len() > LOCAL_MAX {
        return Err(invalid(format_args!("Number of LocalSecondaryIndexes exceeds per-table limit of {LOCAL_MAX}")));
    }
    if global.len() > GLOBAL_MAX {
        return Err(too_many_global());
    }
    if !local.is_empty() && table.schema.sort.is_none() {
        return Err(invalid(
            "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
        ));
    }
    let mut indexes: Vec<Index> = Vec::new();
    let local = local.into_iter().map(|given| (IndexKind::Local, given));
    let global = global.into_iter().map(|given| (IndexKind::Global, given));
    for (kind, given) in local.chain(global) {
        let index = index(table, kind, given)?;
        if indexes.iter().any(|other| other.name == index.name) {
            return Err(invalid(format_args!("Duplicate index name: {}", index.name)));
        }
        indexes.push(index);
    }
    check_included(indexes.iter())?;
    check_all_used(table, &indexes)?;
    Ok(indexes)
}

/// One index, active: who makes it for an existing table says otherwise.
pub fn index(table: &ForTable<'_>, kind: IndexKind, given: GivenIndex) -> Result<Index, ApiError> {
    let name = given.index_name.unwrap_or_default();
    refuse(
        "a global secondary index",
        &[
            ("OnDemandThroughput", given.on_demand_throughput.is_some()),
            ("WarmThroughput", given.warm_throughput.is_some()),
        ],
    )?;
    let schema = schema(table, &given.key_schema.unwrap_or_default())?;
    if kind == IndexKind::Local {
        if schema.partition != table.schema.partition {
            return Err(invalid(format_args!(
                "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. index \
                 hash key: {}, table hash key: {}",
                schema.partition.name, table.schema.partition.name
            )));
        }
        if schema.sort.is_none() {
            return Err(invalid(format_args!("Index KeySchema does not have a range key for index: {name}")));
        }
    }
    let projected = projected(given.projection)?;
    let mut index = Index::new(name, kind, schema, projected, IndexStatus::Active);
    if kind == IndexKind::Global {
        let units = throughput(&index.name, given.provisioned_throughput, table.provisioned)?;
        index.throughput = Throughput::new(units.unwrap_or_default());
    }
    Ok(index)
}

/// The units, which belong to an index whose table has its own.
pub fn throughput(index: &str, given: Option<GivenThroughput>, provisioned: bool) -> Result<Option<Units>, ApiError> {
    match (given.and_then(|given| given.units()), provisioned) {
        (None, true) => Err(invalid(format_args!("ProvisionedThroughput is not specified for index: {index}"))),
        (Some(_), false) => Err(invalid(format_args!(
            "ProvisionedThroughput should not be specified for index: {index} when BillingMode is PAY_PER_REQUEST"
        ))),
        (units, _) => Ok(units),
    }
}

/// The key of an index, whose attributes the request must define.
fn schema(table: &ForTable<'_>, elements: &[KeySchemaElement]) -> Result<KeySchema, ApiError> {
    let kinds: Vec<&str> = elements.iter().filter_map(|element| element.key_type.as_deref()).collect();
    let names: Vec<&str> = elements.iter().filter_map(|element| element.attribute_name.as_deref()).collect();
    if kinds.first() != Some(&"HASH") {
        return Err(ApiError::validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"));
    }
    if elements.len() > 2 || kinds.get(1) == Some(&"HASH") {
        return Err(several_attributes(&kinds));
    }
    if let [partition, sort] = names.as_slice()
        && partition == sort
    {
        return Err(invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name"));
    }
    let mut attributes = Vec::new();
    for name in &names {
        let Some(kind) = kind_of(table.definitions, name) else { return Err(undefined(table, &names)) };
        attributes.push(KeyAttribute { name: (*name).to_owned(), kind });
    }
    let mut attributes = attributes.into_iter();
    let partition = attributes.next().expect("a key schema has at least one element");
    Ok(KeySchema { partition, sort: attributes.next() })
}

fn kind_of(definitions: &[AttributeDefinition], name: &str) -> Option<ScalarType> {
    let definition = definitions.iter().find(|definition| definition.attribute_name.as_deref() == Some(name))?;
    ScalarType::parse(definition.attribute_type.as_deref()?)
}

fn undefined(table: &ForTable<'_>, names: &[&str]) -> ApiError {
    if table.exists {
        return ApiError::validation("Invalid KeySchema: Some index key attribute have no definition");
    }
    invalid(format_args!(
        "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
        names.join(", "),
        defined(table.definitions).join(", ")
    ))
}

/// Keys of up to four attributes each, which AWS's global indexes can have.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.MultiAttributeKeys>
fn several_attributes(kinds: &[&str]) -> ApiError {
    let in_order = kinds.is_sorted_by_key(|kind| *kind == "RANGE");
    let count = |kind: &str| kinds.iter().filter(|other| **other == kind).count();
    if !in_order || count("HASH") > 4 || count("RANGE") > 4 {
        return ApiError::validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    }
    ApiError::not_implemented("several HASH or several RANGE attributes in the KeySchema of a dynamodb index")
}

fn projected(given: Option<Projection>) -> Result<Projected, ApiError> {
    let (kind, names) = given.map(|given| (given.projection_type, given.non_key_attributes)).unwrap_or_default();
    match (kind.as_deref(), names) {
        (Some("ALL"), None) => Ok(Projected::All),
        (Some("KEYS_ONLY"), None) => Ok(Projected::KeysOnly),
        (Some("INCLUDE"), Some(names)) => Ok(Projected::Include(names.into_iter().collect())),
        (Some(kind @ ("ALL" | "KEYS_ONLY")), Some(_)) => {
            Err(invalid(format_args!("ProjectionType is {kind}, but NonKeyAttributes is specified")))
        }
        (Some("INCLUDE"), None) => Err(invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")),
        (kind, _) => Err(invalid(format_args!("Unknown ProjectionType: {}", kind.unwrap_or("null")))),
    }
}

/// The wording is assumed.
pub fn check_included<'i>(indexes: impl Iterator<Item = &'i Index>) -> Result<(), ApiError> {
    let included = indexes.map(|index| match &index.projected {
        Projected::Include(names) => names.len(),
        Projected::All | Projected::KeysOnly => 0,
    });
    if included.sum::<usize>() > INCLUDED_MAX {
        return Err(invalid(format_args!(
            "Number of projected attributes of all secondary indexes exceeds the limit of {INCLUDED_MAX}"
        )));
    }
    Ok(())
}

fn check_all_used(table: &ForTable<'_>, indexes: &[Index]) -> Result<(), ApiError> {
    let mut used: Vec<&str> = table.schema.attributes().map(|attribute| attribute.name.as_str()).collect();
    for attribute in indexes.iter().flat_map(|index| index.schema.attributes()) {
        if !used.contains(&attribute.name.as_str()) {
            used.push(&attribute.name);
        }
    }
    let defined = defined(table.definitions);
    if defined.iter().all(|name| used.contains(name)) {
        return Ok(());
    }
    if indexes.is_empty() {
        return Err(invalid(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in \
             AttributeDefinitions",
        ));
    }
    Err(invalid(format_args!(
        "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
        defined.join(", "),
        used.join(", ")
    )))
}

fn defined(definitions: &[AttributeDefinition]) -> Vec<&str> {
    definitions.iter().filter_map(|definition| definition.attribute_name.as_deref()).collect()
}

pub fn too_many_global() -> ApiError {
    invalid(format_args!("GlobalSecondaryIndex count exceeds the per-table limit of {GLOBAL_MAX}"))
}

impl From<&Projected> for Projection {
    fn from(projected: &Projected) -> Self {
        let (kind, names) = match projected {
            Projected::All => ("ALL", None),
            Projected::KeysOnly => ("KEYS_ONLY", None),
            Projected::Include(names) => ("INCLUDE", Some(names.iter().cloned().collect())),
        };
        Self { projection_type: Some(kind.to_owned()), non_key_attributes: names }
    }
}
