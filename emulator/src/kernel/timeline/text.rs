//! The timeline as text: one line an event, quiet ones left out, causes at the end.
//!
//! ```text
//!    0.000 #1  kinesis   PutRecord           user-interactions  shardId-000000000000
//!    0.200 #2  kinesis   GetRecords          user-interactions  1 record  < #1
//! ```
//!
//! Lines are numbered as they stand here, so that a picture of a run stays
//! readable; [`super::Event::id`] counts the quiet ones too.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::{Event, EventId, Kind, Link, Outcome};

/// One visible event with its number and its cause's.
pub struct Line<'a> {
    pub number: usize,
    pub cause: Option<(usize, Link)>,
    pub event: &'a Event,
}

/// The visible events as lines.
pub fn lines(events: &[Event]) -> Vec<Line<'_>> {
    let mut numbers: BTreeMap<EventId, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for event in events.iter().filter(|event| !event.quiet) {
        let number = lines.len() + 1;
        numbers.insert(event.id, number);
        let cause = event.cause.and_then(|cause| Some((*numbers.get(&cause.event)?, cause.link)));
        lines.push(Line { number, cause, event });
    }
    lines
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Event { at_ms, service, action, resource, detail, outcome, attempt, kind, .. } = self.event;
        let number = format!("#{}", self.number);
        let mark = if *kind == Kind::Request { ' ' } else { '+' };
        let mut line =
            format!("{:>5}.{:03} {number:<4}{mark}{service:<9} {action:<18} {resource}", at_ms / 1000, at_ms % 1000);
        if *attempt > 1 {
            line.push_str(&format!("  attempt {attempt}"));
        }
        if !detail.is_empty() {
            line.push_str(&format!("  {detail}"));
        }
        if *outcome != Outcome::Done {
            line.push_str(&format!("  > {outcome}"));
        }
        if let Some((cause, link)) = self.cause {
            let sign = if link == Link::Retry { "retry of" } else { "<" };
            line.push_str(&format!("  {sign} #{cause}"));
        }
        // Names and messages are a caller's words: a line break in them would look like an event.
        for character in line.trim_end().chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}
