//! A guardrail's judgement of a content, with all that AWS tells of it.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_GuardrailAssessment.html>

use serde_json::{Map, Value, json};

use super::definition::Definition;
use super::findings::Findings;
use super::matching::replace;
use super::policy::sides::{Action, Source};
use super::screen::Screen;

/// AWS counts and bills texts by so many characters.
const UNIT: usize = 1000;

/// What is judged.
#[derive(Clone, Debug, Default)]
pub struct Content {
    pub texts: Vec<Text>,
    pub images: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Text {
    pub text: String,
    /// Whether it is judged at all.
    pub is_guarded: bool,
    /// Whether it is the source or the question that an answer is measured by.
    pub is_grounding: bool,
}

/// By what it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'a> {
    pub definition: &'a Definition,
    pub screen: &'a Screen,
    pub source: Source,
    /// Whether also what was not found is told.
    pub full: bool,
}

/// The judgement.
#[derive(Debug)]
pub struct Outcome {
    /// The worst that is done about anything.
    pub action: Action,
    /// In AWS's shape, without what is said of the guardrail itself.
    pub assessment: Map<String, Value>,
    pub usage: Value,
    pub coverage: Value,
    /// All texts, masked where they are to be.
    pub texts: Vec<String>,
}

impl Content {
    /// Texts of which all are judged.
    pub fn of(texts: impl IntoIterator<Item = String>) -> Self {
        let texts = texts.into_iter().map(|text| Text { text, is_guarded: true, is_grounding: false });
        Self { texts: texts.collect(), images: 0 }
    }

