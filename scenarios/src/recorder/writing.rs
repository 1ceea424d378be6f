//! The script of a recording. Text as JSON, which is YAML: one line a frame, so that people can read and cut it.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rehearsal_emulator::kernel::duration;
use rehearsal_emulator::service::bedrock::request_scene;
use serde_json::{Map, Value, json};

use super::redaction::{REDACTED, Redaction};
use super::tape::{End, Frame, Heard, Take};

const HEAD: &str =
    "# Recorded by `rehearsal record`. Calls that asked the same are one rule, and its replies are given in order.\n";

/// Where a frame's payload holds text of the model that goes on in the next frame.
const SPOKEN: [&str; 11] = [
    "/delta/text",
    "/delta/toolUse/input",
    "/delta/reasoningContent/text",
    "/delta/partial_json",
    "/delta/thinking",
    "/contentBlockDelta/delta/text",
    "/contentBlockDelta/delta/toolUse/input",
    "/generation",
    "/outputText",
    "/outputs/0/text",
    "/text",
];

pub fn script(tape: &[Take], redaction: &Redaction) -> String {
    let mut rules: Vec<(Value, Vec<String>)> = Vec::new();
    for take in tape {
        let when = when(take, redaction);
        let reply = reply(take, redaction);
        match rules.iter_mut().find(|(known, _)| *known == when) {
            Some((_, replies)) => replies.push(reply),
            None => rules.push((when, vec![reply])),
        }
    }
    let mut text = HEAD.to_owned();
    for (index, (when, replies)) in rules.iter().enumerate() {
        let _infallible = write!(text, "- name: recorded {}\n  when: {when}\n  replies:\n", index + 1);
        text.extend(replies.iter().map(String::as_str));
    }
    if rules.is_empty() { format!("{text}[]\n") } else { text }
}

/// What tells a call from others.
fn when(take: &Take, redaction: &Redaction) -> Value {
    let mut when =
        Map::from_iter([("op".to_owned(), json!(take.operation.name())), ("model".to_owned(), json!(take.model))]);
    let scene = request_scene::of(take.operation, &take.model, &take.request);
    if let Some(scene) = scene {
        when.insert("turn".to_owned(), json!(scene.turn));
        for (name, text) in [("last_user", &scene.last_user), ("system", &scene.system)] {
            if !text.is_empty() {
                when.insert(name.to_owned(), same_text(text, redaction));
            }
        }
        if let Some(result) = scene.tool_results.first() {
            when.insert("tool_result".to_owned(), same_text(&result.text, redaction));
        }
    }
    Value::Object(when)
}

/// The text as it was; where something was taken out of it, anything may stand.
fn same_text(text: &str, redaction: &Redaction) -> Value {
    let redacted = redaction.of(text);
    if redacted == text { json!({ "equals": text }) } else { json!({ "glob": redacted.replace(REDACTED, "*") }) }
}

fn reply(take: &Take, redaction: &Redaction) -> String {
    let Some(status) = take.status else {
        return format!("  - fault: {{reset: {}}}\n", duration::format(take.waited));
    };
    let headers: Map<String, Value> =
        take.headers.iter().map(|(name, value)| (name.clone(), json!(redaction.of(value)))).collect();
    let mut text = match usage(take) {
        Some((input, output)) => {
            format!("  - usage: {{input_tokens: {input}, output_tokens: {output}}}\n    recorded:\n")
        }
        None => "  - recorded:\n".to_owned(),
    };
    text += &format!("      status: {status}\n      headers: {}\n", Value::Object(headers));
    let mut member = |name: &str, value: &str| {
        let _infallible = writeln!(text, "      {name}: {value}");
    };
    if !take.waited.is_zero() {
        member("after", &duration::format(take.waited));
    }
    match take.end {
        End::Clean => {}
        End::Reset => member("end", "reset"),
        // How it would have ended is not known: it ends here.
        End::Unknown => member("end", "clean # the client left here"),
    }
    match &take.body {
        Heard::Document(document) => {
            member("body", &json!(redaction.of(&String::from_utf8_lossy(document))).to_string())
        }
        Heard::Events { frames, rest } => {
            if !rest.is_empty() {
                member("rest", &json!(STANDARD.encode(rest)).to_string());
            }
            member("frames", "");
            for (frame, payload) in frames.iter().zip(payloads(frames, redaction)) {
                let _infallible = writeln!(text, "      - {}", line(frame, &payload));
            }
        }
    }
    text
}

