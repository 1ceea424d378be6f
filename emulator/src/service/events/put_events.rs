//! Puts events on buses, each to be matched against the rules of its bus.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html>
//!
//! # Differences
//!
//! - An event for a bus that does not exist is accepted and dropped, as on AWS; here the timeline says so.
//! - An event for a bus of another account or region is accepted and goes there over the kernel's bus, where the bus's
//!   policy is asked: what it refuses is on the timeline. AWS refuses the call.
//! - JSON is read up to 127 levels deep; AWS reads 1000.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bus::BusName;
use super::event::{Content, Event};
use super::{Events, delivery};
use crate::kernel::{ApiError, Arn, Call, Delivery, Operation, Scope, Timestamp, Violations};

pub struct PutEvents;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    entries: Option<Vec<Entry>>,
    endpoint_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    time: Option<Timestamp>,
    source: Option<String>,
    resources: Option<Vec<String>>,
    detail_type: Option<String>,
    detail: Option<String>,
    event_bus_name: Option<String>,
    /// Checked only: no target here takes it.
    trace_header: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    failed_entry_count: usize,
    entries: Vec<ResultEntry>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ResultEntry {
    #[serde(rename_all = "PascalCase")]
    Accepted { event_id: String },
    #[serde(rename_all = "PascalCase")]
    Failed { error_code: String, error_message: String },
}

/// AWS: "the total entry size must be less than 1MB".
const ENTRIES_BYTES_MAX: usize = 1 << 20;
/// How a bus is named here in AWS's model, partner buses excepted.
const BUS_PATTERN: &str = r"(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[\.\-_A-Za-z0-9]+";

/// What became of the entries of one call, for the timeline.
#[derive(Default)]
struct Tally {
    /// The events, for people.
    what: String,
    failed: usize,
    matched: usize,
    /// Events for other accounts and regions.
    sent_away: usize,
    /// Buses that do not exist.
    missing: Vec<String>,
}

impl Operation for PutEvents {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutEvents";

    fn resource(input: &Input) -> String {
        let entries = input.entries.as_deref().unwrap_or_default();
        let mut names: Vec<_> =
            entries.iter().map(|entry| BusName::parse(entry.event_bus_name.as_deref()).name).collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check(&input)?;
        if input.endpoint_id.is_some() {
            return Err(ApiError::not_implemented("EndpointId of events PutEvents"));
        }
        let entries = input.entries.unwrap_or_default();
        if entries.iter().map(Entry::size_bytes).sum::<usize>() >= ENTRIES_BYTES_MAX {
            return Err(ApiError::validation("Total size of the entries in the request is over the limit."));
        }
        let mut tally = Tally { what: what(&entries), ..Tally::default() };
        let mut results = Vec::new();
        for entry in entries {
            results.push(put(entry, state, call, &mut tally).unwrap_or_else(|error| {
                tally.failed += 1;
                ResultEntry::Failed { error_code: error.code, error_message: error.message }
            }));
        }
        tally.note(call);
        Ok(Output { failed_entry_count: tally.failed, entries: results })
    }
}

/// An event by its detail type, several by their number.
fn what(entries: &[Entry]) -> String {
    match entries {
        [only] => only.detail_type.clone().unwrap_or_else(|| "1 event".to_owned()),
        _ => format!("{} events", entries.len()),
    }
}

fn put(entry: Entry, state: &Events, call: &mut Call<'_>, tally: &mut Tally) -> Result<ResultEntry, ApiError> {
    let bus_name = BusName::parse(entry.event_bus_name.as_deref());
    let time = entry.time.unwrap_or(call.now);
    let event = Event::new(call.ids().uuid(), time, call.scope, entry.content()?);
    if let Some(scope) = bus_name.scope.as_ref().filter(|scope| *scope != call.scope) {
        let caller = Arn::new("iam", &Scope::new(&call.scope.account, ""), "root");
        let bus = Arn::new("events", scope, format!("event-bus/{}", bus_name.name));
        call.send(Delivery::new(caller, bus, event.to_value().to_string()));
        tally.sent_away += 1;
        return Ok(ResultEntry::Accepted { event_id: event.id });
    }
    match state.buses.get(&bus_name.name) {
        Some(bus) => tally.matched += delivery::deliver(bus, &event.id, &event.to_value(), call),
        // AWS: "EventBridge event matching will not find a corresponding rule and will drop the event. Although
        // EventBridge will send a 200 response, it will not fail the request or include the event in the
        // FailedEntryCount value."
        None => tally.missing.push(bus_name.name),
    }
    Ok(ResultEntry::Accepted { event_id: event.id })
}

