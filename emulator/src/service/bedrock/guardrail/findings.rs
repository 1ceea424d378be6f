//! What is found in a content, by the guardrail itself or by the script, in the shape of AWS's assessments.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::matching::profanity::PROFANITY;
use super::matching::{pii, without_overlaps};
use super::policy::Policies;
use super::policy::sides::{Action, Source};
use super::screen::Screen;

/// What is masked in one text, and as what.
pub type Masks = Vec<(Range<usize>, String)>;

/// The findings so far.
#[derive(Debug)]
pub struct Findings<'a> {
    policies: &'a Policies,
    source: Source,
    /// By policy and list: `wordPolicy`, `customWords`.
    lists: Map<String, Value>,
    /// The worst that is done about any of them.
    pub worst: Action,
    /// By text.
    masks: Vec<Masks>,
}

/// The lists of each policy's assessment, and the name of a finding in them.
const LISTS: &[(&str, &[&str])] = &[
    ("topicPolicy", &["topics"]),
    ("contentPolicy", &["filters"]),
    ("wordPolicy", &["customWords", "managedWordLists"]),
    ("sensitiveInformationPolicy", &["piiEntities", "regexes"]),
    ("contextualGroundingPolicy", &["filters"]),
];

impl<'a> Findings<'a> {
    pub fn new(policies: &'a Policies, source: Source, texts: usize) -> Self {
        Self { policies, source, lists: Map::new(), worst: Action::None, masks: vec![Vec::new(); texts] }
    }

    /// What the guardrail finds by itself in one text.
    pub fn look(&mut self, screen: &Screen, index: usize, text: &str) {
        self.look_for_words(screen, text);
        self.look_for_profanity(text);
        self.look_for_personal_data(index, text);
        self.look_for_patterns(screen, index, text);
    }

    fn look_for_words(&mut self, screen: &Screen, text: &str) {
        let Some(words) = self.policies.word_policy.as_ref().and_then(|policy| policy.words.as_ref()) else { return };
        for (place, which) in screen.words.find(text) {
            let Some(action) = words.get(which).and_then(|word| word.sides.action(self.source)) else { continue };
            self.add("wordPolicy", "customWords", json!({"match": &text[place]}), action);
        }
    }

    fn look_for_profanity(&mut self, text: &str) {
        let (policies, source) = (self.policies, self.source);
        let lists = policies.word_policy.iter().flat_map(|policy| policy.managed_word_lists.iter().flatten());
        for action in lists.filter_map(|list| list.sides.action(source)) {
            for (place, _) in PROFANITY.find(text) {
                let found = json!({"match": &text[place], "type": "PROFANITY"});
                self.add("wordPolicy", "managedWordLists", found, action);
            }
        }
    }

    fn look_for_personal_data(&mut self, index: usize, text: &str) {
        let policy = self.policies.sensitive_information_policy.as_ref();
        let entities = policy.into_iter().flat_map(|policy| policy.pii_entities.iter().flatten());
        let mut places = Vec::new();
        for entity in entities {
            let (Some(kind), Some(action)) = (&entity.kind, entity.sides.action(self.source)) else { continue };
            places.extend(pii::find(kind, text).into_iter().map(|place| (place, (kind.as_str(), action))));
        }
        for (place, (kind, action)) in without_overlaps(places) {
            let found = json!({"match": &text[place.clone()], "type": kind});
            self.add("sensitiveInformationPolicy", "piiEntities", found, action);
            self.mask(index, place, kind, action);
        }
    }

    fn look_for_patterns(&mut self, screen: &Screen, index: usize, text: &str) {
        let policy = self.policies.sensitive_information_policy.as_ref();
        let filters = policy.into_iter().flat_map(|policy| policy.regexes.iter().flatten());
        for (filter, regex) in filters.zip(&screen.regexes) {
            let (Some(name), Some(action)) = (&filter.name, filter.sides.action(self.source)) else { continue };
            for found in regex.find_iter(text).filter(|found| !found.is_empty()) {
                let place = found.range();
                let found = json!({"name": name, "match": found.as_str(), "regex": regex.as_str()});
                self.add("sensitiveInformationPolicy", "regexes", found, action);
                self.mask(index, place, name, action);
            }
        }
    }

    /// What the script says that is found. Where it says nothing of an action, the guardrail's own is taken.
    pub fn follow(&mut self, script: &Value, texts: &[&str]) {
        let mut says_why = false;
        for (policy, lists) in LISTS {
            for list in *lists {
                let told = script.get(policy).and_then(|policy| policy.get(list)).and_then(Value::as_array);
                for found in told.into_iter().flatten().filter_map(Value::as_object) {
                    says_why = true;
                    self.follow_one(policy, list, found, texts);
                }
            }
        }
        if !says_why {
            self.worst = Action::Block;
        }
    }

