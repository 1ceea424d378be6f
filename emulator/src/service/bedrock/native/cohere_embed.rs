//! Cohere Embed, v3 and v4: many texts, a vector each, in several types.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html>
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v4.html>
//!
//! ```text
//! {"texts":["hello"],"input_type":"search_document"}
//! {"embeddings":[[0.1,...]],"id":"...","response_type":"embeddings_floats","texts":["hello"]}
//! ```
//!
//! An image counts as the text of its data URI: the same image has the same vector, and no other is near it.

use serde_json::{Map, Value, json};

use super::schema::{self, Kind, Member, OPTIONAL, REQUIRED, Violations, malformed};
use super::{Body, Embedding, Naming};
use crate::kernel::ApiError;

const TEXTS_MAX: usize = 96;
/// Of v3; v4 takes texts of any length.
const CHARACTERS_MAX: usize = 2048;
const V3: &[Member] = &[
    ("input_type", Kind::Text, REQUIRED),
    ("texts", Kind::List, OPTIONAL),
    ("images", Kind::List, OPTIONAL),
    ("truncate", Kind::Text, OPTIONAL),
    ("embedding_types", Kind::List, OPTIONAL),
];
const V4: &[Member] = &[
    ("input_type", Kind::Text, REQUIRED),
    ("texts", Kind::List, OPTIONAL),
    ("images", Kind::List, OPTIONAL),
    ("inputs", Kind::List, OPTIONAL),
    ("truncate", Kind::Text, OPTIONAL),
    ("embedding_types", Kind::List, OPTIONAL),
    ("output_dimension", Kind::Integer, OPTIONAL),
    ("max_tokens", Kind::Integer, OPTIONAL),
];
const TYPES: &[&str] = &["float", "int8", "uint8", "binary", "ubinary"];

struct Inputs {
    texts: Vec<String>,
    /// Whether these are the texts as given, and not images.
    are_texts: bool,
    types: Vec<String>,
    dimensions: usize,
}

pub fn read(members: Map<String, Value>, model: &str) -> Result<Body, ApiError> {
    let is_v4 = model.contains("embed-v4");
    check(&members, is_v4)?;
    let of_list = |name: &str| -> Vec<String> {
        schema::list(&members, name).iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    };
    let (texts, images) = (of_list("texts"), of_list("images"));
    let mixed: Vec<String> = schema::list(&members, "inputs").iter().map(mixed).collect();
    let are_texts = !texts.is_empty();
    let inputs = [texts, images, mixed].concat();
    if inputs.is_empty() {
        // Assumed.
        return Err(malformed("#: required key [texts] not found"));
    }
    let dimensions = members.get("output_dimension").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    Ok(Body::Embedding(Box::new(Inputs {
        texts: inputs,
        are_texts,
        types: of_list("embedding_types"),
        dimensions: dimensions.unwrap_or(if is_v4 { 1536 } else { 1024 }),
    })))
}

fn check(members: &Map<String, Value>, is_v4: bool) -> Result<(), ApiError> {
    let mut violations = Violations::default();
    let without_input = !["texts", "images", "inputs"].iter().any(|name| members.contains_key(*name));
    if without_input {
        violations.add("#", "required key [texts] not found");
    }
    violations.object("#", members, if is_v4 { V4 } else { V3 });
    let kinds = ["search_document", "search_query", "classification", "clustering", "image"];
    violations.one_of("#/input_type", members.get("input_type"), &kinds);
    let ends = if is_v4 { ["NONE", "LEFT", "RIGHT"] } else { ["NONE", "START", "END"] };
    violations.one_of("#/truncate", members.get("truncate"), &ends);
    let texts = schema::list(members, "texts");
    violations.count("#/texts", texts, TEXTS_MAX);
    for (n, text) in texts.iter().enumerate() {
        violations.kind(&format!("#/texts/{n}"), text, Kind::Text);
        if let Some(text) = text.as_str().filter(|_| !is_v4) {
            violations.length(&format!("#/texts/{n}"), text, 0, CHARACTERS_MAX);
        }
    }
    for (n, kind) in schema::list(members, "embedding_types").iter().enumerate() {
        violations.one_of(&format!("#/embedding_types/{n}"), Some(kind), TYPES);
    }
    if let Some(dimension) = members.get("output_dimension").and_then(Value::as_i64)
        && ![256, 512, 1024, 1536].contains(&dimension)
    {
        violations.add("#/output_dimension", format_args!("{dimension} is not a valid enum value"));
    }
    violations.joined()
}

/// The texts of an input of several parts; images as their data URIs.
fn mixed(input: &Value) -> String {
    let parts = input.get("content").and_then(Value::as_array).into_iter().flatten();
    let texts = parts.filter_map(|part| part.get("text").or_else(|| part.get("image_url"))?.as_str());
    texts.collect::<Vec<_>>().join("\n")
}

impl Embedding for Inputs {
    fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(String::as_str).collect()
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn is_normalized(&self) -> bool {
        true
    }

    fn document(&self, vectors: &[Vec<f32>], _input_tokens: u32, naming: &Naming) -> Value {
        let (embeddings, response_type) = if self.types.is_empty() {
            (json!(vectors), "embeddings_floats")
        } else {
            let by_type = self.types.iter().map(|kind| (kind.clone(), of_type(kind, vectors)));
            (Value::Object(by_type.collect()), "embeddings_by_type")
        };
        let mut document = json!({"id": naming.id, "response_type": response_type, "embeddings": embeddings});
        if self.are_texts {
            document["texts"] = json!(self.texts);
        }
        document
    }
}

fn of_type(kind: &str, vectors: &[Vec<f32>]) -> Value {
    let all = |convert: fn(&[f32]) -> Value| Value::Array(vectors.iter().map(|vector| convert(vector)).collect());
    match kind {
        "int8" => all(|vector| vector.iter().map(|value| Value::from(scaled(*value))).collect()),
        "uint8" => all(|vector| vector.iter().map(|value| Value::from(i16::from(scaled(*value)) + 128)).collect()),
        "binary" => all(|vector| packed(vector).map(|byte| Value::from(i16::from(byte) - 128)).collect()),
        "ubinary" => all(|vector| packed(vector).map(Value::from).collect()),
        _ => all(|vector| json!(vector)),
    }
}

fn scaled(value: f32) -> i8 {
    (value * 127.0).round().clamp(-128.0, 127.0) as i8
}

/// Eight dimensions a byte, the first in the highest bit.
fn packed(vector: &[f32]) -> impl Iterator<Item = u8> {
    let byte =
        |eight: &[f32]| eight.iter().enumerate().fold(0, |byte, (n, value)| byte | u8::from(*value > 0.0) << (7 - n));
    vector.chunks(8).map(byte)
}
