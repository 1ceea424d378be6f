//! The member `StreamSpecification` of CreateTable and UpdateTable.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html>

use serde::{Deserialize, Serialize};

use super::stream_record::ViewType;
use crate::kernel::{ApiError, Violations};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamSpecification {
    stream_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_view_type: Option<String>,
}

impl StreamSpecification {
    /// How a table's description shows an enabled stream.
    pub fn enabled(view: ViewType) -> Self {
        Self { stream_enabled: Some(true), stream_view_type: Some(view.name().to_owned()) }
    }

    /// What AWS's model says of the members.
    pub fn check_model(&self, violations: &mut Violations) {
        violations.required("streamSpecification.streamEnabled", &self.stream_enabled);
        if let Some(view) = &self.stream_view_type {
            violations.one_of("streamSpecification.streamViewType", view, &ViewType::NAMES);
        }
    }

    /// The view of the stream that is asked for; `None` asks for no stream. `doing` is `created` or `updated`.
    ///
    /// The second text is as callers report it; the first is assumed to be like it.
    pub fn asked(&self, doing: &str) -> Result<Option<ViewType>, ApiError> {
        let view = self.stream_view_type.as_deref().and_then(ViewType::parse);
        match (self.stream_enabled == Some(true), view) {
            (true, None) => Err(ApiError::validation(format!(
                "One or more parameter values were invalid: Table is being {doing} with a stream enabled, \
                 UpdateViewType should be specified"
            ))),
            (false, Some(_)) => Err(ApiError::validation(format!(
                "One or more parameter values were invalid: Table is being {doing} with a stream disabled, \
                 UpdateViewType should not be specified"
            ))),
            (_, view) => Ok(view),
        }
    }
}
