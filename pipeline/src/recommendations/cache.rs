//! The recommendation cache: what the model last recommended to a user, for an hour.
//!
//! The profile version that a result is based on decides which of two results is newer. Producers' timestamps would be
//! the obvious choice and a trap: one phone with its clock a year ahead would freeze its user's cache.
//!
//! DynamoDB deletes expired items within days, not at once, so an expired item is often still there. It is never
//! served, and any result may replace it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::call_failure::CallFailure;
use super::clients::Clients;
use super::item::{attribute, item, read};
use super::profile::Profile;
use super::reply::Recommendation;
use super::sequence_number::SequenceNumber;
use super::settings::Settings;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CachedRecommendations {
    pub user_id: String,
    pub recommendations: Vec<Recommendation>,
    pub generated_at: Timestamp,
    /// Who made them: `model`.
    pub source: String,
    /// Epoch seconds, as DynamoDB's TTL wants them.
    pub ttl: i64,
    /// Missing if someone else filled the cache; then our result is always the newer one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub based_on: Option<BasedOn>,
}

/// The newest interaction that the model saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BasedOn {
    pub profile_version: u64,
    pub event_id: String,
    pub timestamp: Timestamp,
    pub sequence_number: SequenceNumber,
}

/// What became of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Stored,
    /// The cache holds a result that saw more.
    Superseded,
}

impl CachedRecommendations {
    pub fn new(profile: &Profile, recommendations: Vec<Recommendation>, now: Timestamp, settings: &Settings) -> Self {
        let based_on = profile.history.last().map(|entry| BasedOn {
            profile_version: profile.version,
            event_id: entry.event_id.clone(),
            timestamp: entry.timestamp,
            sequence_number: entry.sequence_number.clone(),
        });
        let lifetime = i64::try_from(settings.cache_ttl.as_secs()).unwrap_or(i64::MAX);
        Self {
            user_id: profile.user_id.clone(),
            recommendations,
            generated_at: now,
            source: "model".to_owned(),
            ttl: now.as_second().saturating_add(lifetime),
            based_on,
        }
    }

    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.ttl <= now.as_second()
    }

    /// 0 if someone else filled the cache.
    pub fn profile_version(&self) -> u64 {
        self.based_on.as_ref().map_or(0, |based_on| based_on.profile_version)
    }
}

/// Stores a result unless the cache holds one that saw more and has not expired.
///
/// A result of the same version is replaced: it may be our own, stored by a try whose answer was lost.
pub async fn store(
    clients: &Clients,
    settings: &Settings,
    cached: &CachedRecommendations,
    now: Timestamp,
) -> Result<Stored, CallFailure> {
    let put = clients
        .dynamodb
        .put_item()
        .table_name(&settings.rec_cache_table)
        .set_item(Some(item(cached)))
        .condition_expression(
            "attribute_not_exists(#based_on.#version) OR #based_on.#version <= :version OR #ttl <= :now",
        )
        .expression_attribute_names("#based_on", "based_on")
        .expression_attribute_names("#version", "profile_version")
        .expression_attribute_names("#ttl", "ttl")
        .expression_attribute_values(":version", attribute(&cached.profile_version()))
        .expression_attribute_values(":now", attribute(&now.as_second()));
    match put.send().await {
        Ok(_) => Ok(Stored::Stored),
        Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
            Ok(Stored::Superseded)
        }
        Err(error) => Err(CallFailure::new("dynamodb PutItem", &error)),
    }
}

/// How fresh a read must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// All writes up to now.
    Consistent,
    /// Possibly a second old, at half the price: what serving needs.
    Eventual,
}

/// What the cache holds for a user, expired or not.
pub async fn load(
    clients: &Clients,
    settings: &Settings,
    user_id: &str,
    freshness: Freshness,
) -> Result<Option<CachedRecommendations>, CallFailure> {
    let get = clients
        .dynamodb
        .get_item()
        .table_name(&settings.rec_cache_table)
        .key("user_id", attribute(&user_id))
        .set_consistent_read((freshness == Freshness::Consistent).then_some(true));
    let output = get.send().await.map_err(|error| CallFailure::new("dynamodb GetItem", &error))?;
    let Some(item) = output.item else { return Ok(None) };
    read(item).map(Some).map_err(|problem| CallFailure {
        call: "dynamodb GetItem",
        code: None,
        reason: format!("cached recommendations for `{user_id}` cannot be read: {problem}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_expires_at_its_ttl_and_not_a_second_later() {
        let now = Timestamp::from_second(1_000_000).expect("a valid time");
        let settings = Settings::default();
        let cached = CachedRecommendations::new(&Profile::new("u_8821"), Vec::new(), now, &settings);
        assert_eq!(cached.ttl, 1_003_600);
        for (second, expired) in [(1_003_599, false), (1_003_600, true), (1_003_601, true)] {
            let now = Timestamp::from_second(second).expect("a valid time");
            assert_eq!(cached.is_expired(now), expired, "at {second}");
        }
    }
}
