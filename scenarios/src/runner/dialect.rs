//! How each service is spoken to, as far as steps can call it.

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
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
    Rest(&'static [RestOperation]),
}

/// Where an operation is found; `{modelId}` is taken from the input.
pub struct RestOperation {
    pub name: &'static str,
    method: Method,
    path: &'static str,
    /// Members that go into the query string, with their names there.
    query: &'static [(&'static str, &'static str)],
}

const fn rest(
    name: &'static str,
    method: Method,
    path: &'static str,
    query: &'static [(&'static str, &'static str)],
) -> RestOperation {
    RestOperation { name, method, path, query }
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
            rest("CreateSchedule", Method::POST, "/schedules/{Name}", &[]),
            rest("CreateScheduleGroup", Method::POST, "/schedule-groups/{Name}", &[]),
            rest("DeleteSchedule", Method::DELETE, "/schedules/{Name}", &[("GroupName", "groupName")]),
            rest("DeleteScheduleGroup", Method::DELETE, "/schedule-groups/{Name}", &[]),
            rest("GetSchedule", Method::GET, "/schedules/{Name}", &[("GroupName", "groupName")]),
            rest("GetScheduleGroup", Method::GET, "/schedule-groups/{Name}", &[]),
            rest("ListSchedules", Method::GET, "/schedules", LIST),
            rest("ListScheduleGroups", Method::GET, "/schedule-groups", LIST),
            rest("UpdateSchedule", Method::PUT, "/schedules/{Name}", &[]),
        ]),
        blobs: &[],
        json_texts: &["Input"],
    },
    Dialect {
        name: "bedrock",
        host: "bedrock-runtime",
        signing_name: "bedrock",
        wire: Wire::Rest(&[
            rest("Converse", Method::POST, "/model/{modelId}/converse", &[]),
            rest("InvokeModel", Method::POST, "/model/{modelId}/invoke", &[]),
        ]),
        blobs: &[],
        json_texts: &[],
    },
];

const LIST: &[(&str, &str)] = &[
    ("GroupName", "ScheduleGroup"),
    ("MaxResults", "MaxResults"),
    ("NamePrefix", "NamePrefix"),
    ("NextToken", "NextToken"),
    ("State", "State"),
];

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
    if let Wire::Rest(operations) = &dialect.wire
        && !operations.iter().any(|known| known.name == operation)
    {
        let names: Vec<&str> = operations.iter().map(|operation| operation.name).collect();
        return Err(format!("a step cannot call `{name}`: of {service} it can call {}", names.join(", ")));
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
        let operations = match &self.wire {
            Wire::Json(prefix, version) => {
                let target = ("x-amz-target", format!("{prefix}.{operation}"));
                let headers = vec![("content-type", format!("application/x-amz-json-{version}")), target];
                return Ok(Address { method: Method::POST, path: "/".to_owned(), headers });
            }
            Wire::Rest(operations) => operations,
        };
        let found = operations.iter().find(|known| known.name == operation);
        let found = found.ok_or_else(|| format!("a step cannot call {operation}"))?;
        let mut nothing = Map::new();
        let path = found.path(input.as_object_mut().unwrap_or(&mut nothing))?;
        if operation == "InvokeModel" {
            *input = input.get_mut("body").map(Value::take).ok_or("`body` is missing")?;
        }
        let headers = vec![("content-type", "application/json".to_owned())];
        Ok(Address { method: found.method.clone(), path, headers })
    }
}

impl RestOperation {
    fn path(&self, input: &mut Map<String, Value>) -> Result<String, String> {
        let mut segments = Vec::new();
        for segment in self.path.split('/') {
            let Some(label) = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) else {
                segments.push(segment.to_owned());
                continue;
            };
            let value = input.remove(label);
            let value = value.as_ref().and_then(Value::as_str).ok_or_else(|| format!("`{label}` is missing"))?;
            segments.push(utf8_percent_encode(value, ESCAPED).to_string());
        }
        let mut query = Vec::new();
        for (member, name) in self.query {
            let value = match input.remove(*member) {
                None => continue,
                Some(Value::String(text)) => text,
                Some(other) => other.to_string(),
            };
            query.push(format!("{name}={}", utf8_percent_encode(&value, ESCAPED)));
        }
        let question = if query.is_empty() { "" } else { "?" };
        Ok(format!("{}{question}{}", segments.join("/"), query.join("&")))
    }
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
