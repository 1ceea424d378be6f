//! Where a scenario plays: a world, a way to it, and the pipeline on top.

use std::collections::BTreeMap;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use http::Method;
use rehearsal_emulator::Emulator;
use rehearsal_emulator::kernel::bus_rule::BusRule;
use rehearsal_emulator::kernel::fault::Rule as FaultRule;
use rehearsal_emulator::kernel::{Clock, Timestamp};
use rehearsal_emulator::service::bedrock::{Budget, Prices};
use rehearsal_pipeline::recommendations::{self, Clients, Settings};
use serde_json::{Value, json};
use serde_saphyr::Spanned;
use tokio::task::JoinHandle;

use super::aws_call::Signer;
use super::door::{Door, http_client};
use super::time::{SdkClock, Time};
use crate::scenario::{Pipeline, Scenario};

/// Instead of an endpoint's URL: AWS itself, each service at its own host.
const AWS: &str = "aws";

pub struct Stage {
    pub door: Door,
    pub signer: Signer,
    pub time: Time,
    /// Whether the world can be controlled: script, faults, clock, timeline.
    pub controlled: bool,
    /// The pipeline's own API.
    pub serving: Option<axum::Router>,
    /// The account that the scenario plays in.
    pub account: String,
    /// What `save` has put aside.
    pub saved: BTreeMap<String, Value>,
    /// What of the admin API takes back what this run has put in force.
    mounted: Vec<String>,
    config: SdkConfig,
    pub worker: Option<JoinHandle<String>>,
    emulator: Option<Emulator>,
}

impl Stage {
    /// An emulator of its own, in process.
    pub async fn in_process(scenario: &Scenario) -> Self {
        let emulator = Emulator::builder().seed(scenario.seed).start().await;
        // The SDK's retry jitter is random by default; here it repeats.
        let retries = RetryConfig::standard().with_use_static_exponential_base(true);
        let config = emulator.sdk_config().await.into_builder().retry_config(retries).build();
        let door = Door::in_process(emulator.gateway());
        let endpoint = Some(door.base().to_owned());
        Self {
            signer: Signer { endpoint, region: "us-east-1".to_owned(), credentials: keys("test") },
            door,
            time: Time::Virtual(emulator.world().clone()),
            controlled: true,
            serving: None,
            account: "000000000000".to_owned(),
            saved: here("us-east-1", Some("000000000000")),
            mounted: Vec::new(),
            config,
            worker: None,
            emulator: Some(emulator),
        }
    }

