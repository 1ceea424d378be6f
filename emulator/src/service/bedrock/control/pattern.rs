//! Texts that AWS's model describes by patterns.

use std::sync::LazyLock;

use regex::Regex;

use crate::kernel::Violations;

/// A pattern, as AWS's messages write it. It is of the whole text.
pub struct Pattern {
    text: &'static str,
    regex: LazyLock<Regex>,
}

impl Pattern {
    pub const fn new(text: &'static str, regex: fn() -> Regex) -> Self {
        Self { text, regex: LazyLock::new(regex) }
    }

    /// A text of that length and pattern, if there is one.
    pub fn check(&self, violations: &mut Violations, member: &str, value: Option<&str>, min: usize, max: usize) {
        let Some(value) = value else { return };
        violations.length(member, value, min, max);
        if !self.fits(value) {
            violations.add(value, member, format_args!("satisfy regular expression pattern: {}", self.text));
        }
    }

    pub fn fits(&self, value: &str) -> bool {
        self.regex.is_match(value)
    }
}

/// In a class of characters, `9-_` and `Z-_` are no ranges to AWS's engine.
pub fn compile(text: &str) -> Regex {
    let text = text.replace("9-_", r"9_\-").replace("Z-_", r"Z_\-").replace("Z0-9-:.", "Z0-9:.-");
    Regex::new(&format!("^(?:{text})$")).expect("AWS's pattern is a regular expression")
}

macro_rules! pattern {
    ($($(#[$about:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$about])* pub static $name: Pattern = Pattern::new($text, || compile($text));)*

        #[cfg(test)]
        const ALL: &[&Pattern] = &[$(&$name),*];
    };
}

pattern! {
    FOUNDATION_MODEL = r"(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}::foundation-model/[a-z0-9-]{1,63}[.]{1}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2})|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})";
    BEDROCK_MODEL_ID = r"[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12}|)";
    PROVIDER = "[A-Za-z0-9- ]{1,63}";
    INFERENCE_PROFILE = "(arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|application-inference-profile)/)?[a-zA-Z0-9-:.]+";
    INFERENCE_PROFILE_NAME = "([0-9a-zA-Z][ _-]?)+";
    INFERENCE_PROFILE_DESCRIPTION = "([0-9a-zA-Z:.][ _-]?)+";
    INFERENCE_PROFILE_SOURCE = "arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|foundation-model)/[a-zA-Z0-9-:.]+";
    REQUEST_TOKEN = "[a-zA-Z0-9]([-a-zA-Z0-9]{0,254}[a-zA-Z0-9])?";
    PAGE_TOKEN = r"\S*";
    TAG = r"[a-zA-Z0-9\s._:/=+@-]*";
    /// What may have tags. AWS's pattern allows more around it than it means to.
    TAGGABLE = r".*(^[a-zA-Z0-9][a-zA-Z0-9\-]*$)|(^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:custom-model/(imported)/[a-z0-9]{12}$)|(^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:([0-9]{12}|)((:(fine-tuning-job|model-customization-job|custom-model)/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12})$)|(:guardrail/[a-z0-9]+$)|(:automated-reasoning-policy/[a-zA-Z0-9]+(:[a-zA-Z0-9]+)?$)|(:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+$)|(:(provisioned-model|model-invocation-job|model-evaluation-job|evaluation-job|model-import-job|imported-model|async-invoke|provisioned-model-v2|provisioned-model-reservation|prompt-router|custom-model-deployment)/[a-z0-9]{12}$))).*";
    ROLE_ARN = "arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+";
    GUARDRAIL = "(([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))";
    /// Of a guardrail in a call to a model, where AWS's model lets it be empty.
    GUARDRAIL_IN_USE = "(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))";
    GUARDRAIL_VERSION = "(([1-9][0-9]{0,7})|(DRAFT))";
    GUARDRAIL_VERSION_IN_USE = "(|([1-9][0-9]{0,7})|(DRAFT))";
    GUARDRAIL_NUMBER = "[1-9][0-9]{0,7}";
    GUARDRAIL_NAME = "[0-9a-zA-Z-_]+";
    TOPIC_NAME = "[0-9a-zA-Z-_ !?.]+";
    GUARDRAIL_PROFILE = "[a-z0-9-]+[.]{1}guardrail[.]{1}v[0-9:]+|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail-profile/[a-z0-9-]+[.]{1}guardrail[.]{1}v[0-9:]+";
    KMS_KEY = "(arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:((key/[a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)))|([a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_the_model() {
        for pattern in ALL {
            // Compiles it, so that no request does so in vain.
            pattern.fits("");
        }
        for (pattern, value, expected) in [
            (&FOUNDATION_MODEL, "anthropic.claude-3-haiku-20240307-v1:0", true),
            (&FOUNDATION_MODEL, "claude", false),
            (&INFERENCE_PROFILE, "us.amazon.nova-lite-v1:0", true),
            (&INFERENCE_PROFILE, "a b", false),
            (&INFERENCE_PROFILE_NAME, "my profile-1", true),
            (&INFERENCE_PROFILE_NAME, "my  profile", false),
            (&REQUEST_TOKEN, "a-1", true),
            (&REQUEST_TOKEN, "-a", false),
            (&TAGGABLE, "arn:aws:bedrock:us-east-1:000000000000:guardrail/abc", true),
            (&TAGGABLE, "arn:aws:bedrock:us-east-1:000000000000:flow/abc", false),
            (&GUARDRAIL, "arn:aws:bedrock:us-east-1:000000000000:guardrail/abc", true),
            (&GUARDRAIL, "ABC", false),
            (&GUARDRAIL_VERSION, "DRAFT", true),
            (&GUARDRAIL_VERSION, "0", false),
            (&GUARDRAIL_NAME, "a-b_C", true),
            (&GUARDRAIL_NAME, "a b", false),
            (&TOPIC_NAME, "What about finance?", true),
            (&GUARDRAIL_PROFILE, "us.guardrail.v1:0", true),
            (&KMS_KEY, "alias/a-b_c/d", true),
        ] {
            assert_eq!(pattern.fits(value), expected, "{value}");
        }
    }
}
