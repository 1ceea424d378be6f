//! The compiled matcher and the index, held against a matcher that reads the pattern's JSON anew for every event,
//! straight from AWS's words, on random events and patterns.
//!
//! "The event must contain all the field names listed in the event pattern", "with the same nesting structure"; "the
//! event pattern matches the event if any of the values in the array match the value in the event"; and two fields
//! never match "within JSON objects that are in different elements of the same array", which is to say: an event
//! matches if it does with some one element chosen from each of its arrays.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{Index, Pattern};

const CASES: usize = 80;
/// Patterns, and events, in one case.
const RULES: usize = 14;

/// Whether an event with arrays matches.
fn matches(pattern: &Value, event: &Value) -> bool {
    choices(event).iter().any(|event| matches_object(pattern, Some(event)))
}

/// The event with one element chosen from each array, in every way. An empty array leaves nothing.
fn choices(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(elements) if elements.is_empty() => vec![json!({})],
        Value::Array(elements) => elements.iter().flat_map(choices).collect(),
        Value::Object(fields) => fields.iter().fold(vec![json!({})], |events, (name, field)| {
            let fields = choices(field);
            events.iter().flat_map(|event| fields.iter().map(|field| with(event, name, field))).collect()
        }),
        scalar => vec![scalar.clone()],
    }
}

fn with(event: &Value, name: &str, field: &Value) -> Value {
    let mut event = event.clone();
    event[name] = field.clone();
    event
}

fn matches_object(pattern: &Value, event: Option<&Value>) -> bool {
    pattern.as_object().unwrap().iter().all(|(name, wanted)| {
        if name == "$or" {
            return wanted.as_array().unwrap().iter().any(|wanted| matches_object(wanted, event));
        }
        let value = event.and_then(|event| event.get(name));
        match wanted {
            Value::Array(wanted) => {
                let value = value.filter(|value| !value.is_object());
                wanted.iter().any(|wanted| matches_value(wanted, value))
            }
            below => matches_object(below, value),
        }
    })
}

fn matches_value(wanted: &Value, value: Option<&Value>) -> bool {
    let expression = wanted.as_object().and_then(|expression| expression.iter().next());
    let Some((operator, operand)) = expression else {
        return value.is_some_and(|value| match (wanted.as_f64(), value.as_f64()) {
            (Some(wanted), Some(value)) => wanted == value,
            _ => wanted == value,
        });
    };
    if operator == "exists" {
        return operand.as_bool() == Some(value.is_some());
    }
    let Some(value) = value else { return false };
    match operator.as_str() {
        "anything-but" => match operand {
            Value::Array(all) => !all.iter().any(|one| matches_value(one, Some(value))),
            Value::Object(inner) => {
                let (operator, operands) = inner.iter().next().unwrap();
                let all = operands.as_array().cloned().unwrap_or_else(|| vec![operands.clone()]);
                !all.iter().any(|one| matches_value(&json!({ operator: one }), Some(value)))
            }
            one => !matches_value(one, Some(value)),
        },
        "numeric" => value.as_f64().is_some_and(|value| in_range(operand.as_array().unwrap(), value)),
        _ => value.as_str().is_some_and(|text| matches_text(operator, operand, text)),
    }
}

fn in_range(range: &[Value], value: f64) -> bool {
    range.chunks(2).all(|bound| {
        let number = bound[1].as_f64().unwrap();
        match bound[0].as_str().unwrap() {
            "=" => value == number,
            "<" => value < number,
            "<=" => value <= number,
            ">" => value > number,
            _ => value >= number,
        }
    })
}

fn matches_text(operator: &str, operand: &Value, text: &str) -> bool {
    if let Some(folded) = operand.get("equals-ignore-case") {
        let folded = json!(folded.as_str().unwrap().to_lowercase());
        return matches_text(operator, &folded, &text.to_lowercase());
    }
    let operand = operand.as_str().unwrap();
    match operator {
        "prefix" => text.starts_with(operand),
        "suffix" => text.ends_with(operand),
        "equals-ignore-case" => text.to_lowercase() == operand.to_lowercase(),
        "wildcard" => matches_wildcard(operand, text),
        _ => {
            let octets = |text: &str| text.split('.').map(|part| part.parse::<u8>().ok()).collect::<Option<Vec<_>>>();
            let (network, bits) = operand.split_once('/').unwrap();
            let whole = bits.parse::<usize>().unwrap() / 8;
            octets(text).is_some_and(|octets_of| {
                octets_of.len() == 4 && octets_of[..whole] == octets(network).unwrap()[..whole]
            })
        }
    }
}

fn matches_wildcard(wildcard: &str, text: &str) -> bool {
    match wildcard.chars().next() {
        None => text.is_empty(),
        Some('*') => (0..=text.len()).any(|at| matches_wildcard(&wildcard[1..], &text[at..])),
        Some(character) => text.starts_with(character) && matches_wildcard(&wildcard[1..], &text[1..]),
    }
}

/// What a case may hold. Absence in arrays has rules of its own, which have tests of their own.
#[derive(Clone, Copy)]
struct Kind {
    arrays_of_objects: bool,
    absence: bool,
}

fn text(random: &mut Rng) -> String {
    const TEXTS: [&str; 10] = ["", "a", "b", "ab", "Ab", "abc", "bab", "10.0.0.1", "10.0.1.7", "10.9.0.1"];
    random.choice(TEXTS).unwrap().to_owned()
}

