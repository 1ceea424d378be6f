//! A stream by its ARN: `arn:aws:dynamodb:region:account:table/name/stream/label`.

use crate::kernel::{ApiError, Arn, Scope, Violations};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamArn {
    pub scope: Scope,
    pub table_name: String,
    pub label: String,
    /// As the caller wrote it.
    pub text: String,
}

impl StreamArn {
    /// Wording: <https://github.com/amazon-archives/logstash-input-dynamodb/issues/18>
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        Self::read(text).ok_or_else(|| ApiError::validation("Invalid StreamArn"))
    }

    pub fn read(text: &str) -> Option<Self> {
        let arn = Arn::parse(text).filter(|arn| arn.service == "dynamodb")?;
        let (table_name, label) = arn.resource_after("table")?.split_once("/stream/")?;
        if table_name.is_empty() || label.is_empty() || label.contains('/') {
            return None;
        }
        let (table_name, label) = (table_name.to_owned(), label.to_owned());
        Some(Self { scope: arn.scope, table_name, label, text: text.to_owned() })
    }
}

/// Checks a member as AWS's model does.
pub fn check(violations: &mut Violations, member: &str, given: &Option<String>) {
    if let Some(given) = given {
        violations.length(member, given, 37, 1024);
    }
}

/// The table of the stream, for the timeline, without any check.
pub fn shown(given: Option<&String>) -> String {
    let given = given.map(String::as_str).unwrap_or_default();
    StreamArn::read(given).map_or_else(|| given.to_owned(), |arn| arn.table_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_names_a_table_and_a_label() {
        let text = "arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/2015-05-20T20:51:10.252";
        let arn = StreamArn::parse(text).unwrap();
        assert_eq!((arn.table_name.as_str(), arn.label.as_str()), ("Forum", "2015-05-20T20:51:10.252"));
        assert_eq!(shown(Some(&text.to_owned())), "Forum");
        for bad in [
            "",
            "Forum",
            "arn:aws:dynamodb:us-west-2:111122223333:table/Forum",
            "arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/",
            "arn:aws:dynamodb:us-west-2:111122223333:table//stream/2015-05-20T20:51:10.252",
            "arn:aws:dynamodb:us-west-2:111122223333:table/Forum/stream/2015/05",
            "arn:aws:kinesis:us-west-2:111122223333:table/Forum/stream/2015-05-20T20:51:10.252",
        ] {
            assert_eq!(StreamArn::parse(bad), Err(ApiError::validation("Invalid StreamArn")), "{bad}");
        }
    }
}
