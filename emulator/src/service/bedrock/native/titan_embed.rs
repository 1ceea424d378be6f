//! Amazon Titan Text Embeddings, V2 and G1: one text, one vector.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html>
//!
//! ```text
//! {"inputText":"hello","dimensions":256,"normalize":true,"embeddingTypes":["float","binary"]}
//! {"embedding":[0.1,...],"embeddingsByType":{"float":[0.1,...],"binary":[1,...]},"inputTextTokenCount":2}
//! ```

use serde_json::{Map, Value, json};

use super::schema::{self, Kind, OPTIONAL, REQUIRED, Violations, malformed};
use super::{Body, Embedding, Naming};
use crate::kernel::ApiError;
use crate::service::bedrock::estimate::Estimate;

const CHARACTERS_MAX: usize = 50_000;
const TOKENS_MAX: u32 = 8192;
/// Of G1, which has nothing to choose.
const G1_DIMENSIONS: usize = 1536;
const DIMENSIONS: &[u64] = &[1024, 512, 256];

struct InputText {
    text: String,
    dimensions: usize,
    normalize: bool,
    /// `embeddingTypes`; G1 has none.
    types: Option<Vec<String>>,
}

pub fn read(members: Map<String, Value>, model: &str) -> Result<Body, ApiError> {
    let is_v2 = !model.contains("titan-embed-text-v1") && !model.contains("titan-embed-g1");
    let mut violations = Violations::default();
    if is_v2 {
        let known = [
            ("inputText", Kind::Text, REQUIRED),
            ("dimensions", Kind::Integer, OPTIONAL),
            ("normalize", Kind::Boolean, OPTIONAL),
            ("embeddingTypes", Kind::List, OPTIONAL),
        ];
        violations.object("#", &members, &known);
        if let Some(dimensions) = members.get("dimensions").and_then(Value::as_i64)
            && !DIMENSIONS.iter().any(|known| i64::try_from(*known) == Ok(dimensions))
        {
            violations.add("#/dimensions", format_args!("{dimensions} is not a valid enum value"));
        }
        for (n, kind) in schema::list(&members, "embeddingTypes").iter().enumerate() {
            let at = format!("#/embeddingTypes/{n}");
            violations.kind(&at, kind, Kind::Text);
            violations.one_of(&at, Some(kind), &["float", "binary"]);
        }
    } else {
        violations.object("#", &members, &[("inputText", Kind::Text, REQUIRED)]);
    }
    violations.counted()?;
    let text = schema::text(&members, "inputText").unwrap_or_default().to_owned();
    check_length(&text)?;
    let dimensions = members.get("dimensions").and_then(Value::as_u64).unwrap_or(1024);
    let types = schema::list(&members, "embeddingTypes").iter().filter_map(|kind| kind.as_str().map(str::to_owned));
    let types: Vec<String> = types.collect();
    Ok(Body::Embedding(Box::new(InputText {
        text,
        dimensions: if is_v2 { usize::try_from(dimensions).unwrap_or_default() } else { G1_DIMENSIONS },
        normalize: is_v2 && members.get("normalize").and_then(Value::as_bool).unwrap_or(true),
        types: is_v2.then(|| if types.is_empty() { vec!["float".to_owned()] } else { types }),
    })))
}

fn check_length(text: &str) -> Result<(), ApiError> {
    let characters = text.chars().count();
    if characters == 0 {
        return Err(malformed("expected minLength: 1, actual: 0"));
    }
    if characters > CHARACTERS_MAX {
        return Err(malformed(format_args!("expected maxLength: {CHARACTERS_MAX}, actual: {characters}")));
    }
    let tokens = Estimate::of(text);
    if tokens > TOKENS_MAX {
        return Err(ApiError::validation(format!(
            "400 Bad Request: Too many input tokens. Max input tokens: {TOKENS_MAX}, request input token count: {tokens} "
        )));
    }
    Ok(())
}

impl Embedding for InputText {
    fn texts(&self) -> Vec<&str> {
        vec![&self.text]
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn is_normalized(&self) -> bool {
        self.normalize
    }

    fn document(&self, vectors: &[Vec<f32>], input_tokens: u32, _naming: &Naming) -> Value {
        let vector = vectors.first().map(Vec::as_slice).unwrap_or_default();
        let mut document = json!({"embedding": vector, "inputTextTokenCount": input_tokens});
        if let Some(types) = &self.types {
            let mut by_type = Map::new();
            for kind in types {
                let values = if kind == "binary" { json!(bits(vector)) } else { json!(vector) };
                by_type.insert(kind.clone(), values);
            }
            document["embeddingsByType"] = Value::Object(by_type);
        }
        document
    }
}

/// One bit a dimension: whether it is positive.
fn bits(vector: &[f32]) -> Vec<u8> {
    vector.iter().map(|value| u8::from(*value > 0.0)).collect()
}
