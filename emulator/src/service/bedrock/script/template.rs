//! `{{...}}` in replies: what is known only when the model is asked.
//!
//! | form | becomes |
//! |---|---|
//! | `{{m.NAME}}` | what the rule's regular expression captured |
//! | `{{request.last_user}}` | a value of the request: see [`FIELDS`] |
//! | `{{json last_user '$.order.id'}}` | what stands there in a value's JSON; a third word is said where nothing does |
//! | `{{count}}` | how often the rule has answered in this session, with this time |
//! | `{{choose 'a' 'b'}}`, `{{int 1 6}}` | one of them, by the seed |
//! | `{{now}}`, `{{now '+1h'}}` | the moment on the clock |
//! | `{{'{{'}}` | the letters between the quotes |
//!
//! Only what begins with one of these words is a template, and must then be
//! right; other braces are text, as JSON has them. In a JSON value a text that is
//! one template and nothing else becomes the value itself, a number a number.

use serde_json::Value;

use super::json_path::{self, JsonPath};
use super::mistake::{did_you_mean, distance, unknown};
use super::moment::Moment;
use super::text::as_text;
use crate::kernel::{Timestamp, duration};

/// The values of a request that have a name.
pub const FIELDS: &[&str] = &[
    "last_user",
    "system",
    "tool_result",
    "tool_use_id",
    "tools",
    "turn",
    "model",
    "operation",
    "session",
    "agent",
    "prompt_type",
    "knowledge_base",
    "caller",
];

const WORDS: &[&str] = &["m", "request", "json", "count", "choose", "int", "now"];

#[derive(Debug, PartialEq)]
enum Part<'a> {
    Text(&'a str),
    Form(Form<'a>),
}

#[derive(Debug, PartialEq)]
enum Form<'a> {
    Capture(&'a str),
    Field(&'a str),
    Json { field: &'a str, path: JsonPath, otherwise: Option<&'a str> },
    Count,
    Choose(Vec<&'a str>),
    Int(i64, i64),
    Now { back: bool, by: std::time::Duration },
    Literal(&'a str),
}

/// The text with its templates filled in.
pub fn fill(text: &str, moment: &mut Moment<'_>) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    for part in parse(text)? {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Form(form) => filled.push_str(&as_text(&form.value(moment)?)),
        }
    }
    Ok(filled)
}

/// The same in every text of a JSON value, keys left alone.
pub fn fill_json(value: &Value, moment: &mut Moment<'_>) -> Result<Value, String> {
    match value {
        Value::String(text) => match &parse(text)?[..] {
            [Part::Form(form)] => form.value(moment),
            _ => fill(text, moment).map(Value::String),
        },
        Value::Array(items) => items.iter().map(|item| fill_json(item, moment)).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| Ok((key.clone(), fill_json(value, moment)?)));
            members.collect::<Result<_, String>>().map(Value::Object)
        }
        other => Ok(other.clone()),
    }
}

/// What is wrong with the templates of a text. `captures` are the names there are.
pub fn check(text: &str, captures: &[String]) -> Result<(), String> {
    for part in parse(text)? {
        if let Part::Form(Form::Capture(name)) = part
            && !captures.iter().any(|capture| capture == name)
        {
            let known: Vec<&str> = captures.iter().map(String::as_str).collect();
            let meant = did_you_mean(name, &known);
            return Err(format!("`m.{name}` is no group of a `regex` in the rule's `when`{meant}"));
        }
    }
    Ok(())
}

/// The same in every text of a JSON value.
pub fn check_json(value: &Value, captures: &[String]) -> Result<(), String> {
    match value {
        Value::String(text) => check(text, captures),
        Value::Array(items) => items.iter().try_for_each(|item| check_json(item, captures)),
        Value::Object(members) => members.values().try_for_each(|value| check_json(value, captures)),
        _ => Ok(()),
    }
}

/// Whether a text says something only when the model is asked.
pub fn is_template(text: &str) -> bool {
    parse(text).is_ok_and(|parts| parts.iter().any(|part| matches!(part, Part::Form(_))))
}

/// A text that says exactly this, whatever braces are in it.
pub fn escape(text: &str) -> String {
    text.replace("{{", "{{'{{'}}")
}