    fn follow_one(&mut self, policy: &str, list: &str, found: &Map<String, Value>, texts: &[&str]) {
        let text_of = |name: &str| found.get(name).and_then(Value::as_str);
        let mut whole = Map::new();
        let action = match (policy, list) {
            ("topicPolicy", _) => {
                whole.insert("type".to_owned(), "DENY".into());
                let topic = self.policies.topic_policy.as_ref().and_then(|policy| policy.named(text_of("name")?));
                topic.map_or(Some(Action::Block), |topic| topic.sides.action(self.source))
            }
            ("contentPolicy", _) => {
                whole.insert("confidence".to_owned(), "HIGH".into());
                let filter = self.policies.content_policy.as_ref().and_then(|policy| policy.of_type(text_of("type")?));
                let strength = filter.map(|filter| filter.strength(self.source));
                whole.extend(strength.map(|strength| ("filterStrength".to_owned(), strength.into())));
                filter.map_or(Some(Action::Block), |filter| filter.sides.action(self.source))
            }
            ("contextualGroundingPolicy", _) => self.ground(found, &mut whole),
            ("sensitiveInformationPolicy", _) => self.sensitive_action(list, found),
            _ => {
                if list == "managedWordLists" {
                    whole.insert("type".to_owned(), "PROFANITY".into());
                }
                Some(Action::Block)
            }
        };
        let Some(action) = text_of("action").map(Action::parse).or(action) else { return };
        whole.extend(found.clone());
        let label = text_of(if list == "regexes" { "name" } else { "type" });
        if let (Action::Anonymize, Some(label), Some(found)) = (action, label, text_of("match")) {
            for (index, text) in texts.iter().enumerate() {
                for (at, found) in text.match_indices(found) {
                    self.mask(index, at..at + found.len(), label, action);
                }
            }
        }
        self.add(policy, list, Value::Object(whole), action);
    }

    /// A score below its threshold is what the filter acts on.
    fn ground(&self, found: &Map<String, Value>, whole: &mut Map<String, Value>) -> Option<Action> {
        let kind = found.get("type").and_then(Value::as_str).unwrap_or_default();
        let filter = self.policies.contextual_grounding_policy.as_ref().and_then(|policy| policy.of_type(kind));
        let number = |name: &str| found.get(name).and_then(Value::as_f64);
        let threshold = number("threshold").or_else(|| filter?.threshold).unwrap_or(0.0);
        let score = number("score").unwrap_or(0.0);
        whole.insert("threshold".to_owned(), threshold.into());
        whole.insert("score".to_owned(), score.into());
        match filter {
            Some(filter) if filter.enabled == Some(false) => None,
            Some(filter) if score < threshold => Some(filter.action()),
            None if score < threshold || threshold == 0.0 => Some(Action::Block),
            _ => Some(Action::None),
        }
    }

    fn sensitive_action(&self, list: &str, found: &Map<String, Value>) -> Option<Action> {
        let policy = self.policies.sensitive_information_policy.as_ref();
        let text_of = |name: &str| found.get(name).and_then(Value::as_str);
        let sides = if list == "regexes" {
            let mut regexes = policy.into_iter().flat_map(|policy| policy.regexes.iter().flatten());
            regexes.find(|regex| regex.name.as_deref() == text_of("name")).map(|regex| &regex.sides)
        } else {
            let mut entities = policy.into_iter().flat_map(|policy| policy.pii_entities.iter().flatten());
            entities.find(|entity| entity.kind.as_deref() == text_of("type")).map(|entity| &entity.sides)
        };
        sides.map_or(Some(Action::Block), |sides| sides.action(self.source))
    }

    /// For whoever wants everything: topics and filters of content in which nothing was found.
    pub fn add_the_rest(&mut self) {
        let (policies, source) = (self.policies, self.source);
        let topics = policies.topic_policy.iter().flat_map(|policy| policy.topics.iter().flatten());
        for topic in topics.filter(|topic| topic.sides.action(source).is_some()) {
            self.add_undetected("topicPolicy", "topics", "name", json!({"name": topic.name, "type": "DENY"}));
        }
        let filters = policies.content_policy.iter().flat_map(|policy| policy.filters.iter().flatten());
        for filter in filters.filter(|filter| filter.sides.action(source).is_some()) {
            let strength = filter.strength(source);
            if strength != "NONE" {
                let filter = json!({"type": filter.kind, "confidence": "NONE", "filterStrength": strength});
                self.add_undetected("contentPolicy", "filters", "type", filter);
            }
        }
    }

    fn add_undetected(&mut self, policy: &str, list: &str, key: &str, mut entry: Value) {
        let known = self.list(policy, list);
        if known.iter().any(|found| found.get(key) == entry.get(key)) {
            return;
        }
        entry["action"] = "NONE".into();
        entry["detected"] = false.into();
        known.push(entry);
    }

    /// Adds a finding, once.
    fn add(&mut self, policy: &str, list: &str, mut found: Value, action: Action) {
        found["action"] = action.as_done().into();
        if found.get("detected").is_none() {
            found["detected"] = true.into();
        }
        self.worst = self.worst.max(action);
        let known = self.list(policy, list);
        if !known.contains(&found) {
            known.push(found);
        }
    }

    fn mask(&mut self, index: usize, place: Range<usize>, label: &str, action: Action) {
        if let (Action::Anonymize, Some(masks)) = (action, self.masks.get_mut(index)) {
            masks.push((place, label.to_owned()));
        }
    }

    fn list(&mut self, policy: &str, list: &str) -> &mut Vec<Value> {
        let lists = LISTS.iter().find(|(name, _)| *name == policy).map_or(&[][..], |(_, lists)| *lists);
        let empty = || Value::Object(lists.iter().map(|name| ((*name).to_owned(), json!([]))).collect());
        let policy = self.lists.entry(policy).or_insert_with(empty);
        policy.get_mut(list).and_then(Value::as_array_mut).expect("every policy begins with its lists")
    }

    /// The assessment so far, and what is masked in each text, in order.
    pub fn finish(self) -> (Map<String, Value>, Vec<Masks>) {
        (self.lists, self.masks.into_iter().map(without_overlaps).collect())
    }
}
