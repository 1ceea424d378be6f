//! The published JSON Schema is held against the types and against the examples of the page.

use std::collections::BTreeSet;
use std::fmt;

use regex::Regex;
use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::{Value, json};

use super::condition::{MessageForm, ToolResultForm};
use super::fault::{BREAKS, ERRORS};
use super::mutation::NAMES;
use super::reply::UsageGiven;
use super::*;
use crate::service::bedrock::price::Price;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios");

fn schema() -> Value {
    let text = std::fs::read_to_string(format!("{FOLDER}/script.schema.json")).expect("the schema is published");
    serde_json::from_str(&text).expect("it is JSON")
}

/// A reader that only listens what is asked for: the fields of a struct, the variants of an enum.
struct Listener;

#[derive(Debug)]
struct Heard(Vec<&'static str>);

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Heard {}

impl serde::de::Error for Heard {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(Vec::new())
    }
}

impl<'de> Deserializer<'de> for Listener {
    type Error = Heard;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Heard> {
        Err(Heard(Vec::new()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Heard> {
        Err(Heard(fields.to_vec()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Heard> {
        Err(Heard(variants.to_vec()))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

fn names<T>(heard: Result<T, Heard>) -> BTreeSet<String> {
    let Err(Heard(names)) = heard else { panic!("it only listens") };
    assert!(!names.is_empty());
    names.into_iter().map(str::to_owned).collect()
}

fn keys(map: &Value) -> BTreeSet<String> {
    map.as_object().expect("a map").keys().cloned().collect()
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

#[test]
fn the_schema_knows_every_field_of_the_types() {
    let schema = schema();
    let properties = |pointer: &str| keys(schema.pointer(&format!("/$defs/{pointer}/properties")).expect(pointer));
    for (pointer, fields) in [
        ("file", names(File::deserialize(Listener))),
        ("defaults", names(Defaults::deserialize(Listener))),
        ("price/additionalProperties", names(Price::deserialize(Listener))),
        ("budget", names(Budget::deserialize(Listener))),
        ("rule", names(Rule::deserialize(Listener))),
        ("when", names(When::deserialize(Listener))),
        // The derived reading of a map, where the trait's takes a text as well.
        ("text_map", names(TextCondition::deserialize(Listener))),
        ("message/anyOf/1", names(MessageForm::deserialize(Listener))),
        ("tool_result/anyOf/1", names(ToolResultForm::deserialize(Listener))),
        ("recorded", names(recorded::Recorded::deserialize(Listener))),
        ("frame", names(recorded::Frame::deserialize(Listener))),
        ("reply", names(Reply::deserialize(Listener))),
        ("reply/properties/usage", names(UsageGiven::deserialize(Listener))),
        ("content", names(Content::deserialize(Listener))),
        ("reasoning/anyOf/1", names(Reasoning::deserialize(Listener))),
        ("tool_use", names(ToolUse::deserialize(Listener))),
        ("piece/anyOf/1", names(GivenPiece::deserialize(Listener))),
        ("fault", names(Fault::deserialize(Listener))),
    ] {
        assert_eq!(properties(pointer), fields, "{pointer}");
    }
    let text = properties("text_map");
    for (form, own) in [("message/anyOf/1", &["role"][..]), ("tool_result/anyOf/1", &["tool", "is_error"])] {
        let expected = text.iter().cloned().chain(own.iter().map(|name| (*name).to_owned())).collect();
        assert_eq!(properties(form), expected, "what holds of a text holds of it: {form}");
    }
}

#[test]
fn the_schema_knows_every_word() {
    let schema = schema();
    let words = |pointer: &str| texts(schema.pointer(&format!("/$defs/{pointer}")).expect(pointer));
    let of = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    for (pointer, expected) in [
        ("when/properties/op/anyOf/0/enum", names(ModelOperation::deserialize(Listener))),
        ("reply/properties/stop_reason/enum", names(StopReason::deserialize(Listener))),
        ("defaults/properties/on_miss/enum", names(OnMiss::deserialize(Listener))),
        ("rule/properties/exhaust/enum", names(Exhaust::deserialize(Listener))),
        ("message/anyOf/1/properties/role/enum", names(Role::deserialize(Listener))),
        ("mutation/anyOf/0/enum", of(NAMES.iter().map(|(name, _)| *name).collect())),
        ("fault/properties/do/anyOf/0/enum", of(BREAKS.iter().map(|(name, ..)| *name).collect())),
        ("fault/properties/error/anyOf/0/enum", of(ERRORS.iter().map(|(name, ..)| *name).collect())),
    ] {
        assert_eq!(words(pointer), expected, "{pointer}");
    }
    let with_parameter = keys(&schema["$defs"]["mutation"]["anyOf"][1]["properties"]);
    for (name, _) in NAMES {
        let takes_one = !matches!(serde_saphyr::from_str::<Mutation>(&format!("{{{name}: [[7]]}}")), Err(why)
            if why.to_string().contains("takes no parameter"));
        assert_eq!(with_parameter.contains(*name), takes_one, "{name}");
    }
}

#[test]
fn what_the_schema_says_of_a_script_is_so() {
    let schema = schema();
    let page = std::fs::read_to_string(format!("{FOLDER}/SCRIPT.md")).expect("the page is there");
    let blocks: Vec<&str> = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 3, "the page has examples");
    for block in blocks {
        let script: Value = serde_saphyr::from_str(block).expect(block);
        assert_eq!(fault_of(&schema, &schema, &script), None, "{block}");
    }
    for (yaml, good) in [
        ("[]", true),
        ("- {when: {last_user: refund}, replies: [{text: a, mutate: [code_fence, {max_tokens: 3}]}]}", true),
        ("- {replies: [{text: a}], wehn: {}}", false),
        ("- {when: {last_user: {contain: a}}, replies: [{text: a}]}", false),
        ("- {when: {not: {turns: 1}}, replies: [{text: a}]}", false),
        ("- {replies: [{text: a, mutate: truncate}]}", false),
        ("- {replies: [{text: a, mutate: {prose_around: true}}]}", false),
        ("- {replies: [{text: a, fault: {do: explode}}]}", false),
        ("- {replies: [{text: a, first_token_after: 5}]}", false),
        ("- {replies: [{tool_use: {input: {}}}]}", false),
        ("- {replies: []}", false),
        ("{seed: 7}", false),
        ("{seed: 7, rules: [], default: {}}", false),
    ] {
        let script: Value = serde_saphyr::from_str(yaml).expect(yaml);
        assert_eq!(fault_of(&schema, &schema, &script).is_none(), good, "{yaml}");
        assert_eq!(Script::from_yaml(yaml).is_ok(), good, "{yaml}");
    }
}

/// What of a value is not as the schema says, for the part of JSON Schema that ours uses. A keyword that is not known
/// here is a fault as well: it would hold nothing.
fn fault_of(root: &Value, schema: &Value, value: &Value) -> Option<String> {
    let keywords = schema.as_object().expect("a schema is a map");
    keywords.iter().find_map(|(keyword, expected)| {
        let holds = match keyword.as_str() {
            "$schema" | "title" | "description" | "examples" | "$defs" | "format" | "properties" => true,
            "$ref" => {
                let target =
                    root.pointer(expected.as_str()?.trim_start_matches('#')).expect("a reference leads somewhere");
                return fault_of(root, target, value);
            }
            "anyOf" => expected.as_array()?.iter().any(|one| fault_of(root, one, value).is_none()),
            "type" => is_of_type(expected, value),
            "enum" => expected.as_array()?.contains(value),
            "const" => expected == value,
            "pattern" => Regex::new(expected.as_str()?).unwrap().is_match(value.as_str()?),
            "minimum" => value.as_f64()? >= expected.as_f64()?,
            "maximum" => value.as_f64()? <= expected.as_f64()?,
            "minItems" => value.as_array()?.len() as u64 >= expected.as_u64()?,
            "minProperties" => value.as_object()?.len() as u64 >= expected.as_u64()?,
            "maxProperties" => value.as_object()?.len() as u64 <= expected.as_u64()?,
            "items" => return value.as_array()?.iter().find_map(|item| fault_of(root, expected, item)),
            "propertyNames" => {
                return value.as_object()?.keys().find_map(|name| fault_of(root, expected, &json!(name)));
            }
            "required" => texts(expected).iter().all(|name| value.get(name).is_some()),
            "additionalProperties" => {
                return value.as_object()?.iter().find_map(|(name, value)| {
                    match (schema.get("properties").and_then(|known| known.get(name)), expected) {
                        (Some(known), _) => fault_of(root, known, value),
                        (None, Value::Bool(false)) => Some(format!("unknown `{name}`")),
                        (None, other) => fault_of(root, other, value),
                    }
                });
            }
            other => return Some(format!("the keyword `{other}` is checked by nobody")),
        };
        (!holds).then(|| format!("{keyword} {expected} does not hold of {value}"))
    })
}

fn is_of_type(types: &Value, value: &Value) -> bool {
    let one = |name: &str| match name {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    };
    match types {
        Value::String(name) => one(name),
        types => texts(types).iter().any(|name| one(name)),
    }
}
