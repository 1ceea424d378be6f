//! One record from the stream, from bytes to fresh recommendations.
//!
//! Plain functions of an event: a worker that polls the stream calls them, and a Lambda function could.
//!
//! # The order of writes
//!
//! 1. The profile takes the interaction in, once.
//! 2. The model is asked.
//! 3. The outcome is stored: recommendations in the cache, or the reason of the failure on the profile. A failure never
//!    touches the cache, so that good recommendations outlive a bad reply.
//! 4. The outcome is announced on the event bus.
//! 5. The profile version is settled.
//!
//! Whatever interrupts this, handling the same record again continues where it stopped: an outcome that is stored is
//! announced without asking the model again, and a version that is settled costs one read. Only an outcome that could
//! not be stored is lost, and the model is asked once more.

use std::fmt;

use super::announcement;
use super::cache::{self, CachedRecommendations, Freshness, Stored};
use super::call_failure::CallFailure;
use super::clients::Clients;
use super::interaction::{Interaction, InteractionError};
use super::model;
use super::profile::{Delivery, News, Profile};
use super::profile_store;
use super::settings::Settings;

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Fresh recommendations are in the cache.
    Updated,
    /// The model gave none, for this reason. The cache is as it was.
    Failed(String),
    /// Recommendations that saw more were in the cache already.
    Superseded,
    /// It had been handled before.
    Repeated,
}

/// Why a record could not be handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandleError {
    /// It never can be: trying again gives the same result.
    Rejected(String),
    /// A service is in trouble: try again later.
    Unavailable(CallFailure),
}

/// Handles the data of one record.
pub async fn handle_record(
    clients: &Clients,
    settings: &Settings,
    delivery: &Delivery,
    data: &[u8],
) -> Result<Outcome, HandleError> {
    let interaction = Interaction::parse(data)?;
    handle_interaction(clients, settings, delivery, &interaction).await
}

/// Handles one interaction.
pub async fn handle_interaction(
    clients: &Clients,
    settings: &Settings,
    delivery: &Delivery,
    interaction: &Interaction,
) -> Result<Outcome, HandleError> {
    let (profile, news) = profile_store::record(clients, settings, delivery, interaction).await?;
    let earlier = match news {
        News::Settled => return Ok(Outcome::Repeated),
        News::Interrupted => stored_earlier(clients, settings, &profile).await?,
        News::New => None,
    };
    let result = match earlier {
        Some(result) => result,
        None => recommend(clients, settings, &profile).await?,
    };
    let outcome = match result {
        StoredResult::Recommendations(cached) => {
            announcement::updated(clients, settings, &profile, &cached).await?;
            Outcome::Updated
        }
        StoredResult::Failure(reason) => {
            announcement::failed(clients, settings, &profile, &reason).await?;
            Outcome::Failed(reason)
        }
        StoredResult::Superseded => Outcome::Superseded,
    };
    profile_store::settle(clients, settings, &profile).await?;
    Ok(outcome)
}

/// The outcome for a version of a profile, stored and not yet announced.
enum StoredResult {
    Recommendations(CachedRecommendations),
    Failure(String),
    Superseded,
}

/// What an interrupted earlier try stored for this version of the profile.
async fn stored_earlier(
    clients: &Clients,
    settings: &Settings,
    profile: &Profile,
) -> Result<Option<StoredResult>, CallFailure> {
    if profile.last_failure_version == profile.version {
        return Ok(Some(StoredResult::Failure(profile.last_failure_reason.clone())));
    }
    let Some(cached) = cache::load(clients, settings, &profile.user_id, Freshness::Consistent).await? else {
        return Ok(None);
    };
    if cached.is_expired(clients.now()) || cached.profile_version() < profile.version {
        return Ok(None);
    }
    if cached.profile_version() > profile.version {
        return Ok(Some(StoredResult::Superseded));
    }
    Ok(Some(StoredResult::Recommendations(cached)))
}

async fn recommend(clients: &Clients, settings: &Settings, profile: &Profile) -> Result<StoredResult, CallFailure> {
    let answer = model::recommend(clients, settings, profile).await;
    let now = clients.now();
    match answer {
        Ok(recommendations) => {
            let cached = CachedRecommendations::new(profile, recommendations, now, settings);
            match cache::store(clients, settings, &cached, now).await? {
                Stored::Stored => Ok(StoredResult::Recommendations(cached)),
                Stored::Superseded => Ok(StoredResult::Superseded),
            }
        }
        Err(failure) => {
            let reason = failure.to_string();
            tracing::warn!("none for `{}`: {reason}", profile.user_id);
            profile_store::record_failure(clients, settings, profile, &reason, now).await?;
            Ok(StoredResult::Failure(reason))
        }
    }
}

impl From<InteractionError> for HandleError {
    fn from(error: InteractionError) -> Self {
        Self::Rejected(error.to_string())
    }
}

impl From<CallFailure> for HandleError {
    fn from(failure: CallFailure) -> Self {
        if failure.is_permanent() { Self::Rejected(failure.to_string()) } else { Self::Unavailable(failure) }
    }
}

impl fmt::Display for HandleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(reason) => write!(f, "rejected: {reason}"),
            Self::Unavailable(failure) => write!(f, "unavailable: {failure}"),
        }
    }
}

impl std::error::Error for HandleError {}
