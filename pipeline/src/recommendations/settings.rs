//! What can be set, and its defaults. Every setting is an environment variable of the name given beside it.

use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use crate::variables::{SettingsError, Variables};

/// The settings of this agent; the same for setup, worker, serve and publish.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `STREAM_NAME`: the Kinesis stream of interactions.
    pub stream_name: String,
    /// `STREAM_SHARDS`: how many shards `setup` creates the stream with.
    pub stream_shards: u16,
    /// `PROFILES_TABLE`
    pub profiles_table: String,
    /// `REC_CACHE_TABLE`
    pub rec_cache_table: String,
    /// `PARKED_TABLE`: where records go that can never be handled.
    pub parked_table: String,
    /// `CHECKPOINTS_TABLE`
    pub checkpoints_table: String,
    /// `EVENT_BUS`
    pub event_bus: String,

    /// `MODEL_ID`: an inference profile, as current Claude models cannot be called by their base model id.
    pub model_id: String,
    /// `MODEL_MODE`: `converse` or `converse-stream`
    pub model_mode: ModelMode,
    /// `MODEL_MAX_TOKENS`: five items with a sentence each take about 400 tokens.
    pub model_max_tokens: u16,
    /// `MODEL_OPERATION_TIMEOUT_MS`: the whole of one question, with the SDK's retries and the stream of the answer.
    pub model_operation_timeout: Duration,
    /// `MODEL_ATTEMPT_TIMEOUT_MS`: one HTTP attempt; with `converse-stream`, until the stream begins.
    pub model_attempt_timeout: Duration,
    /// `MODEL_EVENT_TIMEOUT_MS`: the longest silence between two events of a stream.
    pub model_event_timeout: Duration,
    /// `MODEL_ATTEMPTS`: how many questions one interaction may cost, repeated and asked-again ones included.
    pub model_attempts: u16,
    /// `MODEL_REASKS`: how many of these may follow a reply that could not be used.
    pub model_reasks: u16,

    /// `CALL_TIMEOUT_MS`: any other call, with the SDK's retries. The SDK itself would wait for ever.
    pub call_timeout: Duration,
    /// `CALL_ATTEMPT_TIMEOUT_MS`: one HTTP attempt of any other call.
    pub call_attempt_timeout: Duration,

    /// `CACHE_TTL_SECONDS`
    pub cache_ttl: Duration,
    /// `POLL_INTERVAL_MS`: Kinesis allows five reads per second and shard.
    pub poll_interval: Duration,
    /// `BATCH_SIZE`: records per read; Kinesis allows 10,000.
    pub batch_size: u16,
    /// `START_POSITION`: `trim-horizon` or `latest`, for a shard without checkpoint.
    pub start_position: StartPosition,
    /// `SHARD_DISCOVERY_INTERVAL_MS`
    pub shard_discovery_interval: Duration,
    /// `RETRY_BACKOFF_MS`: the first wait of our own retries; it doubles from there.
    pub retry_backoff: Duration,
    /// `RETRY_BACKOFF_MAX_MS`
    pub retry_backoff_max: Duration,
    /// `PROFILE_WRITE_ATTEMPTS`: how often a profile write may lose the race against another writer.
    pub profile_write_attempts: u16,
    /// `EVENT_ATTEMPTS`: how often an entry that EventBridge turns down is put.
    pub event_attempts: u16,
    /// `SHUTDOWN_GRACE_MS`: how long the records in hand may take to finish. ECS kills 30 s after SIGTERM.
    pub shutdown_grace: Duration,

    /// `SETUP_POLL_INTERVAL_MS`
    pub setup_poll_interval: Duration,
    /// `SETUP_TIMEOUT_MS`: how long setup waits for each resource.
    pub setup_timeout: Duration,

    /// `SERVE_ADDRESS`
    pub serve_address: SocketAddr,
    /// `SERVE_READ_TIMEOUT_MS`: after this, the reader gets the fallback.
    pub serve_read_timeout: Duration,
}

