//! The embedding API: an AWS of one's own inside a test.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::gateway::browser::{Hosts, IN_PROCESS};
use crate::gateway::in_process::InProcess;
use crate::gateway::limits::Limits;
use crate::gateway::server::Server;
use crate::gateway::signature::Keys;
use crate::gateway::{Gateway, admin};
use crate::kernel::bus_rule::{BusRule, MountedBusRule};
use crate::kernel::fault::{Mounted, Rule};
use crate::kernel::keeping::Stamp;
use crate::kernel::scope::DEFAULT_REGION;
use crate::kernel::store::{Damaged, Journal, Records};
use crate::kernel::{Clock, Kernel, Timeline, Timestamp, World};
use crate::service::bedrock::Actor;
use crate::service::{self, Handles, dynamodb, kinesis};

/// One emulated AWS. Opens no port until asked; everything stops when it is dropped.
pub struct Emulator {
    world: Arc<World>,
    gateway: Gateway,
    handles: Handles,
    /// How it was started: its forks are started alike.
    builder: Builder,
}

/// A world at one moment, for [`Snapshot::fork`]. Shares what it can with the world that it is of and with its forks:
/// whoever changes something first copies that part.
pub struct Snapshot {
    world: Arc<World>,
    script: Actor,
    at: Timestamp,
    builder: Builder,
}

impl Snapshot {
    /// An emulator that goes on from here, with the script's rules and the faults in force here. Its timeline begins
    /// anew, and nothing that happens in it is seen elsewhere.
    pub async fn fork(&self) -> Result<Emulator, Damaged> {
        let emulator = Builder { epoch: Some(self.at), ..self.builder.clone() }.start().await;
        emulator.world.fork_of(&self.world)?;
        emulator.handles.bedrock.fork_of(&self.script);
        Ok(emulator)
    }
}

/// How an emulator starts. Every setting has a default.
#[derive(Clone, Default)]
pub struct Builder {
    seed: u64,
    epoch: Option<Timestamp>,
    settings: service::Settings,
    keys: Option<Keys>,
    hosts: Hosts,
    timeline_events: Option<usize>,
}

impl Emulator {
    /// Starts with seed 0, and with virtual time if the runtime is paused.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A configuration for SDK clients that calls this emulator with no socket.
    ///
    /// Retries are the SDK's standard ones without their random jitter, so that
    /// a run is the same every time; set `retry_config` to have others.
    pub async fn sdk_config(&self) -> SdkConfig {
        self.sdk_config_for("test").await
    }

    /// The same for the account that a 12-digit access key id names.
    pub async fn sdk_config_for(&self, access_key_id: &str) -> SdkConfig {
        let credentials = Credentials::new(access_key_id, "test", None, None, "rehearsal");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(DEFAULT_REGION))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(format!("http://{IN_PROCESS}"))
            .http_client(InProcess::new(self.gateway.clone()))
            .retry_config(RetryConfig::standard().with_use_static_exponential_base(true))
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .time_source(SharedTimeSource::new(ClockTime(self.world.kernel.clock.clone())))
            .build()
    }

    /// Opens a socket as well. Not on a paused runtime: time would jump while a socket is waited for.
    pub async fn serve(&self, address: impl tokio::net::ToSocketAddrs) -> std::io::Result<Server> {
        self.serve_within(address, Limits::default()).await
    }

    /// The same with other bounds on what clients may take.
    pub async fn serve_within(
        &self,
        address: impl tokio::net::ToSocketAddrs,
        limits: Limits,
    ) -> std::io::Result<Server> {
        Server::bind(self.gateway.clone(), address, limits).await
    }

    /// Opens a socket on a free port of the loopback interface.
    pub async fn serve_anywhere(&self) -> std::io::Result<Server> {
        self.serve(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// The clock, to read and to move.
    pub fn clock(&self) -> ClockHandle<'_> {
        ClockHandle { world: &self.world }
    }

    pub fn timeline(&self) -> &Timeline {
        &self.world.kernel.timeline
    }

    /// Puts a fault rule in force for as long as the guard lives.
    #[must_use = "the fault ends when the guard is dropped"]
    pub fn fault(&self, rule: impl Into<Rule>) -> FaultGuard {
        let id = self.world.kernel.faults.add(rule);
        FaultGuard { world: Arc::clone(&self.world), id }
    }

    /// Puts a fault rule of the bus in force for as long as the guard lives: what
    /// one service sends to another is duplicated, delayed or lost at first.
    #[must_use = "the fault ends when the guard is dropped"]
    pub fn bus_fault(&self, rule: BusRule) -> BusFaultGuard {
        let id = self.world.bus.add_rule(rule);
        BusFaultGuard { world: Arc::clone(&self.world), id }
    }

    /// The scripted model: give it rules, see its calls.
    ///
    /// When the emulator is dropped, strict misses and unmet expectations panic,
    /// unless the thread panics already or they were [forgiven](Actor::forgive).
    pub fn bedrock(&self) -> &Actor {
        &self.handles.bedrock
    }

    /// This world as it is now, to start others from.
    pub fn snapshot(&self) -> Result<Snapshot, Damaged> {
        let at = self.world.kernel.clock.now();
        let (services, handles) = service::all(self.builder.settings);
        let world = World::still(Kernel::new(Clock::starting_at(at), self.builder.seed), self.builder.seed, services);
        world.fork_of(&self.world)?;
        handles.bedrock.fork_of(&self.handles.bedrock);
        Ok(Snapshot { world, script: handles.bedrock, at, builder: self.builder.clone() })
    }

    /// Another emulator that goes on from what this one is now: for tests that start from the same data.
    pub async fn fork(&self) -> Result<Self, Damaged> {
        self.snapshot()?.fork().await
    }

    /// The world behind the gateway, for what has no shortcut here.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// What services offer besides AWS's operations.
    pub fn handles(&self) -> &Handles {
        &self.handles
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(failure) = self.handles.bedrock.failure() {
            panic!("{failure}");
        }
    }
}

