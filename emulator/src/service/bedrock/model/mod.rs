//! Models: how callers name them, what is known of them, and what an account sets up around them.

pub mod area;
pub mod catalogue;
pub mod create_inference_profile;
pub mod delete_inference_profile;
pub mod delete_model_invocation_logging_configuration;
mod foundation_model;
pub mod get_foundation_model;
pub mod get_foundation_model_availability;
pub mod get_inference_profile;
pub mod get_model_invocation_logging_configuration;
mod inference_profile;
mod known;
pub mod list_foundation_models;
pub mod list_inference_profiles;
mod logging;
pub mod model_id;
pub mod put_model_invocation_logging_configuration;

use self::inference_profile::InferenceProfiles;
use self::logging::LoggingConfig;
use crate::kernel::store::{Book, Single};

/// What one account and region has set up around models.
#[derive(Debug, Default)]
pub struct Models {
    pub profiles: InferenceProfiles,
    pub logging: Single<Option<LoggingConfig>>,
}

impl Models {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("inference_profile", &mut self.profiles.by_id);
        book.value("logging", &mut self.logging);
    }
}