    /// An endpoint. If an emulator of ours is behind it, the scenario plays
    /// under an account of its own there and controls it.
    pub async fn remote(url: &str) -> Result<Self, String> {
        if url == AWS {
            return Self::uncontrolled(Door::remote("https://amazonaws.com")?, None).await;
        }
        let door = Door::remote(url)?;
        let Some(now) = door.emulated_time().await? else {
            return Self::uncontrolled(door, Some(url)).await;
        };
        let clock = Clock::starting_at(Timestamp::from_millis(now));
        // Runs at the same time must not meet, so the account is drawn, not derived.
        let account = format!("9{:011}", fastrand::u64(..100_000_000_000));
        let sdk_clock = SdkClock(clock.clone());
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(keys(&account)))
            .endpoint_url(url)
            .http_client(http_client())
            .retry_config(RetryConfig::standard())
            .sleep_impl(SharedAsyncSleep::new(sdk_clock.clone()))
            .time_source(SharedTimeSource::new(sdk_clock))
            .build();
        Ok(Self {
            signer: Signer {
                endpoint: Some(url.to_owned()),
                region: "us-east-1".to_owned(),
                credentials: keys(&account),
            },
            time: Time::Mirrored { clock, door: door.clone() },
            door,
            controlled: true,
            serving: None,
            saved: here("us-east-1", Some(&account)),
            account,
            mounted: Vec::new(),
            config,
            worker: None,
            emulator: None,
        })
    }

    /// AWS itself, or some other endpoint, with the credentials and the region of the environment.
    async fn uncontrolled(door: Door, endpoint: Option<&str>) -> Result<Self, String> {
        let mut loader = aws_config::defaults(aws_config::BehaviorVersion::latest()).http_client(http_client());
        if let Some(url) = endpoint {
            loader = loader.endpoint_url(url);
        }
        let config = loader.load().await;
        let place = endpoint.unwrap_or(AWS);
        let needed = |why: &dyn std::fmt::Display| {
            format!("{place} is no emulator of ours, so the calls need AWS credentials from the environment: {why}")
        };
        let provider = config.credentials_provider().ok_or_else(|| needed(&"there are none"))?;
        let credentials = provider.provide_credentials().await.map_err(|error| needed(&error))?;
        let region = config.region().map_or("us-east-1", Region::as_ref).to_owned();
        let config = config.into_builder().region(Region::new(region.clone())).build();
        Ok(Self {
            saved: here(&region, credentials.account_id().map(|account| account.as_str())),
            signer: Signer { endpoint: endpoint.map(str::to_owned), region, credentials },
            door,
            time: Time::Real,
            controlled: false,
            serving: None,
            account: String::new(),
            mounted: Vec::new(),
            config,
            worker: None,
            emulator: None,
        })
    }

    /// Creates the pipeline's resources and starts what runs without being asked.
    pub async fn start(
        &mut self,
        pipeline: Pipeline,
        variables: &BTreeMap<String, Spanned<String>>,
    ) -> Result<(), String> {
        let Pipeline::Recommendations = pipeline;
        let settings = Settings::from_variables(|name| variables.get(name).map(|setting| setting.value.clone()))
            .map_err(|error| error.to_string())?;
        // Each part under its own name, as the pipeline's command runs them: the timeline tells them apart.
        let clients = |name| Clients::named(name, &self.config, &settings);
        let setup = recommendations::setup(&clients("recommendations-setup"), &settings).await;
        setup.map_err(|error| format!("pipeline setup: {error}"))?;
        self.serving = Some(recommendations::serve::router(clients("recommendations-serve"), settings.clone()));
        let worker = clients("recommendations-worker");
        self.worker = Some(tokio::spawn(async move {
            recommendations::worker::run(worker, settings, std::future::pending()).await;
            "the pipeline's worker ended by itself".to_owned()
        }));
        Ok(())
    }

    /// Why the pipeline no longer runs, if it does not.
    pub async fn fallen(&mut self) -> Option<String> {
        let worker = self.worker.take_if(|worker| worker.is_finished())?;
        Some(worker.await.unwrap_or_else(|error| format!("the pipeline's worker panicked: {error}")))
    }

    /// The script, the limits, the faults: what only an emulator can do.
    pub async fn load(&mut self, scenario: &Scenario) -> Result<(), String> {
        let bounded = scenario.budget != Budget::default() || scenario.price != Prices::default();
        if !scenario.script.is_empty() || bounded {
            let path = self.of_account("script");
            self.door.admin(Method::PUT, &path, scenario.script_source.clone()).await?;
            self.mounted.push(path);
        }
        if let Some(limits) = scenario.limits {
            let path = self.of_account("kinesis/limits");
            self.door.admin(Method::PUT, &path, json!({ "limits": limits }).to_string()).await?;
            self.mounted.push(path);
        }
        for fault in &scenario.faults {
            self.fault(fault.value.clone()).await?;
        }
        for fault in &scenario.bus_faults {
            self.bus_fault(fault.clone()).await?;
        }
        Ok(())
    }

    /// Puts a fault rule in force. On a server, a rule for every caller is one for
    /// this run's: others play there, too.
    pub async fn fault(&mut self, mut rule: FaultRule) -> Result<(), String> {
        if self.emulator.is_none() && rule.caller == "*" {
            rule.caller = self.account.clone();
        }
        let added = self.door.admin(Method::POST, "faults", json!(rule).to_string()).await?;
        self.mounted.extend(added.get("id").map(|id| format!("faults/{id}")));
        Ok(())
    }

    /// The same for the bus between services.
    pub async fn bus_fault(&mut self, mut rule: BusRule) -> Result<(), String> {
        if self.emulator.is_none() && rule.from == "*" {
            rule.from = format!("arn:*:{}:*", self.account);
        }
        let added = self.door.admin(Method::POST, "bus/faults", json!(rule).to_string()).await?;
        self.mounted.extend(added.get("id").map(|id| format!("bus/faults/{id}")));
        Ok(())
    }

    fn of_account(&self, path: &str) -> String {
        if self.emulator.is_some() { path.to_owned() } else { format!("{path}?account={}", self.account) }
    }

    /// Takes from a server what this run has put there; an emulator of its own ends with it.
    pub async fn clear(&mut self) -> Result<(), String> {
        if let Some(worker) = &self.worker {
            worker.abort();
        }
        for path in std::mem::take(&mut self.mounted).iter().filter(|_| self.emulator.is_none()) {
            self.door.admin(Method::DELETE, path, "").await?;
        }
        Ok(())
    }

    /// The curtain rises: what was before is not on the timeline. Returns the
    /// number of the last event before.
    pub async fn raise_curtain(&self) -> Result<u64, String> {
        if let Some(emulator) = &self.emulator {
            let world = emulator.world();
            world.kernel.timeline.restart(world.kernel.clock.now());
            return Ok(0);
        }
        let events = self.door.admin(Method::GET, "timeline", "").await?;
        Ok(events.as_array().and_then(|events| events.last()?.get("id")?.as_u64()).unwrap_or(0))
    }

    /// The timeline as text, of this scenario's account, from `after` on.
    pub async fn timeline(&self, after: u64) -> Result<String, String> {
        let path = format!("timeline?format=text&after={after}&account={}", self.account);
        let text = self.door.admin(Method::GET, &path, "").await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// The calls of the model so far.
    pub async fn model_calls(&self) -> Result<Vec<Value>, String> {
        let calls = self.door.admin(Method::GET, "model/calls", "").await?;
        let ours = |call: &&Value| call.get("account").and_then(Value::as_str) == Some(&self.account);
        Ok(calls.as_array().into_iter().flatten().filter(ours).cloned().collect())
    }

    /// What the model was used for so far, in sum.
    pub async fn model_spending(&self) -> Result<Value, String> {
        self.door.admin(Method::GET, &format!("model/spending?account={}", self.account), "").await
    }

    /// What the script did not foresee, and what it foresaw in vain.
    pub async fn unforeseen(&self) -> Result<Option<String>, String> {
        if let Some(emulator) = &self.emulator {
            // It is reported here; the emulator need not fail for it when it is dropped.
            let failure = emulator.bedrock().failure();
            emulator.bedrock().forgive();
            return Ok(failure);
        }
        if !self.controlled {
            return Ok(None);
        }
        let answer = self.door.admin(Method::GET, &self.of_account("model/failure"), "").await?;
        Ok(answer.get("failure").and_then(Value::as_str).map(str::to_owned))
    }
}

fn keys(access_key_id: &str) -> Credentials {
    Credentials::new(access_key_id, "test", None, None, "rehearsal")
}

/// What every scenario may name from the beginning. An account that the credentials do not tell is not known.
fn here(region: &str, account: Option<&str>) -> BTreeMap<String, Value> {
    let place = [("region", Some(region)), ("account", account)];
    place.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))).collect()
}
