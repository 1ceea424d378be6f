//! The models that are known here, with what validation and price need to know of them.
//!
//! Any well-formed id of a model answers, in the catalogue or not; of one that is
//! not, nothing is known, and so nothing is refused.

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
    /// Where the geographic inference profiles for it lead: `us`, `eu`, `apac`, `global`.
    pub profiles: &'static [&'static str],
    /// Tokens that a request may have.
    pub context_window: u32,
    /// Tokens that an answer may have.
    pub output_max: u32,
    /// Whether one of temperature and topP may be given, but not both.
    pub one_of_temperature_and_top_p: bool,
    /// Whether the conversation may end with the beginning of the model's own answer.
    pub prefill: bool,
    /// `ACTIVE` or `LEGACY`.
    pub lifecycle: &'static str,
}

const TEXT: &[&str] = &["TEXT"];
const TEXT_AND_IMAGE: &[&str] = &["TEXT", "IMAGE"];

pub const MODELS: &[Model] = &[
    Model {
        id: "anthropic.claude-sonnet-4-5-20250929-v1:0",
        name: "Claude Sonnet 4.5",
        provider: "Anthropic",
        input: TEXT_AND_IMAGE,
        output: TEXT,
        streams: true,
        on_demand: false,
        profiles: &["us", "eu", "apac", "global"],
        context_window: 200_000,
        output_max: 64_000,
        one_of_temperature_and_top_p: true,
        prefill: true,
        lifecycle: "ACTIVE",
    },
    Model {
        id: "anthropic.claude-3-haiku-20240307-v1:0",
        name: "Claude 3 Haiku",
        provider: "Anthropic",
        input: TEXT_AND_IMAGE,
        output: TEXT,
        streams: true,
        on_demand: true,
        profiles: &["us", "eu", "apac"],
        context_window: 200_000,
        output_max: 4_096,
        one_of_temperature_and_top_p: false,
        prefill: true,
        lifecycle: "ACTIVE",
    },
];

/// The model that an id, an inference profile or an ARN of either leads to, if it is known.
pub fn find(id: &str) -> Option<&'static Model> {
    let id = super::model_id::short(id);
    let of_profile = |model: &Model| {
        id.strip_suffix(model.id)
            .and_then(|rest| rest.strip_suffix('.'))
            .is_some_and(|area| model.profiles.contains(&area))
    };
    MODELS.iter().find(|model| model.id == id || of_profile(model))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_found_by_every_way_to_name_it() {
        for (id, expected) in [
            ("anthropic.claude-3-haiku-20240307-v1:0", Some("Claude 3 Haiku")),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", Some("Claude Sonnet 4.5")),
            ("mars.anthropic.claude-sonnet-4-5-20250929-v1:0", None),
            (
                "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
                Some("Claude 3 Haiku"),
            ),
            ("acme.own-model-v1:0", None),
        ] {
            assert_eq!(find(id).map(|model| model.name), expected, "{id}");
        }
    }
}
