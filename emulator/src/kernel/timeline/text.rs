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
use crate::kernel::Arn;

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
        let way = (*kind == Kind::Hop).then(|| way(self.event));
        let resource = way.as_deref().unwrap_or(resource);
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

/// A hop's way in fewer words: `rule/orders -> kinesis stream/orders`. ARNs of other accounts and regions stay whole.
fn way(event: &Event) -> String {
    let short = |text: &str, with_service: bool| {
        let here = |arn: &Arn| arn.scope.account == event.account && arn.scope.region == event.region;
        match Arn::parse(text).filter(here) {
            Some(Arn { service, resource, .. }) if with_service => format!("{service} {resource}"),
            Some(Arn { resource, .. }) => resource,
            None => text.to_owned(),
        }
    };
    match event.resource.split_once(" -> ") {
        Some((from, to)) => format!("{} -> {}", short(from, false), short(to, true)),
        None => event.resource.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::timeline::{Beginning, Kind, Timeline};
    use crate::kernel::{Scope, Timestamp};

    #[test]
    fn a_hop_says_its_way_in_few_words_and_who_is_elsewhere_in_full() {
        let timeline = Timeline::new(Timestamp::from_secs(0));
        for to in ["arn:aws:kinesis:r:1:stream/s", "arn:aws:kinesis:r:2:stream/s"] {
            let way = format!("arn:aws:events:r:1:rule/a -> {to}");
            let hop = Beginning::new(Kind::Hop, "events", "deliver", way).in_scope(&Scope::new("1", "r"));
            timeline.record(Timestamp::from_secs(0), hop, "");
        }
        let text = timeline.to_string();
        assert!(text.contains("deliver            rule/a -> kinesis stream/s\n"), "{text}");
        assert!(text.contains("rule/a -> arn:aws:kinesis:r:2:stream/s"), "{text}");
    }
}
