//! How each service is spoken to, as far as steps can call it.

use std::sync::LazyLock;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rehearsal_emulator::kernel::{Binding, Protocol};
use rehearsal_emulator::service;
use rehearsal_emulator::service::bedrock::script::mistake::unknown;
use serde_json::{Map, Value};

/// How a service is spoken to.
pub struct Dialect {
    /// In scenario files.
    pub name: &'static str,
    /// The first label of its host on AWS.
    pub host: &'static str,
    pub signing_name: &'static str,
    pub wire: Wire,
    /// Members that are binary: `{json: ...}` and `{text: ...}` become base64.
    pub blobs: &'static [&'static str],
    /// Members that are JSON in a string.
    pub json_texts: &'static [&'static str],
}

pub enum Wire {
    /// `X-Amz-Target` prefix and JSON version.
    Json(&'static str, &'static str),
    /// Method and path are those of the emulator's own tables. Members that go into the query string under another name,
    /// by operation.
    Rest(&'static [(&'static str, &'static [(&'static str, &'static str)])]),
}

const DIALECTS: &[Dialect] = &[
    Dialect {
        name: "kinesis",
        host: "kinesis",
        signing_name: "kinesis",
        wire: Wire::Json("Kinesis_20131202", "1.1"),
        blobs: &["Data"],
        json_texts: &[],
    },
    Dialect {
        name: "dynamodb",
        host: "dynamodb",
        signing_name: "dynamodb",
        wire: Wire::Json("DynamoDB_20120810", "1.0"),
        blobs: &["B"],
        json_texts: &[],
    },
    Dialect {
        name: "dynamodbstreams",
        host: "streams.dynamodb",
        signing_name: "dynamodb",
        wire: Wire::Json("DynamoDBStreams_20120810", "1.0"),
        blobs: &["B"],
        json_texts: &[],
    },
    Dialect {
        name: "events",
        host: "events",
        signing_name: "events",
        wire: Wire::Json("AWSEvents", "1.1"),
        blobs: &[],
        json_texts: &["Detail", "EventPattern", "Event", "Input", "InputTemplate"],
    },
    Dialect {
        name: "sqs",
        host: "sqs",
        signing_name: "sqs",
        wire: Wire::Json("AmazonSQS", "1.0"),
        blobs: &["BinaryValue"],
        json_texts: &["MessageBody", "Policy", "RedrivePolicy", "RedriveAllowPolicy"],
    },
    Dialect {
        name: "logs",
        host: "logs",
        signing_name: "logs",
        wire: Wire::Json("Logs_20140328", "1.1"),
        blobs: &[],
        json_texts: &["message"],
    },
    Dialect {
        name: "scheduler",
        host: "scheduler",
        signing_name: "scheduler",
        wire: Wire::Rest(&[
            ("DeleteSchedule", &[("GroupName", "groupName")]),
            ("GetSchedule", &[("GroupName", "groupName")]),
            ("ListSchedules", &[("GroupName", "ScheduleGroup")]),
            ("UntagResource", &[("TagKeys", "TagKeys")]),
        ]),
        blobs: &[],
        json_texts: &["Input"],
    },
    Dialect {
        name: "bedrock",
        host: "bedrock",
        signing_name: "bedrock",
        wire: Wire::Rest(&[]),
        blobs: &[],
        json_texts: &[],
    },
    Dialect {
        name: "bedrock-agent",
        host: "bedrock-agent",
        signing_name: "bedrock",
        wire: Wire::Rest(&[]),
        blobs: &[],
        json_texts: &["payload"],
    },
    Dialect {
        name: "bedrock-agent-runtime",
        host: "bedrock-agent-runtime",
        signing_name: "bedrock",
        wire: Wire::Rest(&[]),
        blobs: &["byteContent"],
        json_texts: &[],
    },
];

/// Every REST operation that the emulator has: service, name, and where it is found.
static REST: LazyLock<Vec<(&'static str, &'static str, Binding)>> = LazyLock::new(|| {
    let (services, _) = service::all(service::Settings::default());
    let rest = services.iter().filter(|service| service.description().protocol == Protocol::RestJson1);
    let operations = rest.flat_map(|service| {
        let name = service.description().name;
        service.operations().iter().map(move |(operation, binding)| (name, *operation, *binding))
    });
    operations.collect()
});

/// The operations of a REST service that a step can call.
fn rest_operations(service: &str) -> impl Iterator<Item = (&'static str, Binding)> {
    REST.iter().filter(move |(name, ..)| *name == service).map(|(_, operation, binding)| (*operation, *binding))
}

pub fn find(service: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().find(|dialect| dialect.name == service)
}

/// Reads `service.Operation`.
pub fn split(name: &str) -> Result<(String, String), String> {
    let known = || DIALECTS.iter().map(|dialect| dialect.name).collect::<Vec<_>>().join(", ");
    let (service, operation) = name.split_once('.').ok_or_else(|| {
        format!("unknown step `{name}`: expected `service.Operation`, `advance`, `fault`, `bus_fault`, `http.GET`, `model.calls` and its kin, or `timeline.contains`")
    })?;
    let dialect =
        find(service).ok_or_else(|| format!("unknown service `{service}` in `{name}`: there are {}", known()))?;
    if let Wire::Rest(_) = &dialect.wire
        && !rest_operations(service).any(|(known, _)| known == operation)
    {
        let names: Vec<&str> = rest_operations(service).map(|(known, _)| known).collect();
        return Err(unknown(&format!("operation of {service}"), operation, &names));
    }
    Ok((service.to_owned(), operation.to_owned()))
}

/// Where a call goes and what it brings besides its document.
pub struct Address {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
}

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Dialect {
    /// Where a call goes; what belongs into the path is taken out of the input.
    pub fn address(&self, operation: &str, input: &mut Value) -> Result<Address, String> {
        let renamed = match &self.wire {
            Wire::Json(prefix, version) => {
                let target = ("x-amz-target", format!("{prefix}.{operation}"));
                let headers = vec![("content-type", format!("application/x-amz-json-{version}")), target];
                return Ok(Address { method: Method::POST, path: "/".to_owned(), headers });
            }
            Wire::Rest(renamed) => {
                renamed.iter().find(|(known, _)| *known == operation).map_or(&[][..], |(_, names)| names)
            }
        };
        let found = rest_operations(self.name).find(|(known, _)| *known == operation);
        let (_, binding) = found.ok_or_else(|| format!("a step cannot call {operation}"))?;
        let mut nothing = Map::new();
        let members = input.as_object_mut().unwrap_or(&mut nothing);
        let mut path = path(binding.uri, members)?;
        if ["GET", "DELETE"].contains(&binding.method) {
            path.push_str(&query(std::mem::take(members), renamed));
        }
        if operation.starts_with("InvokeModel") {
            *input = input.get_mut("body").map(Value::take).ok_or("`body` is missing")?;
        }
        let headers = vec![("content-type", "application/json".to_owned())];
        let method = Method::from_bytes(binding.method.as_bytes()).map_err(|error| error.to_string())?;
        Ok(Address { method, path, headers })
    }

    /// The first label of the service's host on AWS: Bedrock's runtime has one of its own.
    pub fn host_of(&self, path: &str) -> &'static str {
        let runtime = ["/model/", "/guardrail/", "/async-invoke"];
        if self.name == "bedrock" && runtime.iter().any(|start| path.starts_with(start)) {
            return "bedrock-runtime";
        }
        self.host
    }
}