impl Form<'_> {
    fn value(&self, moment: &mut Moment<'_>) -> Result<Value, String> {
        Ok(match self {
            Form::Capture(name) => moment.captures.get(*name).cloned().unwrap_or_default().into(),
            Form::Field(name) => moment.field(name).into(),
            Form::Json { field, path, otherwise } => {
                let text = moment.field(field);
                let document = json_path::json_in(&text);
                let found = document.as_ref().and_then(|document| path.find(document).first().copied());
                match (found, otherwise) {
                    (Some(value), _) => value.clone(),
                    (None, Some(otherwise)) => (*otherwise).into(),
                    (None, None) => {
                        let seen = super::scene::quote(&text);
                        return Err(format!("`{{{{json {field} '{path}'}}}}` finds nothing in {seen}"));
                    }
                }
            }
            Form::Count => moment.count.into(),
            Form::Choose(choices) => choices[moment.chance.place(choices.len())].into(),
            Form::Int(low, high) => moment.chance.random().i64(low..=high).into(),
            Form::Now { back, by } => {
                let now: Timestamp = moment.now;
                let at = if *back { now - *by } else { now + *by };
                at.to_rfc3339().into()
            }
            Form::Literal(text) => (*text).into(),
        })
    }
}

fn parse(text: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let (mut said, mut from) = (0, 0);
    while let Some(at) = text[from..].find("{{").map(|at| from + at) {
        match form(&text[at..])? {
            Some((form, length)) => {
                if said < at {
                    parts.push(Part::Text(&text[said..at]));
                }
                parts.push(Part::Form(form));
                from = at + length;
                said = from;
            }
            // One letter on: `{{{count}}` is a brace and a template.
            None => from = at + 1,
        }
    }
    if said < text.len() || parts.is_empty() {
        parts.push(Part::Text(&text[said..]));
    }
    Ok(parts)
}

/// The template at the beginning of `text` and its length. Nothing if there is none.
fn form(text: &str) -> Result<Option<(Form<'_>, usize)>, String> {
    let inside = text[2..].trim_start();
    if inside.starts_with(['\'', '"']) {
        return Ok(match words(text) {
            Some((words, length)) if words.len() == 1 => Some((Form::Literal(words[0].text), length)),
            _ => None,
        });
    }
    let end = inside.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(inside.len());
    let (first, rest) = inside.split_at(end);
    if !rest.starts_with(['.', '}', ' ']) {
        return Ok(None);
    }
    let found = words(text);
    if !WORDS.contains(&first) {
        return if found.is_some() { misspelt(first) } else { Ok(None) };
    }
    let Some((words, length)) = found else {
        let shown: String = text.chars().take(24).collect();
        return Err(format!("`{shown}` begins a template that does not end: {}", usage(first)));
    };
    let form = read(&words).map_err(|why| format!("`{}` {why}", &text[..length]))?;
    Ok(Some((form, length)))
}

/// Text, unless one of our words was almost certainly meant.
fn misspelt(first: &str) -> Result<Option<(Form<'static>, usize)>, String> {
    let meant = WORDS.iter().find(|word| {
        let length = word.len().max(first.len());
        length > 4 && distance(first, word) * 3 <= length
    });
    match meant {
        Some(meant) => Err(format!(
            "`{{{{{first}` is no template, did you mean `{{{{{meant}`? two braces as text are `{{{{'{{{{'}}}}`"
        )),
        None => Ok(None),
    }
}

#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    quoted: bool,
}

/// The words between `{{` and `}}`, and how long it all is.
fn words(text: &str) -> Option<(Vec<Word<'_>>, usize)> {
    let mut words = Vec::new();
    let mut rest = &text[2..];
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("}}") {
            return (!words.is_empty()).then_some((words, text.len() - after.len()));
        }
        let word;
        (word, rest) = match rest.chars().next()? {
            quote @ ('\'' | '"') => {
                let (inside, after) = rest[1..].split_once(quote)?;
                (Word { text: inside, quoted: true }, after)
            }
            _ => {
                let allowed = |letter: char| letter.is_alphanumeric() || "_.-+".contains(letter);
                let end = rest.find(|letter| !allowed(letter)).unwrap_or(rest.len());
                if end == 0 {
                    return None;
                }
                (Word { text: &rest[..end], quoted: false }, &rest[end..])
            }
        };
        words.push(word);
    }
}