    /// What the script sees of it.
    pub fn guarded_text(&self) -> String {
        let guarded = self.texts.iter().filter(|text| text.is_guarded);
        guarded.map(|text| text.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    fn characters(&self, which: impl Fn(&Text) -> bool) -> usize {
        self.texts.iter().filter(|text| which(text)).map(|text| text.text.chars().count()).sum()
    }
}

impl Outcome {
    pub fn intervened(&self) -> bool {
        self.action != Action::None
    }

    /// In AWS's words.
    pub fn reason(&self) -> &'static str {
        match self.action {
            Action::None => "No action.",
            Action::Anonymize => "Guardrail masked.",
            Action::Block => "Guardrail blocked.",
        }
    }
}

/// Judges a content: by what the guardrail finds by itself, and by what the script says that it finds.
pub fn assess(measure: Measure<'_>, content: &Content, script: Option<&Value>) -> Outcome {
    let Measure { definition, screen, source, full } = measure;
    let mut findings = Findings::new(&definition.policies, source, content.texts.len());
    for (index, text) in content.texts.iter().enumerate().filter(|(_, text)| text.is_guarded) {
        findings.look(screen, index, &text.text);
    }
    if let Some(script) = script {
        let seen = |text: &'_ Text| if text.is_guarded { text.text.clone() } else { String::new() };
        let seen: Vec<String> = content.texts.iter().map(seen).collect();
        findings.follow(script, &seen.iter().map(String::as_str).collect::<Vec<_>>());
    }
    if full {
        findings.add_the_rest();
    }
    let action = findings.worst;
    let (mut assessment, masks) = findings.finish();
    let masked =
        content.texts.iter().zip(masks).map(|(text, masks)| {
            replace(&text.text, masks.iter().map(|(place, label)| (place.clone(), label.as_str())))
        });
    let texts = masked.collect();
    let (usage, coverage) = (usage(measure, content), coverage(content));
    let metrics = json!({"guardrailProcessingLatency": 0, "usage": usage, "guardrailCoverage": coverage});
    assessment.insert("invocationMetrics".to_owned(), metrics);
    Outcome { action, assessment, usage, coverage, texts }
}

/// Units of 1,000 characters for every policy that looks at the content.
fn usage(measure: Measure<'_>, content: &Content) -> Value {
    let policies = &measure.definition.policies;
    let units = content.characters(|text| text.is_guarded).div_ceil(UNIT);
    let if_there = |there: bool| if there { units } else { 0 };
    let sensitive = policies.sensitive_information_policy.as_ref();
    let has_entities = sensitive.is_some_and(|policy| policy.pii_entities.iter().flatten().next().is_some());
    let has_regexes = sensitive.is_some_and(|policy| policy.regexes.iter().flatten().next().is_some());
    let grounds = measure.source == Source::Output
        && policies.contextual_grounding_policy.is_some()
        && content.texts.iter().any(|text| text.is_grounding);
    let whole = content.characters(|_| true).div_ceil(UNIT);
    let content_policy = policies.content_policy.as_ref();
    let sees_images = content_policy.is_some_and(|policy| policy.sees_images(measure.source));
    json!({
        "topicPolicyUnits": if_there(policies.topic_policy.is_some()),
        "contentPolicyUnits": if_there(content_policy.is_some()),
        "wordPolicyUnits": if_there(policies.word_policy.is_some()),
        "sensitiveInformationPolicyUnits": if_there(has_entities),
        "sensitiveInformationPolicyFreeUnits": if_there(has_regexes),
        "contextualGroundingPolicyUnits": if grounds { whole } else { 0 },
        "contentPolicyImageUnits": if sees_images { content.images } else { 0 },
    })
}

fn coverage(content: &Content) -> Value {
    let (guarded, total) = (content.characters(|text| text.is_guarded), content.characters(|_| true));
    let mut coverage = json!({"textCharacters": {"guarded": guarded, "total": total}});
    if content.images > 0 {
        coverage["images"] = json!({"guarded": content.images, "total": content.images});
    }
    coverage
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(policies: Value, source: Source, texts: &[&str], script: Option<Value>) -> Outcome {
        let mut definition = json!({"name": "g", "blockedInputMessaging": "no", "blockedOutputsMessaging": "no"});
        definition.as_object_mut().unwrap().extend(policies.as_object().unwrap().clone());
        let definition: Definition = serde_json::from_value(definition).unwrap();
        let definition = definition.settle().unwrap();
        let screen = Screen::new(&definition.policies);
        let content = Content::of(texts.iter().map(|text| (*text).to_owned()));
        assess(Measure { definition: &definition, screen: &screen, source, full: false }, &content, script.as_ref())
    }

    fn sensitive() -> Value {
        json!({"sensitiveInformationPolicyConfig": {
            "piiEntitiesConfig": [
                {"type": "EMAIL", "action": "ANONYMIZE"},
                {"type": "PHONE", "action": "BLOCK", "outputAction": "NONE"},
                {"type": "URL", "action": "BLOCK", "inputEnabled": false},
                {"type": "NAME", "action": "ANONYMIZE"},
            ],
            "regexesConfig": [{"name": "order", "pattern": "ord_\\d+", "action": "ANONYMIZE"}],
        }})
    }

    #[test]
    fn what_is_found_is_masked_blocked_or_told() {
        for (source, text, action, masked) in [
            (Source::Input, "all is well", Action::None, "all is well"),
            (Source::Input, "a@b.de has ord_7", Action::Anonymize, "{EMAIL} has {order}"),
            (Source::Input, "555-123-4567 a@b.de", Action::Block, "555-123-4567 {EMAIL}"),
            (Source::Output, "555-123-4567", Action::None, "555-123-4567"),
            (Source::Input, "https://a.de", Action::None, "https://a.de"),
            (Source::Output, "https://a.de", Action::Block, "https://a.de"),
        ] {
            let outcome = judge(sensitive(), source, &[text], None);
            assert_eq!((outcome.action, outcome.texts), (action, vec![masked.to_owned()]), "{text}");
        }
    }

    #[test]
    fn an_assessment_has_the_shape_of_aws_s() {
        let outcome = judge(sensitive(), Source::Output, &["a@b.de, a@b.de", "555-123-4567, ord_7"], None);
        let expected = json!({
            "piiEntities": [
                {"match": "a@b.de", "type": "EMAIL", "action": "ANONYMIZED", "detected": true},
                {"match": "555-123-4567", "type": "PHONE", "action": "NONE", "detected": true},
            ],
            "regexes": [{"name": "order", "match": "ord_7", "regex": "ord_\\d+", "action": "ANONYMIZED", "detected": true}],
        });
        assert_eq!(outcome.assessment["sensitiveInformationPolicy"], expected);
        let words = json!({"wordPolicyConfig": {
            "wordsConfig": [{"text": "stock tips"}],
            "managedWordListsConfig": [{"type": "PROFANITY", "inputAction": "NONE"}],
        }});
        let outcome = judge(words, Source::Input, &["Shit, no Stock Tips"], None);
        let expected = json!({
            "customWords": [{"match": "Stock Tips", "action": "BLOCKED", "detected": true}],
            "managedWordLists": [{"match": "Shit", "type": "PROFANITY", "action": "NONE", "detected": true}],
        });
        assert_eq!(outcome.assessment["wordPolicy"], expected);
        assert_eq!((outcome.usage["wordPolicyUnits"].clone(), outcome.action), (json!(1), Action::Block));
    }

    #[test]
    fn the_script_says_what_only_a_model_finds() {
        let topics = json!({"topicPolicyConfig": {"topicsConfig": [
            {"name": "Finance", "definition": "money", "type": "DENY", "outputEnabled": false},
        ]}});
        let finance = json!({"topicPolicy": {"topics": [{"name": "Finance"}]}});
        let outcome = judge(topics.clone(), Source::Input, &["hm"], Some(finance.clone()));
        let expected = json!([{"name": "Finance", "type": "DENY", "action": "BLOCKED", "detected": true}]);
        assert_eq!((outcome.action, &outcome.assessment["topicPolicy"]["topics"]), (Action::Block, &expected));
        // Any intervention that leaves no trace blocks: the script has the last word.
        let outcome = judge(topics.clone(), Source::Output, &["hm"], Some(json!({})));
        assert_eq!(outcome.action, Action::Block);
        let name = json!({"sensitiveInformationPolicy": {"piiEntities": [{"type": "NAME", "match": "Jane"}]}});
        let outcome = judge(sensitive(), Source::Input, &["Jane knows Jane"], Some(name));
        assert_eq!((outcome.action, &*outcome.texts[0]), (Action::Anonymize, "{NAME} knows {NAME}"));
        let grounding =
            json!({"contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "GROUNDING", "threshold": 0.7}]}});
        for (score, action) in [(0.5, Action::Block), (0.9, Action::None)] {
            let script = json!({"contextualGroundingPolicy": {"filters": [{"type": "GROUNDING", "score": score}]}});
            let outcome = judge(grounding.clone(), Source::Output, &["hm"], Some(script));
            assert_eq!(outcome.action, action);
            assert_eq!(outcome.assessment["contextualGroundingPolicy"]["filters"][0]["threshold"], 0.7);
        }
    }
}
