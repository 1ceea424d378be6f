//! The command `pipeline`: sets the agent up, runs it, serves its results, feeds it.
//!
//! Settings come from the environment; so do region, credentials and endpoints, under AWS's own names.

use std::error::Error;
use std::process::ExitCode;

use aws_config::{BehaviorVersion, SdkConfig};
use clap::{Parser, Subcommand};
use rehearsal_pipeline::recommendations::{Clients, EventType, Interaction, Settings, publish, serve, setup, worker};
use serde_json::{Map, Value};

mod connection;
mod signals;

/// Recommendations that follow what a user does, seconds later.
#[derive(Parser)]
#[command(name = "pipeline", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create the stream, the tables and the event bus, where they do not exist
    Setup,
    /// Read the stream and keep recommendations fresh
    Worker,
    /// Answer GET /recommendations/{userId} from the cache
    Serve,
    /// Put one interaction on the stream
    Publish(Publish),
}

#[derive(clap::Args)]
struct Publish {
    /// Who did it
    #[arg(long)]
    user: String,
    /// With which item
    #[arg(long)]
    item: String,
    /// click, purchase, dwell or skip
    #[arg(long = "type")]
    event_type: EventType,
    /// A JSON object: {"category": "thriller", "price": 14.99}
    #[arg(long, default_value = "{}", value_parser = metadata)]
    metadata: Value,
    /// To publish the same interaction again; a new one gets an id of its own
    #[arg(long)]
    event_id: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // What goes wrong and is survived.
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    log.with_max_level(tracing::Level::INFO).init();
    match run(arguments.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Box<dyn Error>> {
    let settings = Settings::from_env()?;
    let config = aws_config::defaults(BehaviorVersion::latest()).http_client(connection::http_client()).load().await;
    connection::check(&config, |name| std::env::var(name).ok())?;
    match command {
        Command::Setup => {
            setup(&clients("recommendations-setup", &config, &settings), &settings).await?;
            eprintln!("ready");
        }
        Command::Worker => {
            let clients = clients("recommendations-worker", &config, &settings);
            eprintln!("reading `{}`", settings.stream_name);
            worker::run(clients, settings, signals::termination()?).await;
        }
        Command::Serve => {
            let clients = clients("recommendations-serve", &config, &settings);
            serve::run(clients, settings, signals::termination()?).await?;
        }
        Command::Publish(arguments) => {
            let clients = clients("recommendations-publish", &config, &settings);
            let interaction = arguments.into_interaction(&clients);
            let published = publish(&clients, &settings, &interaction).await?;
            println!("{} {} {}", interaction.event_id, published.shard_id, published.sequence_number);
        }
    }
    Ok(())
}

fn clients(name: &'static str, config: &SdkConfig, settings: &Settings) -> Clients {
    Clients::named(name, config, settings)
}

impl Publish {
    fn into_interaction(self, clients: &Clients) -> Interaction {
        let Value::Object(metadata) = self.metadata else {
            unreachable!("the argument parser lets only objects through")
        };
        Interaction {
            event_id: self.event_id.unwrap_or_else(|| format!("{:032x}", fastrand::u128(..))),
            user_id: self.user,
            item_id: self.item,
            event_type: self.event_type,
            timestamp: clients.now(),
            metadata,
        }
    }
}

fn metadata(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str::<Map<String, Value>>(text).map(Value::Object)
}