fn read<'a>(words: &[Word<'a>]) -> Result<Form<'a>, String> {
    let first = words[0].text;
    let (name, member) = first.split_once('.').map_or((first, None), |(name, member)| (name, Some(member)));
    let wrong = || format!("is no template: {}", usage(name));
    let field = |name: &'a str| match FIELDS.contains(&name) {
        true => Ok(name),
        false => Err(format!("is no template: {}", unknown("value of the request", name, FIELDS))),
    };
    match (name, member, &words[1..]) {
        ("m", Some(name), []) if !name.is_empty() => Ok(Form::Capture(name)),
        ("request", Some(name), []) => field(name).map(Form::Field),
        ("json", None, [source, path, rest @ ..]) if rest.len() < 2 && !source.quoted && path.quoted => {
            let path = JsonPath::parse(path.text).map_err(|why| format!("is no template: {why}"))?;
            let source = source.text.strip_prefix("request.").unwrap_or(source.text);
            Ok(Form::Json { field: field(source)?, path, otherwise: rest.first().map(|word| word.text) })
        }
        ("count", None, []) => Ok(Form::Count),
        ("choose", None, choices @ [_, ..]) => Ok(Form::Choose(choices.iter().map(|word| word.text).collect())),
        ("int", None, [low, high]) => match (low.text.parse(), high.text.parse()) {
            (Ok(low), Ok(high)) if low <= high => Ok(Form::Int(low, high)),
            _ => Err(wrong()),
        },
        ("now", None, []) => Ok(Form::Now { back: false, by: std::time::Duration::ZERO }),
        ("now", None, [offset]) => {
            let (back, by) = match (offset.text.strip_prefix('+'), offset.text.strip_prefix('-')) {
                (Some(by), _) => (false, by),
                (None, Some(by)) => (true, by),
                (None, None) => return Err(wrong()),
            };
            let by = duration::parse(by).map_err(|why| format!("is no template: {why}"))?;
            Ok(Form::Now { back, by })
        }
        _ => Err(wrong()),
    }
}