/// What the answer says of its tokens: input and output.
fn usage(take: &Take) -> Option<(u64, u64)> {
    let header = |name: &str| take.headers.get(name)?.parse().ok();
    let (input, output) = ("x-amzn-bedrock-input-token-count", "x-amzn-bedrock-output-token-count");
    if let (Some(input), Some(output)) = (header(input), header(output)) {
        return Some((input, output));
    }
    let document: Value = match &take.body {
        Heard::Document(document) => serde_json::from_slice(document).ok()?,
        Heard::Events { frames, .. } => {
            let last = Payload::open(frames.last()?);
            serde_json::from_str(last.inner()).ok()?
        }
    };
    let number = |place: &str| document.pointer(place)?.as_u64();
    let converse = number("/usage/inputTokens").zip(number("/usage/outputTokens"));
    let native = "/amazon-bedrock-invocationMetrics";
    converse.or_else(|| number(&format!("{native}/inputTokenCount")).zip(number(&format!("{native}/outputTokenCount"))))
}

fn line(frame: &Frame, payload: &str) -> Value {
    let mut line = Map::new();
    if !frame.after.is_zero() {
        line.insert("after".to_owned(), json!(duration::format(frame.after)));
    }
    line.insert(frame.kind.clone(), json!(frame.name));
    line.insert("payload".to_owned(), json!(payload));
    Value::Object(line)
}

/// The payloads without what must not be told. Nothing else in them changes, not a byte.
fn payloads(frames: &[Frame], redaction: &Redaction) -> Vec<String> {
    let opened: Vec<Payload> = frames.iter().map(Payload::open).collect();
    let spoken: Vec<String> = opened.iter().map(Payload::spoken).collect();
    let told = redaction.of_pieces(&spoken.iter().map(String::as_str).collect::<Vec<_>>());
    let told = opened.iter().zip(spoken.iter().zip(told));
    told.map(|(payload, (spoken, told))| payload.telling(spoken, &told, redaction)).collect()
}

/// A payload, or the native event that it carries in base64.
struct Payload<'a> {
    text: &'a str,
    native: Option<String>,
}

impl<'a> Payload<'a> {
    fn open(frame: &'a Frame) -> Self {
        let document: Option<Value> = serde_json::from_str(&frame.payload).ok();
        let bytes = document.as_ref().and_then(|document| STANDARD.decode(document.get("bytes")?.as_str()?).ok());
        Self { text: &frame.payload, native: bytes.and_then(|bytes| String::from_utf8(bytes).ok()) }
    }

    fn inner(&self) -> &str {
        self.native.as_deref().unwrap_or(self.text)
    }

    fn spoken(&self) -> String {
        let document: Value = serde_json::from_str(self.inner()).unwrap_or_default();
        let text = SPOKEN.iter().find_map(|place| document.pointer(place)?.as_str());
        text.unwrap_or_default().to_owned()
    }

    fn telling(&self, spoken: &str, told: &str, redaction: &Redaction) -> String {
        if spoken == told {
            let inner = redaction.of(self.inner());
            return if inner == self.inner() { self.text.to_owned() } else { self.closed(&inner) };
        }
        let mut document: Value = serde_json::from_str(self.inner()).unwrap_or_default();
        if let Some(place) = SPOKEN.iter().find(|place| document.pointer(place).is_some_and(Value::is_string))
            && let Some(text) = document.pointer_mut(place)
        {
            *text = json!(told);
        }
        self.closed(&redaction.of(&document.to_string()))
    }

    fn closed(&self, inner: &str) -> String {
        if self.native.is_none() {
            return inner.to_owned();
        }
        let mut document: Value = serde_json::from_str(self.text).unwrap_or_default();
        document["bytes"] = json!(STANDARD.encode(inner));
        document.to_string()
    }
}
