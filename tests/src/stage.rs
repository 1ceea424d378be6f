//! Where a test plays: in process under virtual time, and over a socket in real time.

use std::future::Future;
use std::time::Duration;

use aws_sdk_kinesis::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::Builder;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use rehearsal_emulator::kernel::store::{Memory, Records};
use rehearsal_emulator::kernel::{Clock, Kernel, World};
use rehearsal_emulator::{Emulator, Server, service};

/// One emulator and a configuration for SDK clients that reaches it. SDK retries are off.
pub struct Stage {
    pub emulator: Emulator,
    pub config: SdkConfig,
    /// Held for as long as the stage is.
    _server: Option<Server>,
    /// What a data directory would hold.
    mirror: Option<Memory>,
}

impl Stage {
    /// In process. On a paused runtime, time is virtual.
    pub async fn in_process() -> Self {
        Self::on(Emulator::builder().seed(7).start().await).await
    }

    /// In process, on an emulator that was started with what it needs.
    pub async fn on(emulator: Emulator) -> Self {
        let config = emulator.sdk_config().await.into_builder().retry_config(RetryConfig::disabled()).build();
        Self { emulator, config, _server: None, mirror: None }
    }

    /// In process, with each change kept in memory: when the test is over, what is kept is compared with what is.
    async fn mirrored() -> Self {
        let mut stage = Self::in_process().await;
        let mirror = Memory::default();
        stage.emulator.world().mirror_in(mirror.clone());
        stage.mirror = Some(mirror);
        stage
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

    /// What a data directory would hold, where that is looked after.
    pub fn mirror(&self) -> Option<&Memory> {
        self.mirror.as_ref()
    }

    /// Moves the emulator's clock.
    pub async fn advance(&self, by: Duration) {
        self.emulator.clock().advance(by).await;
    }
}

/// A type with a destructor is moved whole: a test that uses only parts of its
/// stage must not lose the server.
impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(mirror) = &self.mirror {
            compare(self.emulator.world(), mirror);
        }
    }
}

/// Whether what was kept change by change is what there is, and is the same when it was read back.
fn compare(world: &World, mirror: &Memory) {
    let is = lines(world.save());
    assert_eq!(lines(mirror.records()), is, "what was kept (left) is not what there is (right)");
    let seed = world.seed;
    let kernel = Kernel::new(Clock::starting_at(world.kernel.clock.now()), seed);
    let again = World::still(kernel, seed, service::all(service::Settings::default()).0);
    again.load(world.save()).expect("what was written can be read");
    assert_eq!(lines(again.save()), is, "what was read back (left) is not what was written (right)");
}

/// Without the stamp, which is another each time.
fn lines(records: Records) -> Vec<String> {
    let records = records.without("rehearsal/");
    let line = |(path, value): (&str, &[u8])| format!("{path} {}", String::from_utf8_lossy(value));
    records.iter().map(line).collect()
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
    runtime.expect("a runtime starts").block_on(async { test(Stage::mirrored().await).await });
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
