//! What a target gets of an event by a template: AWS's InputTransformer.
//!
//! `InputPathsMap` names values of the event, `InputTemplate` says where they go.
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html>
//!
//! # Differences
//!
//! - Assumed: the wording for a template that is no JSON; AWS's own for a placeholder that nothing stands for.
//! - Assumed: a variable whose path finds nothing is an empty text, with quotes where a JSON value stands. AWS says
//!   that it "won't appear in the output".
//! - A placeholder in the key of an object is filled like any other text; AWS says that it cannot be there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::input::Match;
use super::json_path::JsonPath;
use super::pattern::json_mistake;
use super::template::{Place, Template};
use crate::kernel::{ApiError, Timestamp, Violations};

/// As requests and answers carry it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InputTransformer {
    #[serde(skip_serializing_if = "Option::is_none")]
    input_paths_map: Option<BTreeMap<String, String>>,
    input_template: Option<String>,
}

/// Read.
#[derive(Clone)]
pub struct Transformer {
    /// By name. A text that is no path finds nothing: AWS does not validate them.
    paths: BTreeMap<String, Option<JsonPath>>,
    template: Template,
}

const PATHS_MAX: usize = 100;
const KEY_PATTERN: &str = r"[A-Za-z0-9\_\-]+";

/// AWS: "These variables are reserved, and you can't create variables with these names."
const RULE_ARN: &str = "aws.events.rule-arn";
const RULE_NAME: &str = "aws.events.rule-name";
const INGESTION_TIME: &str = "aws.events.event.ingestion-time";
const EVENT: &str = "aws.events.event";
const EVENT_JSON: &str = "aws.events.event.json";
const RESERVED: [&str; 5] = [RULE_ARN, RULE_NAME, INGESTION_TIME, EVENT, EVENT_JSON];

impl InputTransformer {
    /// The constraints of AWS's model.
    pub fn check(&self, violations: &mut Violations, member: &str) {
        if let Some(paths) = &self.input_paths_map {
            check_paths(paths, violations, &format!("{member}.inputPathsMap"));
        }
        let member = format!("{member}.inputTemplate");
        match &self.input_template {
            Some(template) => violations.length(&member, template, 1, 8192),
            None => violations.missing(&member),
        }
    }

    /// Reads it for the target of that id.
    pub fn read(&self, id: &str) -> Result<Transformer, ApiError> {
        let paths = self.input_paths_map.iter().flatten();
        let paths: BTreeMap<_, _> = paths.map(|(name, path)| (name.clone(), JsonPath::parse(path))).collect();
        let template = Template::parse(self.input_template.as_deref().unwrap_or_default());
        if let Some(name) = template.names().find(|name| !paths.contains_key(*name) && !RESERVED.contains(name)) {
            let message = format!("InputTemplate for target {id} contains invalid placeholder {name}.");
            return Err(ApiError::validation(message));
        }
        // "For Strings, quotes are required": what is left without its values must be JSON, line by line if need be.
        match json_mistake(&template.fill(|_, _| "null".to_owned())) {
            Some(location) => Err(ApiError::validation(format!("Invalid InputTemplate for target {id} : {location}"))),
            None => Ok(Transformer { paths, template }),
        }
    }
}

fn check_paths(paths: &BTreeMap<String, String>, violations: &mut Violations, member: &str) {
    let written = || paths.iter().map(|(name, path)| format!("{name}={path}")).collect::<Vec<_>>().join(", ");
    let mut add = |constraint: &str| {
        let value = written();
        violations
            .sentence(format_args!("Value '{{{value}}}' at '{member}' failed to satisfy constraint: {constraint}"));
    };
    if paths.len() > PATHS_MAX {
        add(&format!("Member must have length less than or equal to {PATHS_MAX}"));
    }
    let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    let is_key = |name: &String| (1..=256).contains(&name.chars().count()) && name.chars().all(allowed);
    if !paths.keys().all(is_key) {
        add(&format!(
            "Map keys must satisfy constraint: [Member must have length less than or equal to 256, Member must have \
             length greater than or equal to 1, Member must satisfy regular expression pattern: {KEY_PATTERN}]"
        ));
    }
    if paths.values().any(|path| path.chars().count() > 256) {
        add("Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have \
             length greater than or equal to 0]");
    }
}

