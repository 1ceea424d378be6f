//! How each mutation changes what is said.

use serde_json::{Map, Value, json};

use super::chance::Chance;
use super::draft::{Cut, Draft, Part};
use super::json_path::JsonPath;
use super::moment::Moment;
use super::mutation::Mutation;
use super::reply::StopReason;

const PROSE_BEFORE: &str = "Sure! Here is the JSON you asked for:\n\n";
const PROSE_AFTER: &str = "\n\nLet me know if you would like me to change anything.";
const REFUSAL: &str = "I'm sorry, but I can't help with that.";
const REASONING: &str = "Let me think about this step by step before I answer.";

impl Mutation {
    pub fn apply(&self, draft: &mut Draft, moment: &mut Moment<'_>) {
        match self {
            Self::TruncateJson(after) => texts(draft, |text| truncated(text, *after)),
            Self::ProseAround => texts(draft, |text| format!("{PROSE_BEFORE}{text}{PROSE_AFTER}")),
            Self::CodeFence(language) => {
                let language = language.as_deref().unwrap_or("json");
                texts(draft, |text| format!("```{language}\n{text}\n```"));
            }
            Self::WrongSchema(instead) => documents(draft, |value| wrong_schema(value, instead.as_ref())),
            Self::MissingField(path) => {
                documents(draft, |value| missing_field(value, path.as_ref(), &mut moment.chance))
            }
            Self::ExtraItems(count) => documents(draft, |value| extra_items(value, count.unwrap_or(1))),
            Self::NumbersAsStrings(path) => documents(draft, |value| as_strings(value, path.as_ref(), |_| true)),
            Self::FloatAsString(path) => documents(draft, |value| as_strings(value, path.as_ref(), is_float)),
            Self::UnknownTool(name) => unknown_tool(draft, name.as_deref(), &moment.scene.tools),
            Self::BadToolInput(input) => bad_tool_input(draft, input.as_ref(), &mut moment.chance),
            Self::DuplicateToolUseId => duplicate_tool_use_id(draft, moment),
            Self::ToolLoop => tool_loop(draft, moment),
            Self::Refusal(words) => refuse(draft, words.as_deref().unwrap_or(REFUSAL)),
            Self::MaxTokens(tokens) => max_tokens(draft, *tokens),
            Self::EmptyContent => {
                draft.parts.clear();
                draft.stop_reason.get_or_insert(StopReason::EndTurn);
            }
            Self::ReasoningFirst(words) => reasoning_first(draft, words.as_deref().unwrap_or(REASONING), moment),
        }
    }
}

fn texts(draft: &mut Draft, change: impl Fn(&str) -> String) {
    for part in &mut draft.parts {
        if let Part::Text { cut, .. } = part {
            cut.say(change(&cut.text));
        }
    }
}

/// Changes texts that are JSON. Others stay as they are.
fn documents(draft: &mut Draft, mut change: impl FnMut(&mut Value)) {
    for part in &mut draft.parts {
        if let Part::Text { cut, .. } = part
            && let Ok(mut value) = serde_json::from_str::<Value>(&cut.text)
        {
            change(&mut value);
            cut.say(value.to_string());
        }
    }
}

fn truncated(text: &str, after: Option<usize>) -> String {
    let kept = after.unwrap_or(text.chars().count() * 2 / 3);
    text.chars().take(kept).collect()
}

/// Everything is there, but in another place.
fn wrong_schema(value: &mut Value, instead: Option<&Value>) {
    let there = value.take();
    *value = match (instead, there) {
        (Some(instead), _) => instead.clone(),
        (None, Value::Array(items)) => json!({ "items": items }),
        (None, Value::Object(members)) => json!({ "result": members }),
        (None, other) => json!({ "value": other }),
    };
}

fn missing_field(value: &mut Value, path: Option<&JsonPath>, chance: &mut Chance<'_>) {
    if let Some(path) = path {
        path.remove(value);
        return;
    }
    let chosen = chance.place(members(value));
    remove_member(value, &mut { chosen });
}

/// How many members all objects in it have together.
fn members(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(members).sum(),
        Value::Object(inside) => inside.len() + inside.values().map(members).sum::<usize>(),
        _ => 0,
    }
}

