//! The members of a universal target's input, as the target's own API writes them.
//!
//! Inputs name members in Pascal case, as AWS's guide has them, whatever the API does: CloudWatch Logs and Bedrock begin
//! theirs in lower case. Assumed: that holds at every depth, and names in the API's own writing are taken, too.

use serde_json::{Map, Value};

/// The services whose APIs begin the names of members in lower case.
const LOWER_CASE: [&str; 2] = ["logs", "bedrock"];

/// The request for a service. What is no JSON is left to the service to refuse.
pub fn as_of(service: &str, input: &[u8]) -> Option<Vec<u8>> {
    if !LOWER_CASE.contains(&service) {
        return None;
    }
    let document = serde_json::from_slice(input).ok()?;
    Some(lower(document).to_string().into_bytes())
}

fn lower(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let named = members.into_iter().map(|(name, member)| (first_lower(&name), lower(member)));
            Value::Object(named.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(lower).collect(),
        other => other,
    }
}

fn first_lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_as_the_api_names_them() {
        let input = br#"{"LogGroupName":"G","LogEvents":[{"Message":"M"}],"logStreamName":"S"}"#;
        let expected = r#"{"logGroupName":"G","logEvents":[{"message":"M"}],"logStreamName":"S"}"#;
        assert_eq!(as_of("logs", input).as_deref(), Some(expected.as_bytes()));
        assert_eq!(as_of("sqs", input), None);
        assert_eq!(as_of("logs", b"{"), None);
    }
}