impl Transformer {
    /// What the target gets.
    pub fn apply(&self, matched: &Match<'_>) -> String {
        self.template.fill(|name, place| {
            let value = self.value(name, matched);
            match place {
                Place::Value => value.map_or_else(|| "\"\"".to_owned(), |value| value.to_string()),
                Place::String => value.map_or_else(String::new, |value| inside_a_string(name, &value)),
            }
        })
    }

    fn value(&self, name: &str, matched: &Match<'_>) -> Option<Value> {
        match name {
            RULE_ARN => Some(Value::String(matched.rule_arn.to_string())),
            RULE_NAME => Some(Value::String(matched.rule_name.to_owned())),
            // Like an event's time, in whole seconds (assumed).
            INGESTION_TIME => Some(Value::String(Timestamp::from_secs(matched.ingested.as_secs()).to_rfc3339())),
            EVENT => Some(without_detail(matched.event)),
            EVENT_JSON => Some(matched.event.clone()),
            _ => self.paths.get(name)?.as_ref()?.find(matched.event),
        }
    }
}

/// AWS: "The original event payload as JSON (without the detail field)". In it, `detail-type` is called `detailType`,
/// as people report.
fn without_detail(event: &Value) -> Value {
    let Value::Object(fields) = event else { return event.clone() };
    let fields = fields.iter().filter(|(name, _)| *name != "detail").map(|(name, value)| {
        let name = if name == "detail-type" { "detailType" } else { name };
        (name.to_owned(), value.clone())
    });
    Value::Object(Map::from_iter(fields))
}

