//! Message attributes: what a sender says of a message beside its body, and the MD5 digests that SDKs check.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html>

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::refusal::{invalid_parameter, unsupported};
use crate::kernel::ApiError;
use crate::wire::Blob;

const ATTRIBUTES_MAX: usize = 10;
const NAME_CHARACTERS_MAX: usize = 256;
const RESERVED: [&str; 2] = ["aws.", "amazon."];
const TYPES: [&str; 3] = ["Binary", "Number", "String"];

pub type Attributes = BTreeMap<String, Value>;

/// A value as it travels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Value {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binary_value: Option<Blob>,
    #[serde(default, skip_serializing)]
    pub string_list_values: Option<Vec<String>>,
    #[serde(default, skip_serializing)]
    pub binary_list_values: Option<Vec<Blob>>,
    pub data_type: Option<String>,
}

impl Value {
    pub fn string(text: impl Into<String>) -> Self {
        Self { string_value: Some(text.into()), data_type: Some("String".to_owned()), ..Self::default() }
    }

    fn data_type(&self) -> &str {
        self.data_type.as_deref().unwrap_or_default()
    }

    fn is_binary(&self) -> bool {
        self.data_type().starts_with("Binary")
    }

    fn bytes(&self) -> &[u8] {
        if self.is_binary() {
            self.binary_value.as_ref().map_or(&[], |blob| &blob.0)
        } else {
            self.string_value.as_deref().unwrap_or_default().as_bytes()
        }
    }
}

/// Checks the attributes of one message.
pub fn check(attributes: &Attributes) -> Result<(), ApiError> {
    if attributes.len() > ATTRIBUTES_MAX {
        let count = attributes.len();
        let message = format!("Number of message attributes [{count}] exceeds the allowed maximum [{ATTRIBUTES_MAX}].");
        return Err(invalid_parameter(message));
    }
    for (name, value) in attributes {
        check_name(name)?;
        check_value(name, value)?;
    }
    Ok(())
}

/// assumed: the wording, but for names that are empty or reserved.
fn check_name(name: &str) -> Result<(), ApiError> {
    if name.is_empty() {
        return Err(invalid_parameter("The request must contain non-empty message attribute name."));
    }
    if name.chars().count() > NAME_CHARACTERS_MAX {
        return Err(invalid_parameter(format!(
            "Length of message attribute name must be less than {NAME_CHARACTERS_MAX} bytes."
        )));
    }
    let lower = name.to_ascii_lowercase();
    if RESERVED.iter().any(|reserved| lower.starts_with(reserved)) {
        return Err(invalid_parameter(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved \
             for internal use.",
        ));
    }
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    if !name.chars().all(allowed) || name.starts_with('.') || name.ends_with('.') || name.contains("..") {
        return Err(invalid_parameter(format!(
            "Message (user) attribute name '{name}' is invalid. It can contain only alphanumeric characters, \
             underscores, hyphens, and periods, must not start or end with a period, and must not have periods in \
             succession."
        )));
    }
    Ok(())
}

fn check_value(name: &str, value: &Value) -> Result<(), ApiError> {
    let has = |list: Option<usize>| list.is_some_and(|length| length > 0);
    let lists = [value.string_list_values.as_ref().map(Vec::len), value.binary_list_values.as_ref().map(Vec::len)];
    if lists.into_iter().any(has) {
        return Err(unsupported("Message attribute list values in SendMessage operation are not supported."));
    }
    let data_type = value.data_type();
    if data_type.is_empty() {
        let message = format!("The message attribute '{name}' must contain non-empty message attribute type.");
        return Err(invalid_parameter(message));
    }
    let base = data_type.split('.').next().unwrap_or_default();
    if !TYPES.contains(&base) {
        return Err(invalid_parameter(format!(
            "The type of message (user) attribute '{name}' is invalid. You must use only the following supported type \
             prefixes: Binary, Number, String."
        )));
    }
    if data_type.chars().count() > NAME_CHARACTERS_MAX {
        // assumed: the wording.
        return Err(invalid_parameter(format!(
            "Length of message attribute type must be less than {NAME_CHARACTERS_MAX} bytes."
        )));
    }
    if value.bytes().is_empty() {
        return Err(invalid_parameter(format!(
            "Message (user) attribute '{name}' must contain a non-empty value of type '{base}'."
        )));
    }
    if base == "Number" && !is_number(value.string_value.as_deref().unwrap_or_default()) {
        let message = format!("Can't cast the value of message (user) attribute '{name}' to a number.");
        return Err(invalid_parameter(message));
    }
    match value.string_value.as_deref().filter(|_| base != "Binary").and_then(first_forbidden) {
        Some(letter) => Err(forbidden(letter, &format!("message attribute '{name}'"))),
        None => Ok(()),
    }
}

/// "Positive or negative integer or floating-point values."
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The first character that no message may have.
pub fn first_forbidden(text: &str) -> Option<char> {
    let allowed = |letter: char| matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    text.chars().find(|letter| !allowed(*letter))
}

