//! The entity that a batch of events belongs to: looked at, and not kept.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Entity.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::Violations;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entity {
    key_attributes: Option<BTreeMap<String, String>>,
    attributes: Option<BTreeMap<String, String>>,
}

/// "Only returned when the entity is rejected. When the entity is rejected, the events may still be accepted."
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RejectedEntityInfo {
    error_type: &'static str,
}

/// "There are five allowed attributes (key names): Type, ResourceType, Identifier, Name, and Environment."
const KEYS: [&str; 5] = ["Type", "ResourceType", "Identifier", "Name", "Environment"];
/// assumed: the guide names these types of entities.
const TYPES: [&str; 5] = ["Service", "AWS::Service", "Resource", "AWS::Resource", "RemoteService"];

impl Entity {
    pub fn check(&self, violations: &mut Violations) {
        let maps =
            [("entity.keyAttributes", &self.key_attributes, 2, 4), ("entity.attributes", &self.attributes, 0, 10)];
        for (member, map, min, max) in maps {
            let Some(map) = map else { continue };
            let pairs: Vec<String> = map.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let shown = format!("{{{}}}", pairs.join(", "));
            if map.len() < min {
                violations.add(&shown, member, format_args!("have length greater than or equal to {min}"));
            }
            if map.len() > max {
                violations.add(&shown, member, format_args!("have length less than or equal to {max}"));
            }
        }
    }

    /// Why AWS rejects it, if it does (assumed: in which order it looks).
    pub fn rejected(&self) -> Option<RejectedEntityInfo> {
        let keys = self.key_attributes.as_ref();
        let error_type = match keys.and_then(|keys| keys.get("Type")) {
            None => "MissingRequiredFields",
            Some(_) if !keys.is_some_and(|keys| keys.keys().all(|key| KEYS.contains(&key.as_str()))) => {
                "InvalidKeyAttributes"
            }
            Some(kind) if !TYPES.contains(&kind.as_str()) => "InvalidTypeValue",
            Some(_) => return None,
        };
        Some(RejectedEntityInfo { error_type })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_says_of_which_type_it_is() {
        for (document, expected) in [
            (r#"{"keyAttributes": {"Type": "Service", "Name": "shop"}}"#, None),
            (r#"{"keyAttributes": {"Type": "AWS::Resource", "ResourceType": "AWS::EC2::Instance"}}"#, None),
            (r#"{"keyAttributes": {"Name": "shop", "Environment": "test"}}"#, Some("MissingRequiredFields")),
            (r#"{"attributes": {}}"#, Some("MissingRequiredFields")),
            (r#"{"keyAttributes": {"Type": "Shop", "Name": "shop"}}"#, Some("InvalidTypeValue")),
            (r#"{"keyAttributes": {"Type": "Service", "Nam": "shop"}}"#, Some("InvalidKeyAttributes")),
        ] {
            let entity: Entity = serde_json::from_str(document).unwrap();
            assert_eq!(entity.rejected().map(|info| info.error_type), expected, "{document}");
        }
    }
}
