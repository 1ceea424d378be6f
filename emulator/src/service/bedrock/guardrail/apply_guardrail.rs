//! ApplyGuardrail: a guardrail's judgement of a content, without a model.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html>
//!
//! ```text
//! POST /guardrail/0a1b2c3d4e5f/version/DRAFT/apply
//! {"source":"INPUT","content":[{"text":{"text":"mail me at jane@example.com"}}]}
//!
//! {"usage":{"topicPolicyUnits":0,"contentPolicyUnits":0,"wordPolicyUnits":0,"sensitiveInformationPolicyUnits":1,...},
//!  "action":"GUARDRAIL_INTERVENED","actionReason":"Guardrail masked.","outputs":[{"text":"mail me at {EMAIL}"}],
//!  "assessments":[{"sensitiveInformationPolicy":{"piiEntities":[{"match":"jane@example.com","type":"EMAIL",
//!  "action":"ANONYMIZED","detected":true}],"regexes":[]},"invocationMetrics":{...}}],
//!  "guardrailCoverage":{"textCharacters":{"guarded":27,"total":27}}}
//! ```
//!
//! assumed: a text that is a source or a question is judged by the other policies only
//! if it is marked `guard_content`, too; masked texts come one for each text given.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::assessment::{Content, Outcome, Text};
use super::judge::Judge;
use super::policy::sides::{Action, Source};
use super::refusal;
use crate::kernel::operation::{Encode, Prepared, document};
use crate::kernel::{AnyOperation, ApiError, Binding, Call, Cell, Violations};
use crate::service::bedrock::control::pattern::{GUARDRAIL_IN_USE, GUARDRAIL_VERSION_IN_USE};
use crate::service::bedrock::{Attempt, Bedrock};
use crate::wire::{self, Blob};

const QUALIFIERS: &[&str] = &["grounding_source", "query", "guard_content"];
/// AWS's limits of images.
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-mmfilter.html>
const IMAGES_MAX: usize = 20;
const IMAGE_BYTES_MAX: usize = 4 << 20;
/// AWS's limits, in characters, where an answer is measured by a source.
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-contextual-grounding-check.html>
const GROUNDING_MAX: &[(&str, usize)] = &[("grounding_source", 100_000), ("query", 1_000), ("guard_content", 5_000)];

pub struct ApplyGuardrail;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    guardrail_identifier: String,
    guardrail_version: String,
    source: Option<String>,
    content: Option<Vec<Block>>,
    output_scope: Option<String>,
}

/// A union: one member is set.
#[derive(Debug, Deserialize)]
struct Block {
    text: Option<TextBlock>,
    image: Option<ImageBlock>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
struct TextBlock {
    text: Option<String>,
    qualifiers: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct ImageBlock {
    format: Option<String>,
    source: Option<ImageSource>,
}

#[derive(Debug, Deserialize)]
struct ImageSource {
    bytes: Option<Blob>,
}

impl AnyOperation<Bedrock> for ApplyGuardrail {
    fn name(&self) -> &'static str {
        "ApplyGuardrail"
    }

    fn binding(&self) -> Binding {
        Binding::post("/guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Ok(Box::new(Given { input: request.decode()?, attempt: Attempt::of(request) }))
    }
}

struct Given {
    input: Input,
    attempt: Attempt,
}

impl Prepared<Bedrock> for Given {
    fn resource(&self) -> String {
        self.input.guardrail_identifier.clone()
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<Bedrock>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let Self { input, attempt } = *self;
        input.check()?;
        let state = cell.shared(call);
        let Input { guardrail_identifier, guardrail_version, source, content, output_scope } = input;
        let source = Source::parse(source.as_deref().unwrap_or_default());
        let guardrails = &state.guardrails;
        let mut judge = Judge::find(guardrails, &guardrail_identifier, &guardrail_version, call, refusal::not_there)?;
        judge.full = output_scope.as_deref() == Some("FULL");
        let blocks = content.unwrap_or_default();
        if source == Source::Output && judge.measures_grounding() {
            check_grounding(&blocks)?;
        }
        let content = read(blocks);
        let outcome = judge.judge(source, &content, &state.actor, attempt, call)?;
        Ok(document(answer(&judge, source, &content, outcome)))
    }
}

impl Input {
    fn check(&self) -> Result<(), ApiError> {
        let mut violations = Violations::new();
        let v = &mut violations;
        GUARDRAIL_IN_USE.check(v, "guardrailIdentifier", Some(&self.guardrail_identifier), 0, 2048);
        GUARDRAIL_VERSION_IN_USE.check(v, "guardrailVersion", Some(&self.guardrail_version), 0, 2048);
        v.required("source", &self.source);
        if let Some(source) = &self.source {
            v.one_of("source", source, &["INPUT", "OUTPUT"]);
        }
        v.required("content", &self.content);
        for (index, block) in self.content.iter().flatten().enumerate() {
            block.check(v, &format!("content.{}.member", index + 1));
        }
        if let Some(scope) = &self.output_scope {
            v.one_of("outputScope", scope, &["INTERVENTIONS", "FULL"]);
        }
        violations.finish()?;
        let blocks = || self.content.iter().flatten();
        if blocks().any(|block| !block.is_one()) {
            return Err(ApiError::validation("Provide exactly one member of the GuardrailContentBlock union."));
        }
        let images = blocks().filter_map(|block| block.image.as_ref()?.source.as_ref()?.bytes.as_ref());
        if images.clone().count() > IMAGES_MAX {
            return Err(ApiError::validation(format!("The content has more than {IMAGES_MAX} images.")));
        }
        if images.clone().any(|image| image.0.len() > IMAGE_BYTES_MAX) {
            return Err(ApiError::validation("An image of the content is larger than 4 MB."));
        }
        Ok(())
    }
}

impl Block {
    fn is_one(&self) -> bool {
        let others = self.others.values().any(|value| !value.is_null());
        !others && self.text.is_some() != self.image.is_some()
    }