/// Removes the member of this number, counted as [`members`] does. Says whether it was in here.
fn remove_member(value: &mut Value, number: &mut usize) -> bool {
    match value {
        Value::Array(items) => items.iter_mut().any(|item| remove_member(item, number)),
        Value::Object(inside) => {
            let name = inside.keys().nth(*number).cloned();
            if let Some(name) = name {
                inside.shift_remove(&name);
                return true;
            }
            *number -= inside.len();
            inside.values_mut().any(|member| remove_member(member, number))
        }
        _ => false,
    }
}

/// The first list in it has its last item so many times more.
fn extra_items(value: &mut Value, count: usize) {
    /// What a list of nothing has more of is nothing.
    const MOST: usize = 10_000;
    if let Some(items) = first_list(value) {
        let last = items.last().cloned().unwrap_or_default();
        items.extend(std::iter::repeat_n(last, count.min(MOST)));
    }
}

fn first_list(value: &mut Value) -> Option<&mut Vec<Value>> {
    match value {
        Value::Array(items) => Some(items),
        Value::Object(members) => members.values_mut().find_map(first_list),
        _ => None,
    }
}

fn as_strings(value: &mut Value, path: Option<&JsonPath>, which: fn(&Value) -> bool) {
    match path {
        Some(path) => {
            path.change(value, &mut |value| numbers_to_strings(value, which));
        }
        None => numbers_to_strings(value, which),
    }
}