impl Builder {
    /// Ids, chances and jitter repeat with the seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// What the clock shows at the start. Otherwise 2026-01-01T00:00:00Z on a
    /// paused runtime, and the machine's time on a running one.
    pub fn epoch(mut self, epoch: Timestamp) -> Self {
        self.epoch = Some(epoch);
        self
    }

    /// How DynamoDB takes its time: the lag of the TTL sweep, how long a table is CREATING.
    pub fn dynamodb(mut self, settings: dynamodb::settings::Settings) -> Self {
        self.settings.dynamodb = settings;
        self
    }

    /// How Kinesis takes its time: how long a stream is CREATING, UPDATING or DELETING. And whether limits of
    /// throughput and of calls hold from the start; `handles().kinesis_limits` switches them later.
    pub fn kinesis(mut self, settings: kinesis::settings::Settings) -> Self {
        self.settings.kinesis = settings;
        self
    }

    /// Verifies every signature, with this key among those accepted.
    pub fn verify_signatures(mut self, access_key_id: &str, secret_access_key: &str) -> Self {
        self.keys.get_or_insert_default().add(access_key_id, secret_access_key);
        self
    }

    /// How many events the timeline keeps: 100,000 if nothing else is said, and one at least.
    pub fn timeline_events(mut self, count: usize) -> Self {
        self.timeline_events = Some(count);
        self
    }

    /// Takes control calls by this host name, without a port, as well: browsers show no page of it but yours. IP
    /// addresses and `localhost` need no leave, and AWS calls are taken by any name.
    pub fn allow_host(mut self, name: &str) -> Self {
        self.hosts.allow(name);
        self
    }

    /// Starts from what a journal held, and keeps in it what changes. The clock goes on from where it was, if it was
    /// ahead of the machine's.
    pub async fn start_in(mut self, journal: impl Journal + 'static, held: Records) -> std::io::Result<Emulator> {
        self.epoch = self.epoch.or_else(|| Stamp::of(&held).map(Stamp::goes_on_at));
        let emulator = self.start().await;
        emulator.world.keep_in(journal, held)?;
        Ok(emulator)
    }

    pub async fn start(self) -> Emulator {
        let builder = self.clone();
        let clock = self.epoch.map_or_else(Clock::fitting_the_runtime, Clock::starting_at);
        let kernel = Kernel::new(clock, self.seed);
        if let Some(count) = self.timeline_events {
            kernel.timeline.keep(count);
        }
        let (services, handles) = service::all(self.settings);
        let world = World::start(kernel, self.seed, services);
        let admin = admin::router(Arc::clone(&world), handles.admin_routes(&world));
        let gateway = Gateway::new(Arc::clone(&world), self.keys, self.hosts, admin);
        Emulator { world, gateway, handles, builder }
    }
}

/// The emulator's clock in a test's hands.
pub struct ClockHandle<'a> {
    world: &'a World,
}

impl ClockHandle<'_> {
    pub fn now(&self) -> Timestamp {
        self.world.kernel.clock.now()
    }

    /// Moves time forward; returns when all that fell due has happened.
    pub async fn advance(&self, by: Duration) {
        self.world.advance(by).await;
    }
}

/// Takes its rule out of force when dropped.
pub struct FaultGuard {
    world: Arc<World>,
    id: u64,
}

impl FaultGuard {
    /// How often the rule has acted so far.
    pub fn acted(&self) -> u32 {
        let rules = self.world.kernel.faults.list();
        rules.iter().find(|mounted| mounted.id == self.id).map_or(0, |mounted| mounted.acted)
    }

    /// Takes the rule out of force and says what it did.
    pub fn end(self) -> Option<Mounted> {
        self.world.kernel.faults.remove(self.id)
    }
}

impl Drop for FaultGuard {
    fn drop(&mut self) {
        self.world.kernel.faults.remove(self.id);
    }
}

/// Takes its rule of the bus out of force when dropped.
pub struct BusFaultGuard {
    world: Arc<World>,
    id: u64,
}

impl BusFaultGuard {
    /// How often the rule has acted so far.
    pub fn acted(&self) -> u32 {
        let rules = self.world.bus.rules();
        rules.iter().find(|mounted| mounted.id == self.id).map_or(0, |mounted| mounted.acted)
    }

    /// Takes the rule out of force and says what it did.
    pub fn end(self) -> Option<MountedBusRule> {
        self.world.bus.remove_rule(self.id)
    }
}

impl Drop for BusFaultGuard {
    fn drop(&mut self) {
        self.world.bus.remove_rule(self.id);
    }
}

/// The emulator's clock as the SDK's: what it signs by, and what programs that take their time from it see.
#[derive(Clone)]
struct ClockTime(Clock);

impl std::fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClockTime")
    }
}

impl TimeSource for ClockTime {
    fn now(&self) -> std::time::SystemTime {
        let millis = u64::try_from(self.0.now().as_millis()).unwrap_or(0);
        std::time::UNIX_EPOCH + Duration::from_millis(millis)
    }
}