impl Entry {
    /// As AWS counts: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html>.
    fn size_bytes(&self) -> usize {
        let time = if self.time.is_some() { 14 } else { 0 };
        let texts = [&self.source, &self.detail_type, &self.detail].into_iter().flatten();
        let resources = self.resources.iter().flatten();
        time + texts.chain(resources).map(String::len).sum::<usize>()
    }

    /// What is wrong with one entry fails that entry alone.
    fn content(self) -> Result<Content, ApiError> {
        let source = required("Source", self.source)?;
        let detail_type = required("DetailType", self.detail_type)?;
        let detail = required("Detail", self.detail)?;
        // AWS's own sources begin so. The wording is assumed.
        if source.starts_with("aws.") {
            return Err(ApiError::new("NotAuthorizedForSourceException", "Not authorized for the source."));
        }
        // AWS: "Free-form string, with a maximum of 128 characters". The wording is assumed.
        if detail_type.chars().count() > 128 {
            return Err(invalid("DetailType", "DetailType must not be longer than 128 characters."));
        }
        match serde_json::from_str(&detail) {
            Ok(detail @ Value::Object(_)) => {
                Ok(Content { source, detail_type, detail, resources: self.resources.unwrap_or_default() })
            }
            _ => Err(ApiError::new("MalformedDetail", "Detail is malformed.")),
        }
    }
}

fn required(name: &str, value: Option<String>) -> Result<String, ApiError> {
    value.filter(|value| !value.is_empty()).ok_or_else(|| invalid(name, &format!("{name} is a required argument.")))
}

fn invalid(name: &str, reason: &str) -> ApiError {
    ApiError::new("InvalidArgument", format!("Parameter {name} is not valid. Reason: {reason}"))
}

impl Tally {
    fn note(&self, call: &Call<'_>) {
        call.note(self.what.as_str());
        call.note(format!("{} matched", self.matched));
        if self.sent_away > 0 {
            call.note(format!("{} sent away", self.sent_away));
        }
        if self.failed > 0 {
            call.note(format!("{} failed", self.failed));
        }
        for bus in &self.missing {
            call.note(format!("no bus `{bus}`: dropped"));
        }
    }
}

fn check(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    match &input.entries {
        None => violations.missing("entries"),
        Some(entries) => {
            if entries.is_empty() {
                violations.add("[]", "entries", "have length greater than or equal to 1");
            }
            if entries.len() > 10 {
                // AWS writes every entry out here, in Java's words for them.
                violations.add("[PutEventsRequestEntry...]", "entries", "have length less than or equal to 10");
            }
            for (index, entry) in entries.iter().enumerate() {
                entry.check(&mut violations, &format!("entries.{}.member", index + 1));
            }
        }
    }
    violations.finish()
}

impl Entry {
    fn check(&self, violations: &mut Violations, member: &str) {
        if let Some(name) = &self.event_bus_name {
            let member = format!("{member}.eventBusName");
            violations.length(&member, name, 1, 1600);
            let bare = BusName::parse(Some(name)).name;
            let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
            if !name.is_empty() && (bare.is_empty() || !bare.chars().all(allowed)) {
                violations.add(name, &member, format_args!("satisfy regular expression pattern: {BUS_PATTERN}"));
            }
        }
        if let Some(header) = &self.trace_header {
            violations.length(format!("{member}.traceHeader"), header, 1, 500);
        }
        if let Some(resources) = self.resources.as_ref().filter(|all| all.iter().any(|one| one.chars().count() > 2048))
        {
            violations.add(
                format_args!("[{}]", resources.join(", ")),
                format!("{member}.resources"),
                "satisfy constraint: [Member must have length less than or equal to 2048]",
            );
        }
    }
}