/// Which operation asks the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelMode {
    Converse,
    ConverseStream,
}

/// Where reading begins in a shard without checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartPosition {
    TrimHorizon,
    /// Only for shards without a parent: a child is always read from its beginning, or a split would lose records.
    Latest,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            stream_name: "user-interactions".to_owned(),
            stream_shards: 1,
            profiles_table: "user-profiles".to_owned(),
            rec_cache_table: "rec-cache".to_owned(),
            parked_table: "parked-records".to_owned(),
            checkpoints_table: "checkpoints".to_owned(),
            event_bus: "default".to_owned(),
            model_id: "us.anthropic.claude-sonnet-4-5-20250929-v1:0".to_owned(),
            model_mode: ModelMode::ConverseStream,
            model_max_tokens: 1024,
            model_operation_timeout: Duration::from_secs(20),
            model_attempt_timeout: Duration::from_secs(10),
            model_event_timeout: Duration::from_secs(5),
            model_attempts: 3,
            model_reasks: 1,
            call_timeout: Duration::from_secs(20),
            call_attempt_timeout: Duration::from_secs(5),
            cache_ttl: Duration::from_hours(1),
            poll_interval: Duration::from_millis(200),
            batch_size: 100,
            start_position: StartPosition::TrimHorizon,
            shard_discovery_interval: Duration::from_mins(1),
            retry_backoff: Duration::from_millis(200),
            retry_backoff_max: Duration::from_secs(20),
            profile_write_attempts: 5,
            event_attempts: 3,
            shutdown_grace: Duration::from_secs(25),
            setup_poll_interval: Duration::from_secs(1),
            setup_timeout: Duration::from_mins(5),
            serve_address: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            serve_read_timeout: Duration::from_secs(1),
        }
    }
}

impl Settings {
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::from_variables(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    pub fn from_variables(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let from = Variables::new(lookup);
        let default = Self::default();
        Ok(Self {
            stream_name: from.text("STREAM_NAME", default.stream_name)?,
            stream_shards: from.count("STREAM_SHARDS", default.stream_shards)?,
            profiles_table: from.text("PROFILES_TABLE", default.profiles_table)?,
            rec_cache_table: from.text("REC_CACHE_TABLE", default.rec_cache_table)?,
            parked_table: from.text("PARKED_TABLE", default.parked_table)?,
            checkpoints_table: from.text("CHECKPOINTS_TABLE", default.checkpoints_table)?,
            event_bus: from.text("EVENT_BUS", default.event_bus)?,
            model_id: from.text("MODEL_ID", default.model_id)?,
            model_mode: from.parsed("MODEL_MODE", default.model_mode, "`converse` or `converse-stream`")?,
            model_max_tokens: from.count("MODEL_MAX_TOKENS", default.model_max_tokens)?,
            model_operation_timeout: from
                .milliseconds("MODEL_OPERATION_TIMEOUT_MS", default.model_operation_timeout)?,
            model_attempt_timeout: from.milliseconds("MODEL_ATTEMPT_TIMEOUT_MS", default.model_attempt_timeout)?,
            model_event_timeout: from.milliseconds("MODEL_EVENT_TIMEOUT_MS", default.model_event_timeout)?,
            model_attempts: from.count("MODEL_ATTEMPTS", default.model_attempts)?,
            model_reasks: from.count_or_none("MODEL_REASKS", default.model_reasks)?,
            call_timeout: from.milliseconds("CALL_TIMEOUT_MS", default.call_timeout)?,
            call_attempt_timeout: from.milliseconds("CALL_ATTEMPT_TIMEOUT_MS", default.call_attempt_timeout)?,
            cache_ttl: from.seconds("CACHE_TTL_SECONDS", default.cache_ttl)?,
            poll_interval: from.milliseconds("POLL_INTERVAL_MS", default.poll_interval)?,
            batch_size: from.count("BATCH_SIZE", default.batch_size)?,
            start_position: from.parsed("START_POSITION", default.start_position, "`trim-horizon` or `latest`")?,
            shard_discovery_interval: from
                .milliseconds("SHARD_DISCOVERY_INTERVAL_MS", default.shard_discovery_interval)?,
            retry_backoff: from.milliseconds("RETRY_BACKOFF_MS", default.retry_backoff)?,
            retry_backoff_max: from.milliseconds("RETRY_BACKOFF_MAX_MS", default.retry_backoff_max)?,
            profile_write_attempts: from.count("PROFILE_WRITE_ATTEMPTS", default.profile_write_attempts)?,
            event_attempts: from.count("EVENT_ATTEMPTS", default.event_attempts)?,
            shutdown_grace: from.milliseconds("SHUTDOWN_GRACE_MS", default.shutdown_grace)?,
            setup_poll_interval: from.milliseconds("SETUP_POLL_INTERVAL_MS", default.setup_poll_interval)?,
            setup_timeout: from.milliseconds("SETUP_TIMEOUT_MS", default.setup_timeout)?,
            serve_address: from.parsed("SERVE_ADDRESS", default.serve_address, "an address and port")?,
            serve_read_timeout: from.milliseconds("SERVE_READ_TIMEOUT_MS", default.serve_read_timeout)?,
        })
    }
}

impl FromStr for ModelMode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "converse" => Ok(Self::Converse),
            "converse-stream" => Ok(Self::ConverseStream),
            _ => Err(()),
        }
    }
}

