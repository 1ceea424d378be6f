//! Ways in which what a model says is wrong though nothing breaks.
//!
//! | in a script | does | with a parameter |
//! |---|---|---|
//! | `truncate_json` | the text breaks off at two thirds | after so many letters |
//! | `prose_around` | a sentence before the text and one after it | |
//! | `code_fence` | Markdown's fence around the text | the fence's language |
//! | `wrong_schema` | the JSON is in another place: `{"items": [...]}` | another value in its place |
//! | `missing_field` | one member is missing | the path of it |
//! | `extra_items` | the list has its last item twice | so many times more |
//! | `numbers_as_strings` | all numbers are texts | those at the path |
//! | `float_as_string` | all numbers with a fraction are texts | those at the path |
//! | `unknown_tool` | asks for a tool that is not on offer | its name |
//! | `bad_tool_input` | one member of the input is missing or of another type | another input |
//! | `duplicate_tool_use_id` | two uses of a tool have one id | |
//! | `tool_loop` | asks for the tool again and again | |
//! | `refusal` | declines | in these words |
//! | `max_tokens` | breaks off at the half, and says why | after so many tokens |
//! | `empty_content` | says nothing | |
//! | `reasoning_first` | reasons before it speaks | in these words |

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::json_path::JsonPath;

/// One way to be wrong. What has no parameter is chosen by the seed.
#[derive(Clone, Debug, PartialEq)]
pub enum Mutation {
    /// After so many letters. The stop reason stays what it is.
    TruncateJson(Option<usize>),
    ProseAround,
    CodeFence(Option<String>),
    WrongSchema(Option<Value>),
    MissingField(Option<JsonPath>),
    ExtraItems(Option<usize>),
    NumbersAsStrings(Option<JsonPath>),
    FloatAsString(Option<JsonPath>),
    UnknownTool(Option<String>),
    BadToolInput(Option<Value>),
    DuplicateToolUseId,
    ToolLoop,
    Refusal(Option<String>),
    MaxTokens(Option<u32>),
    EmptyContent,
    ReasoningFirst(Option<String>),
}

/// The names as they are written, with what the timeline says of them.
pub const NAMES: &[(&str, &str)] = &[
    ("truncate_json", "truncated"),
    ("prose_around", "prose around it"),
    ("code_fence", "in a code fence"),
    ("wrong_schema", "wrong schema"),
    ("missing_field", "a field missing"),
    ("extra_items", "extra items"),
    ("numbers_as_strings", "numbers as strings"),
    ("float_as_string", "floats as strings"),
    ("unknown_tool", "unknown tool"),
    ("bad_tool_input", "bad tool input"),
    ("duplicate_tool_use_id", "duplicate tool use id"),
    ("tool_loop", "tool loop"),
    ("refusal", "refusal"),
    ("max_tokens", "cut by max_tokens"),
    ("empty_content", "empty content"),
    ("reasoning_first", "reasoning first"),
];

impl Mutation {
    fn place(&self) -> usize {
        match self {
            Self::TruncateJson(_) => 0,
            Self::ProseAround => 1,
            Self::CodeFence(_) => 2,
            Self::WrongSchema(_) => 3,
            Self::MissingField(_) => 4,
            Self::ExtraItems(_) => 5,
            Self::NumbersAsStrings(_) => 6,
            Self::FloatAsString(_) => 7,
            Self::UnknownTool(_) => 8,
            Self::BadToolInput(_) => 9,
            Self::DuplicateToolUseId => 10,
            Self::ToolLoop => 11,
            Self::Refusal(_) => 12,
            Self::MaxTokens(_) => 13,
            Self::EmptyContent => 14,
            Self::ReasoningFirst(_) => 15,
        }
    }

    pub fn name(&self) -> &'static str {
        NAMES[self.place()].0
    }

    /// What it is about.
    pub fn needs(&self) -> Needs {
        match self {
            Self::TruncateJson(_) | Self::ProseAround | Self::CodeFence(_) => Needs::Text,
            Self::WrongSchema(_)
            | Self::MissingField(_)
            | Self::ExtraItems(_)
            | Self::NumbersAsStrings(_)
            | Self::FloatAsString(_) => Needs::Json,
            Self::UnknownTool(_) | Self::BadToolInput(_) | Self::DuplicateToolUseId => Needs::ToolUse,
            Self::ToolLoop | Self::Refusal(_) | Self::MaxTokens(_) | Self::EmptyContent | Self::ReasoningFirst(_) => {
                Needs::Nothing
            }
        }
    }

    fn plain(name: &str) -> Option<Self> {
        Some(match name {
            "truncate_json" => Self::TruncateJson(None),
            "prose_around" => Self::ProseAround,
            "code_fence" => Self::CodeFence(None),
            "wrong_schema" => Self::WrongSchema(None),
            "missing_field" => Self::MissingField(None),
            "extra_items" => Self::ExtraItems(None),
            "numbers_as_strings" => Self::NumbersAsStrings(None),
            "float_as_string" => Self::FloatAsString(None),
            "unknown_tool" => Self::UnknownTool(None),
            "bad_tool_input" => Self::BadToolInput(None),
            "duplicate_tool_use_id" => Self::DuplicateToolUseId,
            "tool_loop" => Self::ToolLoop,
            "refusal" => Self::Refusal(None),
            "max_tokens" => Self::MaxTokens(None),
            "empty_content" => Self::EmptyContent,
            "reasoning_first" => Self::ReasoningFirst(None),
            _ => return None,
        })
    }
}