fn usage(word: &str) -> &'static str {
    match word {
        "m" => "write `{{m.NAME}}` with the name or number of a group",
        "request" => "write for example `{{request.last_user}}`",
        "json" => "write `{{json last_user '$.order.id'}}`, or with a third word for where nothing is found",
        "count" => "write `{{count}}`",
        "choose" => "write `{{choose 'a' 'b'}}`",
        "int" => "write `{{int 1 6}}`, the least first",
        _ => "write `{{now}}`, `{{now '+1h'}}` or `{{now '-5m'}}`",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Ids;
    use crate::service::bedrock::script::chance::Chance;
    use crate::service::bedrock::script::{Captures, Defaults, ModelOperation, Scene, ToolResult};

    fn with_moment<T>(test: impl FnOnce(&mut Moment<'_>) -> T) -> T {
        let captures = Captures::from([("uid".to_owned(), "u_1".to_owned()), ("1".to_owned(), "é".to_owned())]);
        let result = ToolResult { text: r#"{"status":"OK"}"#.to_owned(), ..ToolResult::default() };
        let scene = Scene {
            operation: ModelOperation::Converse,
            last_user: r#"order {"order":{"id":7,"tags":["a","b"]}}"#.to_owned(),
            tools: vec!["get".to_owned(), "put".to_owned()],
            tool_results: vec![result],
            session: "s-1".to_owned(),
            turn: 2,
            ..Scene::default()
        };
        let ids = Ids::seeded(7);
        test(&mut Moment {
            scene: &scene,
            captures: &captures,
            defaults: &Defaults::default(),
            count: 3,
            now: Timestamp::from_secs(1_767_225_600),
            chance: Chance::seeded(7, "rule", "", 3, &ids),
        })
    }

    #[test]
    fn templates_are_filled_in_and_other_braces_stay() {
        for (text, expected) in [
            ("", ""),
            ("hello {{m.uid}}{{m.1}}!", "hello u_1é!"),
            ("{{ m.uid }}", "u_1"),
            (r#"{"a":{"b":{{m.uid}}}}"#, r#"{"a":{"b":u_1}}"#),
            ("{{{m.uid}}}", "{u_1}"),
            (r#"{"a":{"b":{}}} {{x}} {{n.uid}} {{ {{"a"}} {{"#, r#"{"a":{"b":{}}} {{x}} {{n.uid}} {{ a {{"#),
            ("{{max}} {{m-1}} {{user.name}} f'{{name}}'", "{{max}} {{m-1}} {{user.name}} f'{{name}}'"),
            ("{{request.session}}/{{request.turn}} {{request.operation}} {{request.tools}}", "s-1/2 Converse get, put"),
            ("{{json last_user '$.order.id'}} {{json last_user '$.order.tags'}}", r#"7 ["a","b"]"#),
            ("{{json last_user '$.order.tags[*]'}} {{json tool_result '$.status'}}", "a OK"),
            ("{{json last_user '$.nothing' 'none'}} {{json request.system '$' 'none'}}", "none none"),
            ("{{count}}", "3"),
            ("{{choose 'only'}} {{int 6 6}}", "only 6"),
            ("{{now}} {{now '+1h'}} {{now '-1s'}}", "2026-01-01T00:00:00Z 2026-01-01T01:00:00Z 2025-12-31T23:59:59Z"),
            ("{{'{{'}}count}}", "{{count}}"),
        ] {
            let filled = with_moment(|moment| fill(text, moment));
            assert_eq!(filled.as_deref(), Ok(expected), "{text}");
            assert_eq!(check(text, &["uid".to_owned(), "1".to_owned()]), Ok(()), "{text}");
        }
        let written = "{{count}} {{{{";
        assert_eq!(with_moment(|moment| fill(&escape(written), moment)).as_deref(), Ok(written));
        let nothing = with_moment(|moment| fill("{{json last_user '$.nothing'}}", moment)).unwrap_err();
        assert!(nothing.starts_with("`{{json last_user '$.nothing'}}` finds nothing in `order {"), "{nothing}");
    }

    #[test]
    fn in_json_a_template_alone_is_a_value() {
        let value = serde_json::json!({
            "{{m.uid}}": ["{{m.uid}}", 1], "n": "{{count}}", "t": "{{count}} times",
            "tags": "{{json last_user '$.order.tags'}}", "text": "plain",
        });
        let filled = with_moment(|moment| fill_json(&value, moment)).unwrap();
        let expected = r#"{"{{m.uid}}":["u_1",1],"n":3,"t":"3 times","tags":["a","b"],"text":"plain"}"#;
        assert_eq!(filled.to_string(), expected);
    }

    #[test]
    fn chance_is_fair_and_repeats() {
        let text = "{{choose 'a' 'b' 'c'}}{{int 1 6}}".repeat(40);
        let filled = with_moment(|moment| fill(&text, moment)).unwrap();
        assert_eq!(Ok(&filled), with_moment(|moment| fill(&text, moment)).as_ref());
        assert!("abc123456".chars().all(|letter| filled.contains(letter)), "{filled}");
    }

    #[test]
    fn a_template_that_is_wrong_says_how_it_is_written() {
        for (text, expected) in [
            ("{{m.who}}", "`m.who` is no group of a `regex` in the rule's `when`"),
            ("{{m.uit}}", "did you mean `uid`?"),
            ("{{m.}}", "`{{m.}}` is no template: write `{{m.NAME}}`"),
            ("{{m.uid", "does not end"),
            ("{{request.lastuser}}", "unknown value of the request `lastuser`, did you mean `last_user`?"),
            ("{{request}}", "write for example `{{request.last_user}}`"),
            ("{{json last_user order}}", "write `{{json last_user '$.order.id'}}`"),
            ("{{json last_user 'order'}}", "`order` is no JSON path"),
            ("{{json x '$'}}", "unknown value of the request `x`"),
            ("{{count 1}}", "write `{{count}}`"),
            ("{{choose}}", "write `{{choose 'a' 'b'}}`"),
            ("{{int 6 1}}", "the least first"),
            ("{{int 1}}", "the least first"),
            ("{{now 'later'}}", "write `{{now}}`"),
            ("{{now '+soon'}}", "`soon` is not a duration"),
            ("{{requst.model}}", "did you mean `{{request`?"),
            ("{{chose 'a'}}", "did you mean `{{choose`?"),
        ] {
            let error = check(text, &["uid".to_owned()]).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert!(is_template("a {{count}}") && !is_template("a {{x}}"));
    }
}
