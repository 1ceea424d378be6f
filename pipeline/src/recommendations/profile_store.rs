//! The profiles table: reads and writes of [`Profile`].
//!
//! Every write touches only its own attributes and says what it relies on, so that two writers never lose each other's
//! work and attributes of other systems survive.

use jiff::Timestamp;

use super::call_failure::CallFailure;
use super::clients::Clients;
use super::handle::HandleError;
use super::interaction::Interaction;
use super::item::{attribute, read};
use super::profile::{Delivery, News, Profile};
use super::settings::Settings;

/// Records an interaction in its user's profile, once however often it is delivered.
///
/// The write is conditional on the version that was read. After a lost race everything is decided afresh: the winner
/// may have been our own earlier try whose answer was lost.
pub async fn record(
    clients: &Clients,
    settings: &Settings,
    delivery: &Delivery,
    interaction: &Interaction,
) -> Result<(Profile, News), HandleError> {
    for _ in 0..settings.profile_write_attempts {
        let mut profile = load(clients, settings, &interaction.user_id).await?;
        let news = profile.news(delivery, interaction);
        if news != News::New {
            return Ok((profile, news));
        }
        let previous_version = profile.version;
        profile.apply(delivery, interaction);
        if write(clients, settings, &profile, previous_version).await? {
            return Ok((profile, news));
        }
    }
    Err(HandleError::Unavailable(CallFailure {
        call: "dynamodb UpdateItem",
        code: None,
        reason: format!("lost {} races for profile `{}`", settings.profile_write_attempts, interaction.user_id),
    }))
}

async fn load(clients: &Clients, settings: &Settings, user_id: &str) -> Result<Profile, HandleError> {
    let output = clients
        .dynamodb
        .get_item()
        .table_name(&settings.profiles_table)
        .key("user_id", attribute(&user_id))
        .consistent_read(true)
        .send()
        .await
        .map_err(|error| CallFailure::new("dynamodb GetItem", &error))?;
    let Some(item) = output.item else { return Ok(Profile::new(user_id)) };
    read(item).map_err(|problem| HandleError::Rejected(format!("profile `{user_id}` cannot be read: {problem}")))
}

/// False if another writer was faster.
async fn write(
    clients: &Clients,
    settings: &Settings,
    profile: &Profile,
    previous_version: u64,
) -> Result<bool, CallFailure> {
    let update = clients
        .dynamodb
        .update_item()
        .table_name(&settings.profiles_table)
        .key("user_id", attribute(&profile.user_id))
        .update_expression("SET #version = :version, #history = :history, #event_ids = :event_ids, #applied = :applied")
        .expression_attribute_names("#version", "version")
        .expression_attribute_names("#history", "history")
        .expression_attribute_names("#event_ids", "event_ids")
        .expression_attribute_names("#applied", "applied")
        .expression_attribute_values(":version", attribute(&profile.version))
        .expression_attribute_values(":history", attribute(&profile.history))
        .expression_attribute_values(":event_ids", attribute(&profile.event_ids))
        .expression_attribute_values(":applied", attribute(&profile.applied));
    let update = if previous_version == 0 {
        update.condition_expression("attribute_not_exists(#version)")
    } else {
        update
            .condition_expression("#version = :previous")
            .expression_attribute_values(":previous", attribute(&previous_version))
    };
    match update.send().await {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
        Err(error) => Err(CallFailure::new("dynamodb UpdateItem", &error)),
    }
}

/// Notes why there are no recommendations for this version of the profile.
pub async fn record_failure(
    clients: &Clients,
    settings: &Settings,
    profile: &Profile,
    reason: &str,
    at: Timestamp,
) -> Result<(), CallFailure> {
    let update = clients
        .dynamodb
        .update_item()
        .table_name(&settings.profiles_table)
        .key("user_id", attribute(&profile.user_id))
        .update_expression("SET #version = :version, #reason = :reason, #at = :at")
        .condition_expression("attribute_exists(user_id) AND (attribute_not_exists(#version) OR #version <= :version)")
        .expression_attribute_names("#version", "last_failure_version")
        .expression_attribute_names("#reason", "last_failure_reason")
        .expression_attribute_names("#at", "last_failure_at")
        .expression_attribute_values(":version", attribute(&profile.version))
        .expression_attribute_values(":reason", attribute(&reason))
        .expression_attribute_values(":at", attribute(&at));
    match update.send().await {
        Ok(_) => Ok(()),
        // A newer failure is noted already, or the profile was deleted meanwhile.
        Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
        Err(error) => Err(CallFailure::new("dynamodb UpdateItem", &error)),
    }
}

/// Notes that nothing is left to do for this version of the profile. Never goes backwards.
pub async fn settle(clients: &Clients, settings: &Settings, profile: &Profile) -> Result<(), CallFailure> {
    let update = clients
        .dynamodb
        .update_item()
        .table_name(&settings.profiles_table)
        .key("user_id", attribute(&profile.user_id))
        .update_expression("SET #settled = :version")
        .condition_expression("attribute_exists(user_id) AND (attribute_not_exists(#settled) OR #settled < :version)")
        .expression_attribute_names("#settled", "settled_version")
        .expression_attribute_values(":version", attribute(&profile.version));
    match update.send().await {
        Ok(_) => Ok(()),
        // Settled beyond this version already, or the profile was deleted meanwhile.
        Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
        Err(error) => Err(CallFailure::new("dynamodb UpdateItem", &error)),
    }
}
