//! Inference profiles: what AWS defines for an area, and what an account makes of one or of a model.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles.html>

use serde::{Deserialize, Serialize};

use super::catalogue::{self, Model};
use super::{area, model_id};
use crate::kernel::store::Kept;
use crate::kernel::{ApiError, Arn, Call, Scope, Timestamp};
use crate::service::bedrock::control::request_tokens::RequestTokens;
use crate::service::bedrock::control::tags::Tags;
use crate::service::bedrock::control::{iso_8601, not_found};

pub const SYSTEM_DEFINED: &str = "SYSTEM_DEFINED";
pub const APPLICATION: &str = "APPLICATION";

/// The application inference profiles of one account and region.
#[derive(Debug, Default)]
pub struct InferenceProfiles {
    /// By id.
    pub by_id: Kept<String, ApplicationProfile>,
    /// The ARNs that were answered. Not kept.
    pub tokens: RequestTokens<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApplicationProfile {
    pub name: String,
    pub description: Option<String>,
    pub created: Timestamp,
    /// The ARNs of its models.
    pub models: Vec<String>,
    pub tags: Tags,
}

/// A profile as answers describe it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Described {
    inference_profile_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    since: Option<Since>,
    inference_profile_arn: String,
    models: Vec<DescribedModel>,
    inference_profile_id: String,
    status: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Since {
    #[serde(serialize_with = "iso_8601")]
    created_at: Timestamp,
    #[serde(serialize_with = "iso_8601")]
    updated_at: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DescribedModel {
    model_arn: String,
}

impl InferenceProfiles {
    /// The profiles that AWS defines and offers in this region, by id.
    pub fn system_defined(scope: &Scope) -> Vec<Described> {
        let offered = catalogue::models().iter().flat_map(|model| {
            let areas = model.profiles.iter().filter(|name| area::is_offered_in(name, &scope.region));
            areas.map(move |name| described(name, model, scope))
        });
        let mut offered: Vec<Described> = offered.collect();
        offered.sort_by(|one, other| one.inference_profile_id.cmp(&other.inference_profile_id));
        offered
    }

    /// The profile of an id or ARN, defined by AWS or by the account.
    pub fn find(&self, identifier: &str, scope: &Scope) -> Result<Described, ApiError> {
        let id = self.id_of(identifier, scope)?;
        if let Some(profile) = self.by_id.get(id) {
            return Ok(profile.described(id, scope));
        }
        match catalogue::by_profile(id) {
            Some((name, model)) if area::is_offered_in(name, &scope.region) => Ok(described(name, model, scope)),
            _ => Err(no_profile(identifier)),
        }
    }

    /// The id that an identifier means here.
    pub fn id_of<'a>(&self, identifier: &'a str, scope: &Scope) -> Result<&'a str, ApiError> {
        match Arn::parse(identifier) {
            Some(arn) if arn.scope != *scope => Err(no_profile(identifier)),
            _ => Ok(model_id::short(identifier)),
        }
    }

    /// The models that a profile made of this one, or of this model, leads to.
    pub fn models_of(&self, source: &str, scope: &Scope) -> Result<Vec<String>, ApiError> {
        let names_a_model = Arn::parse(source).is_some_and(|arn| arn.resource_after("foundation-model").is_some());
        if !names_a_model {
            return Ok(self.find(source, scope)?.models.into_iter().map(|model| model.model_arn).collect());
        }
        super::foundation_model::named(source).map(|model| vec![model.arn(&scope.region)])
    }
}

impl ApplicationProfile {
    pub fn described(&self, id: &str, scope: &Scope) -> Described {
        Described {
            inference_profile_name: self.name.clone(),
            description: self.description.clone(),
            since: Some(Since { created_at: self.created, updated_at: self.created }),
            inference_profile_arn: arn(id, scope),
            models: self.models.iter().cloned().map(|model_arn| DescribedModel { model_arn }).collect(),
            inference_profile_id: id.to_owned(),
            status: "ACTIVE",
            kind: APPLICATION,
        }
    }
}

pub fn arn(id: &str, scope: &Scope) -> String {
    Arn::new("bedrock", scope, format!("application-inference-profile/{id}")).to_string()
}

/// 12 letters and digits, as AWS's ids are.
pub fn new_id(call: &Call<'_>) -> String {
    call.ids().draw(|random| (0..12).map(|_| random.alphanumeric().to_ascii_lowercase()).collect())
}

/// assumed: the wording.
pub fn no_profile(identifier: &str) -> ApiError {
    not_found(format!("The inference profile {identifier} does not exist."))
}

/// AWS's own profile of a model. When AWS made it is not known here, and not told.
fn described(name: &str, model: &Model, scope: &Scope) -> Described {
    let id = format!("{name}.{}", model.id);
    let regions = area::regions(name).unwrap_or_default();
    let models = regions.iter().map(|region| DescribedModel { model_arn: model.arn(region) }).collect();
    let title = title(model);
    let description = match regions {
        [""] => format!("Routes requests to {title} globally across all supported AWS Regions."),
        _ => format!("Routes requests to {title} in {}.", listed(regions)),
    };
    Described {
        inference_profile_name: format!("{} {title}", area::title(name)),
        description: Some(description),
        since: None,
        inference_profile_arn: Arn::new("bedrock", scope, format!("inference-profile/{id}")).to_string(),
        models,
        inference_profile_id: id,
        status: "ACTIVE",
        kind: SYSTEM_DEFINED,
    }
}

/// What AWS calls a model in a profile's name: `Anthropic Claude 3 Haiku`, but `Nova Lite`.
fn title(model: &Model) -> String {
    let provider = model.provider.split(' ').next().unwrap_or_default();
    let name = model.name.replace(['(', ')'], "");
    if provider == "Amazon" || name.starts_with(provider) { name } else { format!("{provider} {name}") }
}

/// `a, b and c`
fn listed(regions: &[&str]) -> String {
    match regions {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
