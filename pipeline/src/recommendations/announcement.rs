//! Tells the event bus what became of an interaction: `recommendations.updated` or `recommendations.failed`.
//!
//! At least once: an announcement may come again after a crash. `profile_version` lets receivers tell.

use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use jiff::Timestamp;
use serde::Serialize;

use super::backoff::Backoff;
use super::cache::CachedRecommendations;
use super::call_failure::CallFailure;
use super::clients::Clients;
use super::profile::Profile;
use super::settings::Settings;

const SOURCE: &str = "recommendations";

#[derive(Serialize)]
struct Updated<'a> {
    user_id: &'a str,
    event_id: &'a str,
    profile_version: u64,
    generated_at: Timestamp,
    item_ids: Vec<&'a str>,
}

#[derive(Serialize)]
struct Failed<'a> {
    user_id: &'a str,
    event_id: &'a str,
    profile_version: u64,
    reason: &'a str,
}

pub async fn updated(
    clients: &Clients,
    settings: &Settings,
    profile: &Profile,
    cached: &CachedRecommendations,
) -> Result<(), CallFailure> {
    let detail = Updated {
        user_id: &profile.user_id,
        event_id: newest_event_id(profile),
        profile_version: profile.version,
        generated_at: cached.generated_at,
        item_ids: cached.recommendations.iter().map(|item| item.item_id.as_str()).collect(),
    };
    put(clients, settings, "recommendations.updated", &detail).await
}

pub async fn failed(
    clients: &Clients,
    settings: &Settings,
    profile: &Profile,
    reason: &str,
) -> Result<(), CallFailure> {
    let detail = Failed {
        user_id: &profile.user_id,
        event_id: newest_event_id(profile),
        profile_version: profile.version,
        reason,
    };
    put(clients, settings, "recommendations.failed", &detail).await
}

fn newest_event_id(profile: &Profile) -> &str {
    profile.history.last().map_or("", |entry| &entry.event_id)
}

/// PutEvents succeeds even if it turned the entry down: only `FailedEntryCount` tells.
async fn put(
    clients: &Clients,
    settings: &Settings,
    detail_type: &'static str,
    detail: &impl Serialize,
) -> Result<(), CallFailure> {
    let entry = PutEventsRequestEntry::builder()
        .event_bus_name(&settings.event_bus)
        .source(SOURCE)
        .detail_type(detail_type)
        .detail(serde_json::to_string(detail).expect("our details have string keys and finite numbers"))
        .build();
    let mut backoff = Backoff::new(settings);
    let mut attempts_left = settings.event_attempts;
    loop {
        attempts_left -= 1;
        let output = clients.eventbridge.put_events().entries(entry.clone()).send().await;
        let output = output.map_err(|error| CallFailure::new("eventbridge PutEvents", &error))?;
        if output.failed_entry_count == 0 {
            return Ok(());
        }
        let result = output.entries().first();
        let code = result.and_then(|result| result.error_code()).unwrap_or("no code");
        let message = result.and_then(|result| result.error_message()).unwrap_or("no message");
        let reason = format!("the entry was turned down: {code}: {message}");
        if attempts_left == 0 {
            return Err(CallFailure { call: "eventbridge PutEvents", code: Some(code.to_owned()), reason });
        }
        tracing::warn!("putting {detail_type} again: {reason}");
        clients.sleep(backoff.step()).await;
    }
}