impl FromStr for StartPosition {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "trim-horizon" => Ok(Self::TrimHorizon),
            "latest" => Ok(Self::Latest),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variable: &str, value: &str) -> Result<Settings, SettingsError> {
        Settings::from_variables(|name| (name == variable).then(|| value.to_owned()))
    }

    #[test]
    fn an_empty_environment_gives_the_defaults() {
        assert_eq!(Settings::from_variables(|_| None), Ok(Settings::default()));
    }

    #[test]
    fn a_variable_changes_its_setting_and_nothing_else() {
        let expected = Settings { model_mode: ModelMode::Converse, ..Settings::default() };
        assert_eq!(with("MODEL_MODE", "converse"), Ok(expected));
        let expected = Settings { cache_ttl: Duration::from_secs(90), ..Settings::default() };
        assert_eq!(with("CACHE_TTL_SECONDS", "90"), Ok(expected));
        let expected = Settings { model_reasks: 0, ..Settings::default() };
        assert_eq!(with("MODEL_REASKS", "0"), Ok(expected));
    }

    #[test]
    fn a_value_that_does_not_parse_is_an_error_that_names_the_variable() {
        let rows = [
            ("MODEL_MODE", "stream", "MODEL_MODE is `stream`, expected `converse` or `converse-stream`"),
            ("POLL_INTERVAL_MS", "0", "POLL_INTERVAL_MS is `0`, expected a whole number of milliseconds from 1"),
            (
                "POLL_INTERVAL_MS",
                "200ms",
                "POLL_INTERVAL_MS is `200ms`, expected a whole number of milliseconds from 1",
            ),
            ("CACHE_TTL_SECONDS", "1.5", "CACHE_TTL_SECONDS is `1.5`, expected a whole number of seconds from 1"),
            ("MODEL_ATTEMPTS", "0", "MODEL_ATTEMPTS is `0`, expected a whole number from 1 to 65535"),
            ("MODEL_REASKS", "-1", "MODEL_REASKS is `-1`, expected a whole number from 0 to 65535"),
            ("STREAM_NAME", "", "STREAM_NAME is ``, expected a text that is not empty"),
            ("SERVE_ADDRESS", "8080", "SERVE_ADDRESS is `8080`, expected an address and port"),
            ("START_POSITION", "LATEST", "START_POSITION is `LATEST`, expected `trim-horizon` or `latest`"),
        ];
        for (variable, value, message) in rows {
            let error = with(variable, value).expect_err(variable);
            assert_eq!(error.to_string(), message);
        }
    }
}
