//! Where a test plays: in process under virtual time, and over a socket in real time.

use std::future::Future;
use std::time::Duration;

use aws_sdk_kinesis::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::Builder;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use rehearsal_emulator::{Emulator, Server};

/// One emulator and a configuration for SDK clients that reaches it. SDK retries are off.
pub struct Stage {
    pub emulator: Emulator,
    pub config: SdkConfig,
    /// Held for as long as the stage is.
    _server: Option<Server>,
}

impl Stage {
    /// In process. On a paused runtime, time is virtual.
    pub async fn in_process() -> Self {
        let emulator = Emulator::builder().seed(7).start().await;
        let config = emulator.sdk_config().await.into_builder().retry_config(RetryConfig::disabled()).build();
        Self { emulator, config, _server: None }
    }

    /// Over a socket of the loopback interface.
    pub async fn over_socket() -> Self {
        let mut stage = Self::in_process().await;
        let server = stage.emulator.serve_anywhere().await.expect("the loopback interface has a free port");
        let config = stage.config.to_builder().endpoint_url(server.url()).http_client(Builder::new().build_http());
        stage.config = config.build();
        stage._server = Some(server);
        stage
    }

    /// Moves the emulator's clock.
    pub async fn advance(&self, by: Duration) {
        self.emulator.clock().advance(by).await;
    }
}

/// A type with a destructor is moved whole: a test that uses only parts of its
/// stage must not lose the server.
impl Drop for Stage {
    fn drop(&mut self) {}
}

/// Plays `test` on both stages. What holds over a socket holds in process, and the other way round.
pub fn on_both_stages<Play: Future<Output = ()>>(test: impl Fn(Stage) -> Play) {
    in_virtual_time(&test);
    let real_time = || tokio::runtime::Builder::new_current_thread().enable_all().build();
    real_time().expect("a runtime starts").block_on(async { test(Stage::over_socket().await).await });
}

/// Plays `test` in process, where what lasts for milliseconds is seen however busy the machine is.
pub fn in_virtual_time<Play: Future<Output = ()>>(test: impl Fn(Stage) -> Play) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime starts").block_on(async { test(Stage::in_process().await).await });
}

/// Code and message of an SDK error, as AWS's documentation names them.
#[track_caller]
pub fn refusal<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(
    result: Result<T, SdkError<E, R>>,
) -> (String, String) {
    let error = result.expect_err("the call is refused");
    let SdkError::ServiceError(error) = error else { panic!("not an answer of the service: {error:?}") };
    let (code, message) = (error.err().code(), error.err().message());
    (code.unwrap_or_default().to_owned(), message.unwrap_or_default().to_owned())
}
