//! The AWS clients of this agent, and the clock and the sleep that belong to them.
//!
//! Everything comes from one `SdkConfig`. Nothing here reads a clock of its own: whoever makes the `SdkConfig` decides
//! what time it is and how long a second takes.

use std::future::Future;
use std::time::Duration;

use aws_smithy_async::future::timeout::{TimedOutError, Timeout};
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, default_async_sleep};
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use aws_types::sdk_config::SharedTimeSource;
use jiff::Timestamp;

use super::settings::Settings;

/// Clients for the four services, cheap to clone.
#[derive(Clone, Debug)]
pub struct Clients {
    pub kinesis: aws_sdk_kinesis::Client,
    pub dynamodb: aws_sdk_dynamodb::Client,
    pub eventbridge: aws_sdk_eventbridge::Client,
    pub bedrock: aws_sdk_bedrockruntime::Client,
    sleep: SharedAsyncSleep,
    time: SharedTimeSource,
}

impl Clients {
    /// Calls are signed with the app name `recommendations`, unless `config` has one.
    pub fn new(config: &SdkConfig, settings: &Settings) -> Self {
        Self::named("recommendations", config, settings)
    }

    /// Like [`Clients::new`], with an app name that tells callers apart in the user agent of their requests.
    ///
    /// # Panics
    ///
    /// If `name` has other characters than an app name may have.
    pub fn named(name: &'static str, config: &SdkConfig, settings: &Settings) -> Self {
        let named = if config.app_name().is_some() {
            config.clone()
        } else {
            let app_name = AppName::new(name).expect("a name chosen in code is a valid app name");
            config.to_builder().app_name(app_name).build()
        };
        let calls = limits(config, settings.call_timeout, settings.call_attempt_timeout);
        let model = limits(config, settings.model_operation_timeout, settings.model_attempt_timeout);
        let for_calls = named.to_builder().timeout_config(calls).build();
        let for_model = named.to_builder().timeout_config(model).build();
        Self {
            kinesis: aws_sdk_kinesis::Client::new(&for_calls),
            dynamodb: aws_sdk_dynamodb::Client::new(&for_calls),
            eventbridge: aws_sdk_eventbridge::Client::new(&for_calls),
            bedrock: aws_sdk_bedrockruntime::Client::new(&for_model),
            sleep: config.sleep_impl().or_else(default_async_sleep).expect("the rt-tokio feature has a sleep"),
            time: config.time_source().unwrap_or_default(),
        }
    }

    /// The time, in whole milliseconds: what is written down is compared and read by people.
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::try_from(self.time.now()).expect("the time source is within ten thousand years");
        Timestamp::from_millisecond(now.as_millisecond()).expect("it was a timestamp before it was rounded")
    }

    pub async fn sleep(&self, duration: Duration) {
        self.sleep.sleep(duration).await;
    }

    /// Waits for `future` at most as long as `limit`.
    pub async fn within<T>(&self, limit: Duration, future: impl Future<Output = T>) -> Result<T, TimedOutError> {
        Timeout::new(future, self.sleep.sleep(limit)).await
    }
}

/// Our limits, and for what we set no limit, those of the caller.
fn limits(config: &SdkConfig, operation: Duration, attempt: Duration) -> TimeoutConfig {
    let mut limits = TimeoutConfig::builder().operation_timeout(operation).operation_attempt_timeout(attempt).build();
    if let Some(given) = config.timeout_config() {
        limits.take_defaults_from(given);
    }
    limits
}