/// AWS: "EventBridge doesn't escape values extracted by Input Path", but "if a JSON path references a JSON object or
/// array, but the variable is referenced in a string, EventBridge removes any internal quotes to ensure a valid string".
fn inside_a_string(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) if !RESERVED.contains(&name) => {
            value.to_string().replace("\\\"", "").replace('"', "")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::Arn;

    /// AWS's guide has this event.
    fn event() -> Value {
        json!({
            "version": "0",
            "id": "7bf73129-1428-4cd3-a780-95db273d1602",
            "detail-type": "EC2 Instance State-change Notification",
            "source": "aws.ec2",
            "account": "123456789012",
            "time": "2015-11-11T21:29:54Z",
            "region": "us-east-1",
            "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],
            "detail": {
                "instance-id": "i-0123456789",
                "state": "RUNNING",
                "count": 3,
                "ratio": 0.5,
                "on": true,
                "none": null,
                "text": "a \"b\"\nc",
                "tags": [{"k": "x"}, {"k": "y"}],
                "says": {"a": "\"b\""},
            },
        })
    }

    fn read(template: &str) -> Result<Transformer, ApiError> {
        let paths = [
            ("instance", "$.detail.instance-id"),
            ("state", "$.detail.state"),
            ("count", "$.detail.count"),
            ("ratio", "$.detail.ratio"),
            ("on", "$.detail.on"),
            ("none", "$.detail.none"),
            ("text", "$.detail.text"),
            ("tags", "$.detail.tags"),
            ("keys", "$.detail.tags[*].k"),
            ("first", "$.detail.tags[0].k"),
            ("says", "$.detail.says"),
            ("timestamp", "$.time"),
            ("missing", "$.detail.missing"),
            ("no_path", "detail"),
        ];
        let paths = paths.map(|(name, path)| (name.to_owned(), path.to_owned()));
        let transformer =
            InputTransformer { input_paths_map: Some(paths.into()), input_template: Some(template.to_owned()) };
        transformer.read("t")
    }

    fn apply(template: &str) -> String {
        let event = event();
        let rule_arn = Arn::parse("arn:aws:events:us-east-2:123456789012:rule/example").unwrap();
        let ingested = Timestamp::from_millis(1_447_277_395_999);
        let matched = Match { event: &event, rule_arn: &rule_arn, rule_name: "example", ingested };
        read(template).unwrap_or_else(|error| panic!("{template}: {error}")).apply(&matched)
    }

    #[test]
    fn the_examples_of_the_guide_come_out_as_it_says() {
        for (template, expected) in [
            (r#""instance <instance> is in <state>""#, r#""instance i-0123456789 is in RUNNING""#),
            (r#""instance \"<instance>\" is in <state>""#, r#""instance \"i-0123456789\" is in RUNNING""#),
            (
                "{\n  \"instance\" : <instance>,\n  \"state\": <state>\n}",
                "{\n  \"instance\" : \"i-0123456789\",\n  \"state\": \"RUNNING\"\n}",
            ),
            (
                r#"{"instance":<instance>,"state":"<state>","instanceStatus":"instance \"<instance>\" is in <state>"}"#,
                r#"{"instance":"i-0123456789","state":"RUNNING","instanceStatus":"instance \"i-0123456789\" is in RUNNING"}"#,
            ),
            (
                r#"{"instance":<instance>,"state":[9,<state>,true],"Transformed":"Yes"}"#,
                r#"{"instance":"i-0123456789","state":[9,"RUNNING",true],"Transformed":"Yes"}"#,
            ),
            (r#""<aws.events.rule-name> triggered""#, r#""example triggered""#),
            (
                r#"{"ruleArn":<aws.events.rule-arn>,"ruleName":<aws.events.rule-name>}"#,
                r#"{"ruleArn":"arn:aws:events:us-east-2:123456789012:rule/example","ruleName":"example"}"#,
            ),
            (
                r#"{"timestamp":<timestamp>,"message":"instance <instance>"}"#,
                r#"{"timestamp":"2015-11-11T21:29:54Z","message":"instance i-0123456789"}"#,
            ),
            ("\"<state>\"\n\"of <instance>\"", "\"RUNNING\"\n\"of i-0123456789\""),
        ] {
            assert_eq!(apply(template), expected, "{template}");
        }
    }

    #[test]
    fn values_go_in_as_json_or_as_text() {
        for (template, expected) in [
            ("[<count>,<ratio>,<on>,<none>]", "[3,0.5,true,null]"),
            (r#""<count> <ratio> <on> <none>""#, r#""3 0.5 true null""#),
            ("<instance>", r#""i-0123456789""#),
            (r#"{"tags":<tags>}"#, r#"{"tags":[{"k":"x"},{"k":"y"}]}"#),
            (r#"{"tags":"<tags>"}"#, r#"{"tags":"[{k:x},{k:y}]"}"#),
            (r#"{"says":"<says>"}"#, r#"{"says":"{a:b}"}"#),
            (r#"{"keys":<keys>,"first":<first>}"#, r#"{"keys":["x","y"],"first":"x"}"#),
            (r#"{"text":<text>}"#, r#"{"text":"a \"b\"\nc"}"#),
            // Not escaped, as the guide warns: what comes out is no JSON.
            (r#"{"text":"<text>"}"#, "{\"text\":\"a \"b\"\nc\"}"),
            (r#"{"at":<aws.events.event.ingestion-time>}"#, r#"{"at":"2015-11-11T21:29:55Z"}"#),
            (r#""[<missing>]""#, r#""[]""#),
            (r#"{"m":<missing>,"p":<no_path>}"#, r#"{"m":"","p":""}"#),
            (r#"{"constant":1}"#, r#"{"constant":1}"#),
        ] {
            assert_eq!(apply(template), expected, "{template}");
        }
    }

    #[test]
    fn the_event_goes_in_whole_or_without_its_detail() {
        let whole: Value = serde_json::from_str(&apply(r#"{"e":<aws.events.event.json>}"#)).unwrap();
        assert_eq!(whole["e"], event());
        let envelope: Value = serde_json::from_str(&apply(r#"{"e":<aws.events.event>}"#)).unwrap();
        let names: Vec<_> = envelope["e"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["version", "id", "detailType", "source", "account", "time", "region", "resources"]);
    }

    #[test]
    fn templates_that_are_none_are_refused() {
        for (template, expected) in [
            ("<other>", "InputTemplate for target t contains invalid placeholder other."),
            ("<aws.events.other>", "InputTemplate for target t contains invalid placeholder aws.events.other."),
            (
                "<instance> is in state <state>",
                "Invalid InputTemplate for target t : [Source: (String)\"null is in state null\"; line: 1, column: 8]",
            ),
            (
                r#"{"a": <state>"#,
                "Invalid InputTemplate for target t : [Source: (String)\"{\"a\": null\"; line: 1, column: 11]",
            ),
            (
                r#"{<state>: 1}"#,
                "Invalid InputTemplate for target t : [Source: (String)\"{null: 1}\"; line: 1, column: 3]",
            ),
        ] {
            let error = read(template).map(|_| ()).unwrap_err();
            assert_eq!((error.code.as_str(), error.message.as_str()), ("ValidationException", expected), "{template}");
        }
    }
}
