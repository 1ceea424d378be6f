//! Settings from environment variables, read strictly: a value that does not parse is an error that names the variable.
//!
//! An unset variable means the default. An empty one is a mistake in a deployment, and is reported as one.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One source of variables: the environment in production, a table in tests.
pub struct Variables<Lookup> {
    lookup: Lookup,
}

impl<Lookup: Fn(&str) -> Option<String>> Variables<Lookup> {
    pub fn new(lookup: Lookup) -> Self {
        Self { lookup }
    }

    pub fn text(&self, variable: &'static str, default: String) -> Result<String, SettingsError> {
        self.read(variable, default, "a text that is not empty", |text| (!text.is_empty()).then(|| text.to_owned()))
    }

    /// What `FromStr` reads; `expected` completes the sentence "expected ...".
    pub fn parsed<T: FromStr>(
        &self,
        variable: &'static str,
        default: T,
        expected: &'static str,
    ) -> Result<T, SettingsError> {
        self.read(variable, default, expected, |text| text.parse().ok())
    }

    /// A number of things that cannot be zero.
    pub fn count(&self, variable: &'static str, default: u16) -> Result<u16, SettingsError> {
        self.read(variable, default, "a whole number from 1 to 65535", |text| {
            text.parse().ok().filter(|count| *count > 0)
        })
    }

    /// A number of things that may be zero.
    pub fn count_or_none(&self, variable: &'static str, default: u16) -> Result<u16, SettingsError> {
        self.parsed(variable, default, "a whole number from 0 to 65535")
    }

    /// A duration that cannot be zero: a timeout of zero never succeeds, an interval of zero never rests.
    pub fn milliseconds(&self, variable: &'static str, default: Duration) -> Result<Duration, SettingsError> {
        self.read(variable, default, "a whole number of milliseconds from 1", |text| {
            positive(text).map(Duration::from_millis)
        })
    }

    pub fn seconds(&self, variable: &'static str, default: Duration) -> Result<Duration, SettingsError> {
        self.read(variable, default, "a whole number of seconds from 1", |text| positive(text).map(Duration::from_secs))
    }

    fn read<T>(
        &self,
        variable: &'static str,
        default: T,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, SettingsError> {
        let Some(value) = (self.lookup)(variable) else { return Ok(default) };
        parse(&value).ok_or(SettingsError { variable, value, expected })
    }
}

/// At most ten digits: a duration of centuries is a typing mistake, and would overflow timers.
fn positive(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| (1..10_000_000_000).contains(number))
}

/// A variable that is set to something unusable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    pub variable: &'static str,
    pub value: String,
    pub expected: &'static str,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is `{}`, expected {}", self.variable, self.value, self.expected)
    }
}

impl std::error::Error for SettingsError {}
