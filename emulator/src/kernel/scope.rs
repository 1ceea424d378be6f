//! Who calls, and in which account and region: the two things that separate all state.

use std::fmt;
use std::sync::Arc;

/// The account where no 12-digit access key id names one.
pub const DEFAULT_ACCOUNT: &str = "000000000000";
/// The region where no signature names one.
pub const DEFAULT_REGION: &str = "us-east-1";

/// One account in one region. Nothing crosses from one scope to another, except by ARN over the bus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    pub account: Arc<str>,
    pub region: Arc<str>,
}

impl Scope {
    pub fn new(account: &str, region: &str) -> Self {
        Self { account: account.into(), region: region.into() }
    }
}

impl Default for Scope {
    fn default() -> Self {
        Self::new(DEFAULT_ACCOUNT, DEFAULT_REGION)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.region)
    }
}

/// Who sent a request, as far as the request tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caller {
    pub access_key_id: Arc<str>,
    /// The SDK's application name (`AWS_SDK_UA_APP_ID`, `app_name`), which tells
    /// apart programs that share credentials.
    pub app: Arc<str>,
}