    fn check(&self, violations: &mut Violations, member: &str) {
        if let Some(text) = &self.text {
            violations.required(format!("{member}.text.text"), &text.text);
            for (index, qualifier) in text.qualifiers.iter().flatten().enumerate() {
                violations.one_of(format!("{member}.text.qualifiers.{}.member", index + 1), qualifier, QUALIFIERS);
            }
        }
        let Some(image) = &self.image else { return };
        violations.required(format!("{member}.image.format"), &image.format);
        if let Some(format) = &image.format {
            violations.one_of(format!("{member}.image.format"), format, &["png", "jpeg"]);
        }
        violations.required(format!("{member}.image.source"), &image.source);
        let bytes = image.source.as_ref().and_then(|source| source.bytes.as_ref());
        if image.source.is_some() && bytes.is_none_or(|bytes| bytes.0.is_empty()) {
            let member = format!("{member}.image.source.bytes");
            violations.add_unprinted(&member, "have length greater than or equal to 1");
        }
    }
}

/// How much text of each qualifier there may be. assumed: the wording.
fn check_grounding(blocks: &[Block]) -> Result<(), ApiError> {
    for (qualifier, max) in GROUNDING_MAX {
        let texts = blocks.iter().filter_map(|block| block.text.as_ref());
        let texts = texts.filter(|block| block.qualifiers.iter().flatten().any(|given| given == qualifier));
        let characters: usize = texts.filter_map(|block| Some(block.text.as_ref()?.chars().count())).sum();
        if characters > *max {
            return Err(ApiError::validation(format!(
                "The {qualifier} content exceeds the limit of {max} characters."
            )));
        }
    }
    Ok(())
}

/// A text with these qualifiers.
pub fn qualified(text: String, qualifiers: &[String]) -> Text {
    let has = |name: &str| qualifiers.iter().any(|qualifier| qualifier == name);
    let is_grounding = has("grounding_source") || has("query");
    Text { text, is_guarded: !is_grounding || has("guard_content"), is_grounding }
}

fn read(blocks: Vec<Block>) -> Content {
    let mut content = Content::default();
    for block in blocks {
        content.images += usize::from(block.image.is_some());
        if let Some(TextBlock { text, qualifiers }) = block.text {
            content.texts.push(qualified(text.unwrap_or_default(), &qualifiers.unwrap_or_default()));
        }
    }
    content
}

fn answer(judge: &Judge, source: Source, content: &Content, outcome: Outcome) -> Value {
    let reason = outcome.reason();
    let outputs = match outcome.action {
        Action::None => Vec::new(),
        Action::Block => vec![json!({"text": judge.blocked_message(source)})],
        Action::Anonymize => {
            let texts = content.texts.iter().zip(&outcome.texts).filter(|(given, _)| given.is_guarded);
            texts.map(|(_, text)| json!({"text": text})).collect()
        }
    };
    json!({
        "usage": outcome.usage,
        "action": if outcome.intervened() { "GUARDRAIL_INTERVENED" } else { "NONE" },
        "actionReason": reason,
        "outputs": outputs,
        "assessments": [outcome.assessment],
        "guardrailCoverage": outcome.coverage,
    })
}