/// The path, with what belongs into it taken out of the input.
fn path(template: &str, input: &mut Map<String, Value>) -> Result<String, String> {
    let mut segments = Vec::new();
    for segment in template.split('/') {
        let Some(label) = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) else {
            segments.push(segment.to_owned());
            continue;
        };
        let value = input.remove(label);
        let value = value.as_ref().and_then(Value::as_str).ok_or_else(|| format!("`{label}` is missing"))?;
        segments.push(utf8_percent_encode(value, ESCAPED).to_string());
    }
    Ok(segments.join("/"))
}

/// Everything else of a request without a body; a list is given item by item.
fn query(input: Map<String, Value>, renamed: &[(&str, &str)]) -> String {
    let mut fields = Vec::new();
    for (member, value) in input {
        let name = renamed.iter().find(|(known, _)| *known == member).map_or(member.as_str(), |(_, name)| name);
        let values = if let Value::Array(items) = value { items } else { vec![value] };
        for value in values {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            fields.push(format!("{name}={}", utf8_percent_encode(&text, ESCAPED)));
        }
    }
    if fields.is_empty() { String::new() } else { format!("?{}", fields.join("&")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_belongs_into_the_path_leaves_the_document() {
        let dialect = find("scheduler").unwrap();
        let mut input = json!({"Name": "a b", "GroupName": "g"});
        let address = dialect.address("GetSchedule", &mut input).unwrap();
        assert_eq!((address.method, address.path.as_str()), (Method::GET, "/schedules/a%20b?groupName=g"));
        assert_eq!(input, json!({}));
        let missing = dialect.address("GetSchedule", &mut json!({})).err();
        assert_eq!(missing.as_deref(), Some("`Name` is missing"));
    }
}
