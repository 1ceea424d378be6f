//! A guardrail: a draft that changes, and numbered versions that do not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::definition::{CrossRegionDetails, Definition};
use super::screen::Screen;
use crate::kernel::{Arn, EventId, Scope, Timestamp};
use crate::service::bedrock::control::iso_8601;
use crate::service::bedrock::control::tags::Tags;

/// How long anything that is done to a guardrail takes. assumed: AWS takes a few seconds.
pub const CHANGE_TAKES: Duration = Duration::from_secs(2);
pub const DRAFT: &str = "DRAFT";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guardrail {
    pub draft: Version,
    /// By number.
    pub versions: BTreeMap<u32, Version>,
    pub versions_so_far: u32,
    pub tags: Tags,
}

/// The draft, or what it was when a version was made of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Version {
    pub rules: Arc<Rules>,
    /// A version's own, or the draft's.
    pub description: Option<String>,
    pub created: Timestamp,
    pub updated: Timestamp,
    pub change: Option<Change>,
}

/// A definition, ready to act. It is kept as its definition, in the words of answers.
#[derive(Debug)]
pub struct Rules {
    pub definition: Definition,
    pub screen: Screen,
}

/// What is being done to a version, until when, and since which event.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Change {
    pub kind: ChangeKind,
    pub until: Timestamp,
    pub cause: EventId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeKind {
    Creating,
    Updating,
    Versioning,
    Deleting,
}

impl Rules {
    pub fn new(definition: Definition) -> Arc<Self> {
        let screen = Screen::new(&definition.policies);
        Arc::new(Self { definition, screen })
    }
}

impl Serialize for Rules {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.definition.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept: Map<String, Value> = Map::deserialize(deserializer)?;
        let definition = Value::Object(kept.into_iter().map(requested).collect());
        let definition: Definition = serde_json::from_value(definition).map_err(D::Error::custom)?;
        let screen = Screen::new(&definition.policies);
        Ok(Self { definition, screen })
    }
}

/// A member of a definition in the words of requests: there, the names of policies and of what is in them end with
/// `Config`.
fn requested((name, value): (String, Value)) -> (String, Value) {
    match value {
        Value::Object(policy) if name.ends_with("Policy") => {
            let members = policy.into_iter().map(|(member, value)| (member + "Config", value)).collect();
            (name + "Config", Value::Object(members))
        }
        value => (name, value),
    }
}

impl Guardrail {
    /// The draft under number 0, or a version.
    pub fn version_mut(&mut self, number: u32) -> Option<&mut Version> {
        if number == 0 { Some(&mut self.draft) } else { self.versions.get_mut(&number) }
    }

    pub fn version(&self, number: u32) -> Option<&Version> {
        if number == 0 { Some(&self.draft) } else { self.versions.get(&number) }
    }

    /// The draft first, then the versions, each with its number.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Version)> {
        [(0, &self.draft)].into_iter().chain(self.versions.iter().map(|(number, version)| (*number, version)))
    }

    pub fn name(&self) -> &str {
        self.draft.rules.definition.name()
    }
}

impl Version {
    pub fn status(&self) -> &'static str {
        match self.change.map(|change| change.kind) {
            None => "READY",
            Some(ChangeKind::Creating) => "CREATING",
            Some(ChangeKind::Updating) => "UPDATING",
            Some(ChangeKind::Versioning) => "VERSIONING",
            Some(ChangeKind::Deleting) => "DELETING",
        }
    }

    pub fn is_ready(&self) -> bool {
        self.change.is_none()
    }
}

/// How a number is written: the draft's is 0.
pub fn written(number: u32) -> String {
    if number == 0 { DRAFT.to_owned() } else { number.to_string() }
}

/// The number of a version that AWS's pattern let pass.
pub fn number(version: &str) -> u32 {
    // Empty where AWS's model lets it be: the draft (assumed).
    version.parse().unwrap_or(0)
}

pub fn arn(id: &str, scope: &Scope) -> String {
    Arn::new("bedrock", scope, format!("guardrail/{id}")).to_string()
}

/// A guardrail in a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    id: String,
    arn: String,
    status: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    version: String,
    #[serde(serialize_with = "iso_8601")]
    created_at: Timestamp,
    #[serde(serialize_with = "iso_8601")]
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    cross_region_details: Option<CrossRegionDetails>,
}

impl Summary {
    pub fn of(id: &str, number: u32, version: &Version, scope: &Scope) -> Self {
        let definition = &version.rules.definition;
        Self {
            id: id.to_owned(),
            arn: arn(id, scope),
            status: version.status(),
            name: definition.name().to_owned(),
            description: version.description.clone(),
            version: written(number),
            created_at: version.created,
            updated_at: version.updated,
            cross_region_details: definition.cross_region_details(scope),
        }
    }
}