/// What must be said for a mutation to change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Text,
    Json,
    ToolUse,
    Nothing,
}

/// For the timeline.
impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAMES[self.place()].1)
    }
}

/// A name, or a map of one name and its parameter.
impl<'de> Deserialize<'de> for Mutation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrMap)
    }
}

struct NameOrMap;

impl<'de> Visitor<'de> for NameOrMap {
    type Value = Mutation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name such as `prose_around`, or a map such as `{missing_field: '$[0].id'}`")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Mutation, E> {
        Mutation::plain(name).ok_or_else(|| unknown(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Mutation, A::Error> {
        let Some(name) = map.next_key::<String>()? else {
            return Err(Error::invalid_length(0, &self));
        };
        let plain = Mutation::plain(&name).ok_or_else(|| unknown(&name))?;
        let mutation = match plain {
            Mutation::TruncateJson(_) => Mutation::TruncateJson(Some(map.next_value()?)),
            Mutation::CodeFence(_) => Mutation::CodeFence(Some(map.next_value()?)),
            Mutation::WrongSchema(_) => Mutation::WrongSchema(Some(map.next_value()?)),
            Mutation::MissingField(_) => Mutation::MissingField(Some(map.next_value()?)),
            Mutation::ExtraItems(_) => Mutation::ExtraItems(Some(map.next_value()?)),
            Mutation::NumbersAsStrings(_) => Mutation::NumbersAsStrings(Some(map.next_value()?)),
            Mutation::FloatAsString(_) => Mutation::FloatAsString(Some(map.next_value()?)),
            Mutation::UnknownTool(_) => Mutation::UnknownTool(Some(map.next_value()?)),
            Mutation::BadToolInput(_) => Mutation::BadToolInput(Some(map.next_value()?)),
            Mutation::Refusal(_) => Mutation::Refusal(Some(map.next_value()?)),
            Mutation::MaxTokens(_) => Mutation::MaxTokens(Some(map.next_value()?)),
            Mutation::ReasoningFirst(_) => Mutation::ReasoningFirst(Some(map.next_value()?)),
            Mutation::ProseAround | Mutation::DuplicateToolUseId | Mutation::ToolLoop | Mutation::EmptyContent => {
                return Err(Error::custom(format!("`{name}` takes no parameter: write `{name}`")));
            }
        };
        match map.next_key::<String>()? {
            None => Ok(mutation),
            Some(_) => Err(Error::custom("one mutation at a time: several are a list, in their order")),
        }
    }
}

fn unknown<E: Error>(name: &str) -> E {
    let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
    E::custom(super::mistake::unknown("mutation", name, &names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutation_is_a_name_or_a_name_with_its_parameter() {
        for (name, _) in NAMES {
            let mutation: Mutation = serde_saphyr::from_str(name).expect(name);
            assert_eq!(mutation.name(), *name);
        }
        for (yaml, expected) in [
            ("{truncate_json: 7}", Mutation::TruncateJson(Some(7))),
            ("{missing_field: '$[0].id'}", Mutation::MissingField(Some(JsonPath::parse("$[0].id").unwrap()))),
            ("{bad_tool_input: {id: seven}}", Mutation::BadToolInput(Some(serde_json::json!({"id": "seven"})))),
            ("{refusal: no}", Mutation::Refusal(Some("no".to_owned()))),
        ] {
            assert_eq!(serde_saphyr::from_str::<Mutation>(yaml).expect(yaml), expected);
        }
        for (yaml, expected) in [
            ("truncate", "did you mean `truncate_json`?"),
            ("{prose_around: true}", "takes no parameter"),
            ("{refusal: a, max_tokens: 1}", "several are a list"),
            ("{missing_field: id}", "is no JSON path"),
            ("{}", "a name such as"),
            ("{max_tokens: -1}", ""),
        ] {
            let error = serde_saphyr::from_str::<Mutation>(yaml).expect_err(yaml).to_string();
            assert!(error.contains(expected), "{yaml}: {error}");
        }
    }
}