fn number(random: &mut Rng) -> Value {
    random.choice([json!(0), json!(1), json!(-1.5), json!(2.0), json!(2), json!(300), json!(3.0e2)]).unwrap()
}

fn scalar(random: &mut Rng) -> Value {
    match random.u8(..8) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 | 3 => number(random),
        _ => json!(text(random)),
    }
}

fn name(random: &mut Rng) -> &'static str {
    random.choice(["a", "a", "b", "b", "c"]).unwrap()
}

fn event(random: &mut Rng, kind: Kind, depth: usize) -> Value {
    let mut fields = Map::new();
    for _ in 0..random.usize(2..5) {
        let value = match random.u8(..8) {
            0..=2 if depth > 0 => event(random, kind, depth - 1),
            3 if depth > 0 && kind.arrays_of_objects => {
                (0..random.usize(1..3)).map(|_| event(random, kind, depth - 1)).collect()
            }
            4 => (0..random.usize(..3)).map(|_| scalar(random)).collect(),
            _ => scalar(random),
        };
        fields.insert(name(random).to_owned(), value);
    }
    Value::Object(fields)
}

fn operator(random: &mut Rng, kind: Kind) -> Value {
    let wildcard = |random: &mut Rng| random.choice(["*", "a*", "*b", "a*c", "*a*", "ab", "10.*.1"]).unwrap();
    match random.u8(..14) {
        0 => json!({"prefix": text(random)}),
        1 => json!({"suffix": text(random)}),
        2 => json!({"equals-ignore-case": text(random)}),
        3 => json!({"prefix": {"equals-ignore-case": text(random)}}),
        4 => json!({"suffix": {"equals-ignore-case": text(random)}}),
        5 => json!({"anything-but": text(random)}),
        6 => json!({"anything-but": [number(random), number(random)]}),
        7 => json!({"anything-but": {"prefix": ["a", "1"]}}),
        8 => json!({"anything-but": {"equals-ignore-case": [text(random)]}}),
        9 => json!({"anything-but": {"wildcard": wildcard(random)}}),
        10 => json!({"wildcard": wildcard(random)}),
        11 => json!({"cidr": random.choice(["10.0.0.0/24", "10.0.0.9/16", "10.0.0.0/8", "0.0.0.0/0"]).unwrap()}),
        12 => random
            .choice([
                json!({"numeric": [">", 0]}),
                json!({"numeric": [">=", -2, "<", 2]}),
                json!({"numeric": ["=", 2]}),
            ])
            .unwrap(),
        _ => json!({"exists": !kind.absence || random.bool()}),
    }
}

fn pattern(random: &mut Rng, kind: Kind, depth: usize, or: bool) -> Value {
    let mut fields = Map::new();
    for _ in 0..random.usize(1..3) {
        let wanted = match random.u8(..6) {
            0 if depth > 0 => pattern(random, kind, depth - 1, false),
            2 | 3 => (0..random.usize(1..3)).map(|_| scalar(random)).collect(),
            _ => vec![operator(random, kind)].into(),
        };
        fields.insert(name(random).to_owned(), wanted);
    }
    // Alternatives take the place of what is said of the same field elsewhere, so theirs are fields of their own.
    if or && random.u8(..4) == 0 {
        let taken: Vec<_> = fields.keys().cloned().collect();
        let alternative = |random: &mut Rng| {
            let mut fields = pattern(random, kind, 0, false);
            fields.as_object_mut().unwrap().retain(|name, _| !taken.contains(name));
            fields
        };
        let alternatives = [alternative(random), alternative(random)];
        if alternatives.iter().all(|fields| !fields.as_object().unwrap().is_empty()) {
            fields.insert("$or".to_owned(), json!(alternatives));
        }
    }
    Value::Object(fields)
}

#[test]
fn compiled_patterns_and_their_index_agree_with_a_naive_matcher() {
    let mut random = Rng::with_seed(7);
    let (mut asked, mut matched) = (0, 0);
    for case in 0..CASES {
        let arrays_of_objects = case % 2 == 0;
        let kind = Kind { arrays_of_objects, absence: !arrays_of_objects };
        let mut index = Index::default();
        let mut patterns = Vec::new();
        for key in 0..RULES {
            let written = pattern(&mut random, kind, 2, true);
            let compiled = Pattern::compile(&written.to_string()).unwrap_or_else(|error| panic!("{written}: {error}"));
            // Some are put twice, as a rule is: the later counts.
            if random.u8(..4) == 0 {
                index.insert(key, &Pattern::compile(r#"{"a":["b"]}"#).unwrap());
            }
            index.insert(key, &compiled);
            patterns.push((key, written, compiled));
        }
        let removed = random.usize(..RULES);
        index.remove(&removed);
        for _ in 0..RULES {
            let event = event(&mut random, kind, 2);
            let found = index.matching(&event);
            for (key, written, compiled) in &patterns {
                let expected = matches(written, &event);
                assert_eq!(compiled.matches(&event), expected, "case {case}: {written} on {event}");
                assert_eq!(
                    found.contains(key),
                    expected && *key != removed,
                    "case {case}, index: {written} on {event}"
                );
                asked += 1;
                matched += usize::from(expected);
            }
        }
    }
    // Cases that all say no would prove little.
    assert!(matched * 20 > asked && matched * 2 < asked, "{matched} of {asked} match");
}
