//! How events come into a stream, whoever sends them.

use super::Logs;
use super::event_id::EventId;
use super::log_event::LogEvent;
use super::{log_group, log_stream, retention};
use crate::kernel::{ApiError, Call};

impl Logs {
    /// Writes events that are in the order of their time; returns the next sequence token.
    pub fn write(
        &mut self,
        group_name: &str,
        stream_name: &str,
        events: Vec<(i64, String)>,
        call: &Call<'_>,
    ) -> Result<String, ApiError> {
        let group = self.groups.get_mut(group_name).ok_or_else(log_group::not_found)?;
        let stream = group.streams.get_mut(stream_name).ok_or_else(log_stream::not_found)?;
        let mut taken = Vec::with_capacity(events.len());
        for (millis, message) in events {
            *self.events_so_far += 1;
            let id = EventId::new(millis, *self.events_so_far);
            taken.push(LogEvent { id, ingested: call.now, message: message.into(), writer: call.event });
        }
        // AWS goes on answering tokens, which mean nothing any more.
        let token = EventId::new(call.now.as_millis(), *self.events_so_far).to_string();
        stream.upload_sequence_token = Some(token.clone());
        let Some(oldest) = taken.first().map(LogEvent::millis) else { return Ok(token) };
        stream.last_ingestion = Some(call.now);
        group.stored_bytes += taken.iter().map(|event| event.bytes() as u64).sum::<u64>();
        stream.add(taken);
        let sweep = group.retention().map(|after| retention::sweep_time(oldest, after));
        self.plan_sweep(group_name, sweep);
        Ok(token)
    }
}
