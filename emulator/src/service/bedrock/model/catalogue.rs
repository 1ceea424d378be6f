//! The models that are known here, with what validation and price need to know of them.
//!
//! Any well-formed id of a model answers, in the catalogue or not; of one that is
//! not, nothing is known, and so nothing is refused. What is known comes from AWS's
//! model cards and from what its API was publicly seen to answer; what neither
//! tells is left open ([`UNKNOWN`]).
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-cards.html>

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::known::MODELS;

/// A limit that is not known: none.
pub const UNKNOWN: u32 = u32::MAX;

/// What is known of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// `anthropic.claude-sonnet-4-5-20250929-v1:0`
    pub id: &'static str,
    pub name: &'static str,
    pub provider: &'static str,
    /// `TEXT`, `IMAGE`, `SPEECH`, `VIDEO`.
    pub input: &'static [&'static str],
    /// `TEXT`, `IMAGE`, `EMBEDDING`.
    pub output: &'static [&'static str],
    pub streams: bool,
    /// Whether it can be invoked by its own id, and not by an inference profile only.
    pub on_demand: bool,
    /// Where the inference profiles for it lead, by the area's name in their ids: see [`super::area`].
    pub profiles: &'static [&'static str],
    /// Tokens that a request may have; or [`UNKNOWN`].
    pub context_window: u32,
    /// Tokens that an answer may have; or [`UNKNOWN`].
    pub output_max: u32,
    /// Whether one of temperature and topP may be given, but not both.
    pub one_of_temperature_and_top_p: bool,
    /// Whether the conversation may end with the beginning of the model's own answer.
    pub prefill: bool,
    /// `ACTIVE` or `LEGACY`.
    pub lifecycle: &'static str,
}

const TEXT: &[&str] = &["TEXT"];

impl Model {
    /// A model from text to text that is invoked by its own id, streams, and has no known limits.
    pub const fn text(provider: &'static str, id: &'static str, name: &'static str) -> Self {
        Self {
            id,
            name,
            provider,
            input: TEXT,
            output: TEXT,
            streams: true,
            on_demand: true,
            profiles: &[],
            context_window: UNKNOWN,
            output_max: UNKNOWN,
            one_of_temperature_and_top_p: false,
            prefill: true,
            lifecycle: "ACTIVE",
        }
    }

    /// A model that makes vectors of what it reads.
    pub const fn embedding(provider: &'static str, id: &'static str, name: &'static str) -> Self {
        Self { output: &["EMBEDDING"], streams: false, ..Self::text(provider, id, name) }
    }

    pub const fn reads(self, input: &'static [&'static str]) -> Self {
        Self { input, ..self }
    }

    pub const fn limits(self, context_window: u32, output_max: u32) -> Self {
        Self { context_window, output_max, ..self }
    }

    pub const fn in_areas(self, profiles: &'static [&'static str]) -> Self {
        Self { profiles, ..self }
    }

    pub const fn by_profile_only(self, profiles: &'static [&'static str]) -> Self {
        Self { profiles, on_demand: false, ..self }
    }

    pub const fn one_of_temperature_and_top_p(self) -> Self {
        Self { one_of_temperature_and_top_p: true, ..self }
    }

    pub const fn without_prefill(self) -> Self {
        Self { prefill: false, ..self }
    }

    pub const fn legacy(self) -> Self {
        Self { lifecycle: "LEGACY", ..self }
    }

    /// How it can be invoked, in the API's words. `INFERENCE_PROFILE` is answered, though AWS's model does not list it.
    pub fn inference_types(&self) -> Vec<&'static str> {
        let on_demand = self.on_demand.then_some("ON_DEMAND");
        let by_profile = (!self.profiles.is_empty()).then_some("INFERENCE_PROFILE");
        on_demand.into_iter().chain(by_profile).collect()
    }

    pub fn arn(&self, region: &str) -> String {
        format!("arn:aws:bedrock:{region}::foundation-model/{}", self.id)
    }
}

/// All of them, by provider.
pub fn models() -> &'static [Model] {
    MODELS
}

/// Every call of a model asks for it several times.
static BY_ID: LazyLock<BTreeMap<&'static str, &'static Model>> =
    LazyLock::new(|| MODELS.iter().map(|model| (model.id, model)).collect());

/// The model of exactly that id.
pub fn by_id(id: &str) -> Option<&'static Model> {
    BY_ID.get(id).copied()
}

/// The model that an id, an inference profile or an ARN of either leads to, if it is known.
pub fn find(id: &str) -> Option<&'static Model> {
    let id = super::model_id::short(id);
    by_id(id).or_else(|| by_profile(id).map(|(_, model)| model))
}

/// The area and the model of an inference profile's id: `us.anthropic...` leads to a model in the area `us`.
pub fn by_profile(id: &str) -> Option<(&'static str, &'static Model)> {
    let (area, model) = id.split_once('.')?;
    let model = by_id(model)?;
    let area = model.profiles.iter().find(|known| **known == area)?;
    Some((area, model))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::area;
    use super::*;

    #[test]
    fn a_model_is_found_by_every_way_to_name_it() {
        for (id, expected) in [
            ("anthropic.claude-3-haiku-20240307-v1:0", Some("Claude 3 Haiku")),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", Some("Claude Sonnet 4.5")),
            ("global.anthropic.claude-opus-4-6-v1", Some("Claude Opus 4.6")),
            ("mars.anthropic.claude-sonnet-4-5-20250929-v1:0", None),
            ("anthropic.anthropic.claude-sonnet-4-5-20250929-v1:0", None),
            (
                "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
                Some("Claude 3 Haiku"),
            ),
            ("arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-lite-v1:0", Some("Nova Lite")),
            ("acme.own-model-v1:0", None),
            ("", None),
        ] {
            assert_eq!(find(id).map(|model| model.name), expected, "{id}");
        }
    }

    #[test]
    fn the_catalogue_contradicts_itself_nowhere() {
        let ids: BTreeSet<&str> = MODELS.iter().map(|model| model.id).collect();
        assert_eq!(ids.len(), MODELS.len(), "an id is there twice");
        for model in MODELS {
            let id = model.id;
            assert!(model.on_demand || !model.profiles.is_empty(), "{id} cannot be invoked");
            assert!(model.output_max == UNKNOWN || model.output_max <= model.context_window, "{id} says too much");
            assert!(model.profiles.iter().all(|known| area::regions(known).is_some()), "{id} leads nowhere");
            assert!(!model.streams || model.output.contains(&"TEXT"), "{id} streams what is no text");
        }
    }

    #[test]
    fn what_a_model_allows_is_known() {
        let of = |id: &str| find(id).unwrap();
        assert_eq!(of("amazon.titan-embed-text-v2:0").output, ["EMBEDDING"]);
        assert!(!of("anthropic.claude-sonnet-4-5-20250929-v1:0").on_demand);
        assert!(of("anthropic.claude-haiku-4-5-20251001-v1:0").one_of_temperature_and_top_p);
        assert!(!of("anthropic.claude-opus-4-6-v1").prefill);
        assert_eq!(of("us.amazon.nova-micro-v1:0").inference_types(), ["ON_DEMAND", "INFERENCE_PROFILE"]);
    }
}
