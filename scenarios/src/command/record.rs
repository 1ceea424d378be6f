//! `rehearsal record`: a script from a real model.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use aws_credential_types::provider::ProvideCredentials;
use axum::Router;
use axum::routing::any;
use clap::Args;
use rehearsal_emulator::kernel::Clock;
use rehearsal_emulator::kernel::clock::machine_time;
use tokio::net::TcpListener;

use super::Outcome;
use crate::recorder::Recorder;
use crate::recorder::redaction::Redaction;
use crate::runner::aws_call::Signer;
use crate::runner::door::{Door, http_client};

#[derive(Args)]
pub struct Record {
    /// The Bedrock to record: a URL, or `aws` for Bedrock Runtime in the region and with the credentials of the
    /// environment (needs the feature `aws`).
    #[arg(long, value_name = "URL|aws")]
    upstream: String,
    /// The script to write. It is written when the recorder is stopped.
    #[arg(long, value_name = "FILE", default_value = "recorded.yaml")]
    out: PathBuf,
    #[arg(long, default_value_t = 4567)]
    port: u16,
    /// What must not be in the script: a regular expression. May be given more than once. What looks like the id of an
    /// AWS key never is.
    #[arg(long, value_name = "REGEX")]
    redact: Vec<String>,
    /// Sign requests anew with the credentials of the environment, for an upstream that verifies signatures.
    #[arg(long)]
    sign: bool,
}

impl Record {
    pub fn run(&self) -> Outcome {
        let redaction = Redaction::new(&self.redact)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(|error| format!("cannot start a runtime: {error}"))?.block_on(self.until_stopped(redaction))
    }

    async fn until_stopped(&self, redaction: Redaction) -> Outcome {
        let (door, signer) = self.upstream().await?;
        // Now, and not when all is said: the words of a model are dear.
        std::fs::write(&self.out, "[]\n").map_err(|error| format!("{}: {error}", self.out.display()))?;
        let recorder = Recorder::new(door, signer, Clock::starting_at(machine_time()), redaction);
        let passing = recorder.clone();
        let app = Router::new().fallback(any(move |request| async move { passing.handle(request).await }));
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), self.port);
        let explain = |error: std::io::Error| format!("cannot listen at {address}: {error}");
        let listener = TcpListener::bind(address).await.map_err(explain)?;
        let url = format!("http://{}", listener.local_addr().map_err(explain)?);
        println!(
            "Recording {} at {url}\nexport AWS_ENDPOINT_URL_BEDROCK_RUNTIME={url}\nStop it with Ctrl-C.",
            self.upstream
        );
        let served = tokio::select! {
            served = async { axum::serve(listener, app).await } => served.map_err(|error| error.to_string()),
            stopped = super::serve::stopped() => stopped,
        };
        std::fs::write(&self.out, recorder.script()).map_err(|error| format!("{}: {error}", self.out.display()))?;
        println!("{} calls are in {}", recorder.takes(), self.out.display());
        served.map(|()| ExitCode::SUCCESS)
    }

    async fn upstream(&self) -> Result<(Door, Option<Signer>), String> {
        let is_aws = self.upstream == "aws";
        if !is_aws && !self.sign {
            return Ok((Door::remote(&self.upstream)?, None));
        }
        let loader = aws_config::defaults(aws_config::BehaviorVersion::latest()).http_client(http_client());
        let config = loader.load().await;
        let region = config.region().map_or("us-east-1", |region| region.as_ref()).to_owned();
        let provider = config.credentials_provider().ok_or("there are no AWS credentials in the environment")?;
        let credentials = provider.provide_credentials().await;
        let credentials = credentials.map_err(|error| format!("no AWS credentials in the environment: {error}"))?;
        let url =
            if is_aws { format!("https://bedrock-runtime.{region}.amazonaws.com") } else { self.upstream.clone() };
        Ok((Door::remote(&url)?, Some(Signer { endpoint: Some(url), region, credentials })))
    }
}
