//! Model ids as callers give them: foundation models, inference profiles, ARNs.
//!
//! Any well-formed one is accepted: there is no catalogue of models here.

use std::sync::LazyLock;

use regex::Regex;

use super::area;
use crate::kernel::{ApiError, Violations};

/// The constraint on `modelId` in AWS's model, letter by letter.
const PATTERN: &str = "(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:(([0-9]{12}:custom-model/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}/[a-z0-9]{12})|(:foundation-model/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.:]?[a-z0-9-]{1,63}))|([0-9]{12}:imported-model/[a-z0-9]{12})|([0-9]{12}:provisioned-model/[a-z0-9]{12})|([0-9]{12}:custom-model-deployment/[a-z0-9]{12})|([0-9]{12}:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+)))|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.:]?[a-z0-9-]{1,63}))|(([0-9a-zA-Z][_-]?)+)|([a-zA-Z0-9-:.]+)|(^(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:prompt/[0-9a-zA-Z]{10}(?::[0-9]{1,5})?))$|(^arn:aws:sagemaker:[a-z0-9-]+:[0-9]{12}:endpoint/[a-zA-Z0-9-]+$)|(^arn:aws(-[^:]+)?:bedrock:([0-9a-z-]{1,20}):([0-9]{12}):(default-)?prompt-router/[a-zA-Z0-9-:.]+$)";

static WELL_FORMED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!("^(?:{PATTERN})$")).expect("AWS's pattern is a regular expression"));

/// What AWS's model says of the member `modelId`.
pub fn constrain(id: &str, violations: &mut Violations) {
    violations.length("modelId", id, 1, 2048);
    if !id.is_empty() && !is_plain(id) && !WELL_FORMED.is_match(id) {
        violations.add(id, "modelId", format_args!("satisfy regular expression pattern: {PATTERN}"));
    }
}

/// Whether it is `[a-zA-Z0-9-:.]+`, which is one of the pattern's alternatives and holds of nearly every id.
fn is_plain(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-:.".contains(&byte))
}

/// What the service says of an id that is well-formed but names nothing. Here:
/// an id that is no ARN and has no provider before a dot.
pub fn resolve(id: &str) -> Result<(), ApiError> {
    let names_a_model = id.split_once('.').is_some_and(|(provider, model)| !provider.is_empty() && !model.is_empty());
    if id.starts_with("arn:") || names_a_model {
        return Ok(());
    }
    Err(ApiError::validation("The provided model identifier is invalid."))
}

/// Whose model it is, as ids say: `anthropic` of `us.anthropic.claude-sonnet-4-5` and of the ARNs of it.
/// Empty where the id does not tell: of a custom model's deployment, a prompt, an endpoint.
pub fn provider(id: &str) -> &str {
    let mut parts = short(id).split('.');
    match parts.next() {
        // Inference profiles have their area before it.
        Some(area) if area::regions(area).is_some() => parts.next().unwrap_or_default(),
        Some(provider) if parts.next().is_some() => provider,
        _ => "",
    }
}

/// Whether a prompt of Prompt management stands in the place of a model.
pub fn is_prompt(id: &str) -> bool {
    id.starts_with("arn:") && id.contains(":prompt/")
}

/// Whether it leads to a model by way of an inference profile.
pub fn is_inference_profile(id: &str) -> bool {
    id.contains("inference-profile/") || short(id).split('.').nth(1).is_some_and(|second| second == provider(id))
}

/// What a person calls it: the last part of an ARN, or the id.
pub fn short(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_whose_model_it_is() {
        for (id, expected) in [
            ("anthropic.claude-3-haiku-20240307-v1:0", ("anthropic", false)),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", ("anthropic", true)),
            ("global.amazon.nova-2-lite-v1:0", ("amazon", true)),
            ("arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-1-8b-instruct-v1:0", ("meta", false)),
            ("arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/abc123", ("", true)),
            ("cohere.embed-v4:0", ("cohere", false)),
            ("acme.model.v1", ("acme", false)),
        ] {
            assert_eq!((provider(id), is_inference_profile(id)), expected, "{id}");
        }
        assert!(is_prompt("arn:aws:bedrock:us-east-1:000000000000:prompt/ABCDEFGHIJ:1"));
    }

    #[test]
    fn well_formed_ids_are_accepted_and_nonsense_refused_in_aws_s_two_ways() {
        for (id, expected) in [
            ("anthropic.claude-3-haiku-20240307-v1:0", ""),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", ""),
            ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", ""),
            ("arn:aws:bedrock:eu-west-1:000000000000:inference-profile/eu.anthropic.claude-sonnet-4-5", ""),
            ("gpt-4", "The provided model identifier is invalid."),
            (".", "The provided model identifier is invalid."),
            ("my model", "1 validation error detected: Value 'my model' at 'modelId' failed to satisfy constraint"),
            ("", "1 validation error detected: Value '' at 'modelId'"),
        ] {
            let mut violations = Violations::new();
            constrain(id, &mut violations);
            let found =
                violations.finish().and_then(|()| resolve(id)).err().map_or(String::new(), |error| error.message);
            assert!(if expected.is_empty() { found.is_empty() } else { found.starts_with(expected) }, "{id}: {found}");
        }
        assert_eq!(short("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"), "amazon.nova-lite-v1:0");
    }
}