fn numbers_to_strings(value: &mut Value, which: fn(&Value) -> bool) {
    match value {
        Value::Number(number) => {
            let text = number.to_string();
            if which(value) {
                *value = Value::String(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| numbers_to_strings(item, which)),
        Value::Object(members) => members.values_mut().for_each(|member| numbers_to_strings(member, which)),
        _ => {}
    }
}

fn is_float(value: &Value) -> bool {
    value.is_f64()
}

/// The first tool that is asked for gets a name that is not on offer.
fn unknown_tool(draft: &mut Draft, instead: Option<&str>, offered: &[String]) {
    let used = draft.parts.iter_mut().find_map(|part| match part {
        Part::ToolUse { name, .. } => Some(name),
        _ => None,
    });
    let Some(name) = used else { return };
    *name = match instead {
        Some(instead) => instead.to_owned(),
        None => {
            // A name has 64 letters at most.
            let stem: String = name.chars().take(56).collect();
            let mut names = (2..).map(|number: u32| format!("{stem}_v{number}"));
            names.find(|name| !offered.contains(name)).unwrap_or(stem)
        }
    };
}

fn bad_tool_input(draft: &mut Draft, instead: Option<&Value>, chance: &mut Chance<'_>) {
    let inputs = draft.parts.iter_mut().filter_map(|part| match part {
        Part::ToolUse { input, .. } => Some(input),
        _ => None,
    });
    for cut in inputs {
        let input = match (instead, serde_json::from_str(&cut.text)) {
            (Some(instead), _) => instead.clone(),
            (None, Ok(Value::Object(members))) => spoilt(members, chance),
            (None, _) => continue,
        };
        cut.say(input.to_string());
        cut.pieces = super::draft::Pieces::Split(1);
    }
}

/// One member is missing or of another type; where there is none, one is there that nobody knows.
fn spoilt(mut members: Map<String, Value>, chance: &mut Chance<'_>) -> Value {
    let name = members.keys().nth(chance.place(members.len())).cloned();
    let Some(name) = name else { return json!({"unexpected": true}) };
    if chance.place(2) == 0 {
        members.shift_remove(&name);
    } else if let Some(value) = members.get_mut(&name) {
        *value = match value.take() {
            Value::String(text) => json!([text]),
            other => Value::String(other.to_string()),
        };
    }
    Value::Object(members)
}

/// The second use has the first one's id; a single use has that of the last result, or is there twice.
fn duplicate_tool_use_id(draft: &mut Draft, moment: &Moment<'_>) {
    let mut uses = draft.parts.iter_mut().filter_map(|part| match part {
        Part::ToolUse { id, .. } => Some(id),
        _ => None,
    });
    let Some(first) = uses.next() else { return };
    match uses.next() {
        Some(second) => second.clone_from(first),
        None => match moment.scene.tool_results.last() {
            Some(result) => first.clone_from(&result.tool_use_id),
            None => {
                let once = draft.parts.iter().find(|part| matches!(part, Part::ToolUse { .. })).cloned();
                draft.parts.extend(once);
            }
        },
    }
}

/// A reply that asks for no tool asks for the first on offer. That it is given again is the rule's business.
fn tool_loop(draft: &mut Draft, moment: &mut Moment<'_>) {
    if draft.parts.iter().any(|part| matches!(part, Part::ToolUse { .. })) {
        return;
    }
    if let Some(name) = moment.scene.tools.first() {
        let id = moment.chance.tool_use_id();
        draft.parts.push(Part::tool_use(id, name, &json!({})));
    }
}

fn refuse(draft: &mut Draft, words: &str) {
    draft.parts = vec![Part::Text { cut: Cut::words(words), citations: Vec::new() }];
    draft.stop_reason = None;
}

/// Keeps so many tokens, else half of them; what comes after is not said.
fn max_tokens(draft: &mut Draft, tokens: Option<u32>) {
    let said = |part: &Part| part.cut().map_or(0, |cut| cut.text.chars().count());
    let all: usize = draft.parts.iter().map(said).sum();
    let mut left = tokens.map_or(all / 2, |tokens| (tokens as usize).saturating_mul(4));
    draft.parts.retain_mut(|part| {
        let length = said(part);
        let kept = length.min(left);
        let begins = left > 0 || length == 0;
        left -= kept;
        if let Some(cut) = part.cut_mut()
            && kept < length
        {
            cut.say(cut.text.chars().take(kept).collect());
        }
        begins
    });
    draft.stop_reason = Some(StopReason::MaxTokens);
}

fn reasoning_first(draft: &mut Draft, words: &str, moment: &mut Moment<'_>) {
    let signature: String = (0..32).map(|_| moment.chance.random().alphanumeric()).collect();
    draft.parts.insert(0, Part::Reasoning { cut: Cut::words(words), signature: Some(signature) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Ids, Timestamp};
    use crate::service::bedrock::script::{Act, Captures, Defaults, Reply, Scene, ToolResult};

    /// What is said, block by block, and why it ends.
    fn said(yaml: &str, seed: u64) -> String {
        let reply: Reply = serde_saphyr::from_str(yaml).expect(yaml);
        let result = ToolResult { tool_use_id: "before".to_owned(), ..ToolResult::default() };
        let tool_results = if yaml.contains("# with a result") { vec![result] } else { Vec::new() };
        let scene = Scene { tools: vec!["get".to_owned(), "get_v2".to_owned()], tool_results, ..Scene::default() };
        let ids = Ids::seeded(7);
        let mut moment = Moment {
            scene: &scene,
            captures: &Captures::new(),
            defaults: &Defaults::default(),
            count: 1,
            now: Timestamp::from_secs(0),
            chance: Chance::seeded(seed, "rule", "", 1, &ids),
        };
        let Ok(Act::Speak(performance)) = reply.act(&mut moment) else { panic!("{yaml}") };
        use crate::service::bedrock::script::Block;
        let blocks = performance.blocks.iter().map(|block| match block {
            Block::Text { .. } => block.text(),
            Block::Reasoning { signature, .. } => format!("(thinks {}, {})", block.text(), signature.is_some()),
            Block::RedactedReasoning { data } => format!("(redacted {data})"),
            Block::ToolUse { id, name, .. } => format!("{name}#{}{}", &id[..id.len().min(7)], block.text()),
        });
        let blocks: Vec<String> = blocks.collect();
        format!("{} > {}", blocks.join(" | "), performance.stop_reason.as_str())
    }

    #[test]
    fn each_mutation_changes_what_is_said() {
        for (yaml, expected) in [
            ("{json: [1], mutate: truncate_json}", "[1 > end_turn"),
            ("{json: [1, 2], mutate: {truncate_json: 2}}", "[1 > end_turn"),
            (
                "{text: '[]', mutate: prose_around}",
                "Sure! Here is the JSON you asked for:\n\n[]\n\nLet me know if you would like me to change anything. > \
                 end_turn",
            ),
            ("{json: [1], mutate: code_fence}", "```json\n[1]\n``` > end_turn"),
            ("{json: [1], mutate: [truncate_json, {code_fence: ''}]}", "```\n[1\n``` > end_turn"),
            ("{json: [1], mutate: wrong_schema}", "{\"items\":[1]} > end_turn"),
            ("{json: {a: 1}, mutate: wrong_schema}", "{\"result\":{\"a\":1}} > end_turn"),
            ("{json: {a: 1}, mutate: {wrong_schema: [7]}}", "[7] > end_turn"),
            ("{json: [{a: 1, b: 2}], mutate: {missing_field: '$[0].a'}}", "[{\"b\":2}] > end_turn"),
            ("{json: [{a: 1}], mutate: missing_field}", "[{}] > end_turn"),
            ("{json: [], mutate: missing_field}", "[] > end_turn"),
            ("{json: {n: 7, list: [1, 2]}, mutate: extra_items}", "{\"n\":7,\"list\":[1,2,2]} > end_turn"),
            ("{json: [], mutate: {extra_items: 2}}", "[null,null] > end_turn"),
            ("{json: {a: 0.5, b: [7]}, mutate: numbers_as_strings}", "{\"a\":\"0.5\",\"b\":[\"7\"]} > end_turn"),
            ("{json: {a: 0.5, b: [7]}, mutate: float_as_string}", "{\"a\":\"0.5\",\"b\":[7]} > end_turn"),
            ("{json: {a: 1, b: 2}, mutate: {numbers_as_strings: '$.b'}}", "{\"a\":1,\"b\":\"2\"} > end_turn"),
            ("{text: no JSON, mutate: float_as_string}", "no JSON > end_turn"),
            ("{tool_use: {name: get, id: t}, mutate: unknown_tool}", "get_v3#t{} > tool_use"),
            ("{tool_use: {name: get, id: t}, mutate: {unknown_tool: put}}", "put#t{} > tool_use"),
            ("{tool_use: {name: get, id: t}, mutate: bad_tool_input}", "get#t{\"unexpected\":true} > tool_use"),
            ("{tool_use: {name: get, id: t}, mutate: {bad_tool_input: [1]}}", "get#t[1] > tool_use"),
            ("{tool_use: {name: get, id: t, input_text: '{\"a'}}", "get#t{\"a > tool_use"),
            (
                "{tool_use: [{name: get, id: t}, {name: put, id: u}], mutate: duplicate_tool_use_id}",
                "get#t{} | put#t{} > tool_use",
            ),
            ("{tool_use: {name: get, id: t}, mutate: duplicate_tool_use_id}", "get#t{} | get#t{} > tool_use"),
            (
                "{tool_use: {name: get, id: t}, mutate: duplicate_tool_use_id} # with a result",
                "get#before{} > tool_use",
            ),
            ("{text: again, mutate: tool_loop}", "again | get#tooluse{} > tool_use"),
            ("{tool_use: {name: put, id: t}, mutate: tool_loop}", "put#t{} > tool_use"),
            (
                "{json: [1], tool_use: {name: get}, mutate: refusal}",
                "I'm sorry, but I can't help with that. > end_turn",
            ),
            ("{text: a, mutate: {refusal: No.}}", "No. > end_turn"),
            ("{text: abcdefgh, mutate: max_tokens}", "abcd > max_tokens"),
            (
                "{text: abcdefgh, tool_use: {name: get, id: t, input: {a: 1}}, mutate: {max_tokens: 3}}",
                "abcdefgh | get#t{\"a\" > max_tokens",
            ),
            ("{text: abcd, tool_use: {name: get, id: t}, mutate: {max_tokens: 1}}", "abcd > max_tokens"),
            ("{text: abcd, mutate: empty_content}", " > end_turn"),
            ("{text: abcd, mutate: {reasoning_first: hm}}", "(thinks hm, true) | abcd > end_turn"),
            ("{guardrail: {}}", "Sorry, the model cannot answer this question. > guardrail_intervened"),
            ("{guardrail: {}, text: No.}", "No. > guardrail_intervened"),
            ("{text: a, stop_sequence: END}", "a > stop_sequence"),
        ] {
            assert_eq!(said(yaml, 7), expected, "{yaml}");
        }
    }

    #[test]
    fn what_is_chosen_is_chosen_by_the_seed() {
        for (yaml, count) in [
            ("{json: [{a: 1, b: {c: 2}}], mutate: missing_field}", 3),
            ("{tool_use: {name: get, id: t, input: {a: 1, b: x}}, mutate: bad_tool_input}", 4),
        ] {
            let mut all: Vec<String> = (0..60).map(|seed| said(yaml, seed)).collect();
            assert_eq!(all, (0..60).map(|seed| said(yaml, seed)).collect::<Vec<_>>());
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count, "{all:?}");
        }
    }
}