pub fn forbidden(letter: char, place: &str) -> ApiError {
    ApiError::new(
        "InvalidMessageContents",
        format!(
            "Invalid binary character '#x{:X}' was found in the {place}, the set of allowed characters is #x9 | #xA | \
             #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].",
            u32::from(letter)
        ),
    )
}

/// What attributes add to the size of a message: "all parts of the message attribute, including Name, Type, and Value,
/// are part of the message size restriction".
pub fn size(attributes: &Attributes) -> usize {
    attributes.iter().map(|(name, value)| name.len() + value.data_type().len() + value.bytes().len()).sum()
}

/// The digest that SDKs check: of names, types and values, each behind its length.
///
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation>
pub fn digest<'a>(attributes: impl IntoIterator<Item = (&'a String, &'a Value)>) -> Option<String> {
    let mut md5 = Md5::new();
    let mut is_empty = true;
    for (name, value) in attributes {
        is_empty = false;
        let behind_its_length = |md5: &mut Md5, bytes: &[u8]| {
            md5.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            md5.update(bytes);
        };
        behind_its_length(&mut md5, name.as_bytes());
        behind_its_length(&mut md5, value.data_type().as_bytes());
        md5.update([if value.is_binary() { 2 } else { 1 }]);
        behind_its_length(&mut md5, value.bytes());
    }
    (!is_empty).then(|| hex::encode(md5.finalize()))
}

/// The digest of a body.
pub fn digest_of_body(body: &str) -> String {
    hex::encode(Md5::digest(body.as_bytes()))
}

/// Whether a receiver that asks for these names wants that attribute: `All`, `.*`, a name, or the beginning of one
/// and `.*`.
pub fn is_wanted(name: &str, names: &[String]) -> bool {
    names.iter().any(|wanted| match wanted.strip_suffix(".*") {
        Some(prefix) => name.starts_with(prefix),
        None => wanted == "All" || wanted == name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(entries: &[(&str, &str, &str)]) -> Attributes {
        let value = |data_type: &str, text: &str| Value {
            string_value: (!data_type.starts_with("Binary")).then(|| text.to_owned()),
            binary_value: data_type.starts_with("Binary").then(|| Blob(text.as_bytes().to_vec().into())),
            data_type: Some(data_type.to_owned()),
            ..Value::default()
        };
        entries.iter().map(|(name, data_type, text)| ((*name).to_owned(), value(data_type, text))).collect()
    }

    #[test]
    fn what_is_refused_is_refused_in_aws_words() {
        for (name, data_type, text, message) in [
            ("", "String", "x", "The request must contain non-empty message attribute name."),
            ("a", "", "x", "The message attribute 'a' must contain non-empty message attribute type."),
            (
                "a",
                "string",
                "x",
                "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
            ),
            ("a", "String", "", "Message (user) attribute 'a' must contain a non-empty value of type 'String'."),
            ("a", "Binary.gif", "", "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'."),
            ("a", "Number", "one", "Can't cast the value of message (user) attribute 'a' to a number."),
            ("a", "Number", "inf", "Can't cast the value of message (user) attribute 'a' to a number."),
            (
                "AWS.x",
                "String",
                "x",
                "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use.",
            ),
            (
                "a",
                "String",
                "\u{7}",
                "Invalid binary character '#x7' was found in the message attribute 'a', the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].",
            ),
        ] {
            assert_eq!(check(&attributes(&[(name, data_type, text)])).unwrap_err().message, message);
        }
        for name in ["a b", ".a", "a.", "a..b", "ü", &"a".repeat(257)] {
            assert!(check(&attributes(&[(name, "String", "x")])).is_err(), "{name}");
        }
        let fine = [("a.b-c_1", "Number.int", "-1.5e3"), ("b", "Binary.png", "\u{0}"), ("c", "String.x.y", "\t\r\n")];
        assert_eq!(check(&attributes(&fine)), Ok(()));
    }

    #[test]
    fn a_receiver_names_what_it_wants() {
        for (wanted, expected) in [("All", true), (".*", true), ("shop.*", true), ("shop.id", true), ("id", false)] {
            assert_eq!(is_wanted("shop.id", &[wanted.to_owned()]), expected, "{wanted}");
        }
    }

    /// The Rust SDK checks the same digest over the wire in `tests/src/sqs/send_message.rs`.
    #[test]
    fn the_digest_is_over_sorted_names() {
        let given = attributes(&[("b", "Number", "1"), ("a", "String", "x"), ("c", "Binary", "\u{1}")]);
        let mut expected = Vec::new();
        for (name, data_type, kind, value) in
            [("a", "String", 1u8, "x"), ("b", "Number", 1, "1"), ("c", "Binary", 2, "\u{1}")]
        {
            for part in [name, data_type] {
                expected.extend((part.len() as u32).to_be_bytes());
                expected.extend(part.as_bytes());
            }
            expected.push(kind);
            expected.extend((value.len() as u32).to_be_bytes());
            expected.extend(value.as_bytes());
        }
        assert_eq!(digest(&given), Some(hex::encode(Md5::digest(&expected))));
        assert_eq!(digest(&Attributes::new()), None);
    }
}
