//! Commands that talk to the admin API of a running emulator.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use bytes::Bytes;
use clap::{Args, Subcommand};
use http::{Method, Request};
use http_body_util::BodyExt;
use rehearsal_emulator::kernel::duration;
use rehearsal_emulator::service::bedrock::script::Script as BedrockScript;
use rehearsal_emulator::service::kinesis::settings::Limits as KinesisLimits;
use serde_json::{Value, json};

use super::{Outcome, block_on, print};
use crate::report::{self, Paint};
use crate::runner::door::Door;

/// Which emulator.
#[derive(Args)]
pub struct Server {
    /// Where the emulator is.
    #[arg(long, global = true, env = "REHEARSAL_URL", default_value = "http://127.0.0.1:4566")]
    url: String,
}

impl Server {
    fn door(&self) -> Result<Door, String> {
        Door::remote(&self.url)
    }

    /// Gets what is no JSON document.
    pub fn fetch(&self, path: &str) -> Result<Bytes, String> {
        let door = self.door()?;
        block_on(door.fetch(path))
    }

    pub fn ask(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Result<Value, String> {
        let door = self.door()?;
        block_on(door.admin(method, path, body))
    }
}

fn done() -> Outcome {
    Ok(ExitCode::SUCCESS)
}

fn print_json(document: &Value) -> Outcome {
    print(&format!("{document:#}\n"))
}

#[derive(Args)]
pub struct Clock {
    #[command(subcommand)]
    act: ClockAct,
    #[command(flatten)]
    server: Server,
}

#[derive(Subcommand)]
enum ClockAct {
    /// Print the emulator's time.
    Show,
    /// Move it forward: `rehearsal clock advance 2h`.
    Advance {
        #[arg(value_parser = parse_duration)]
        by: String,
    },
}

/// The emulator reads it again; what is wrong with it is told sooner and better here.
fn parse_duration(text: &str) -> Result<String, String> {
    duration::parse(text).map(|_| text.to_owned())
}

impl Clock {
    pub fn run(&self) -> Outcome {
        let time = match &self.act {
            ClockAct::Show => self.server.ask(Method::GET, "clock", "")?,
            ClockAct::Advance { by } => {
                self.server.ask(Method::POST, "clock/advance", json!({ "by": by }).to_string())?
            }
        };
        println!("{}", time.get("now").and_then(Value::as_str).unwrap_or_default());
        done()
    }
}

#[derive(Args)]
pub struct Timeline {
    /// Print one JSON object an event, the quiet ones too.
    #[arg(long)]
    json: bool,
    /// Keep printing events as they happen, as JSON.
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    server: Server,
}

impl Timeline {
    pub fn run(&self) -> Outcome {
        if self.follow {
            let door = self.server.door()?;
            return block_on(follow(&door));
        }
        if self.json {
            let events = self.server.ask(Method::GET, "timeline", "")?;
            return print(
                &events.as_array().into_iter().flatten().map(|event| format!("{event}\n")).collect::<String>(),
            );
        }
        let text = self.server.ask(Method::GET, "timeline?format=text", "")?;
        let paint = Paint { colour: report::colour() };
        let lines = text.as_str().unwrap_or_default().lines();
        print(&lines.map(|line| paint.line(line) + "\n").collect::<String>())
    }
}

async fn follow(door: &Door) -> Outcome {
    let uri = format!("{}/_rehearsal/timeline/follow", door.base());
    let request = Request::get(&uri).body(Bytes::new()).map_err(|error| format!("{uri}: {error}"))?;
    let mut body = door.open(request).await?.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| format!("the emulator is gone: {error}"))?;
        if let Some(data) = frame.data_ref() {
            let mut out = std::io::stdout().lock();
            match out.write_all(data).and_then(|()| out.flush()) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return done(),
                written => written.map_err(|error| error.to_string())?,
            }
        }
    }
    done()
}

#[derive(Args)]
pub struct Faults {
    #[command(subcommand)]
    act: FaultAct,
    /// Rules of the bus between services: `{"to": "*:stream/orders", "fault": "duplicate"}`.
    #[arg(long, global = true)]
    bus: bool,
    #[command(flatten)]
    server: Server,
}

#[derive(Subcommand)]
enum FaultAct {
    List,
    /// Add a rule, as JSON: `{"service": "dynamodb", "operation": "PutItem", "times": 2, "fault": "throttle"}`.
    Add {
        rule: String,
    },
    Remove {
        id: u64,
    },
}

impl Faults {
    pub fn run(&self) -> Outcome {
        let rules = if self.bus { "bus/faults" } else { "faults" };
        let answer = match &self.act {
            FaultAct::List => self.server.ask(Method::GET, rules, "")?,
            FaultAct::Add { rule } => self.server.ask(Method::POST, rules, rule.clone())?,
            FaultAct::Remove { id } => self.server.ask(Method::DELETE, &format!("{rules}/{id}"), "")?,
        };
        print_json(&answer)
    }
}

#[derive(Args)]
pub struct Limits {
    /// Hold Kinesis to AWS's limits from now on, or no longer. Without it, print what holds.
    #[arg(value_name = "enforced|off")]
    limits: Option<KinesisLimits>,
    /// Only this account, whatever holds for the others.
    #[arg(long, requires = "limits")]
    account: Option<String>,
    #[command(flatten)]
    server: Server,
}

impl Limits {
    pub fn run(&self) -> Outcome {
        let path = "kinesis/limits";
        let Some(limits) = self.limits else {
            return print_json(&self.server.ask(Method::GET, path, "")?);
        };
        let path = self.account.as_ref().map_or(path.to_owned(), |account| format!("{path}?account={account}"));
        self.server.ask(Method::PUT, &path, json!({ "limits": limits }).to_string())?;
        done()
    }
}

#[derive(Args)]
pub struct Script {
    #[command(subcommand)]
    act: ScriptAct,
    #[command(flatten)]
    server: Server,
}

#[derive(Subcommand)]
enum ScriptAct {
    /// Replace the model's script by this YAML file.
    Load { file: PathBuf },
    /// Say what is wrong with this YAML file, if anything. Needs no emulator.
    Check { file: PathBuf },
    /// Print the JSON Schema of scripts, for editors.
    Schema,
}

/// The JSON Schema of scripts; held against the types by a test beside them.
const SCRIPT_SCHEMA: &str = include_str!("../../script.schema.json");

impl Script {
    pub fn run(&self) -> Outcome {
        let (ScriptAct::Load { file } | ScriptAct::Check { file }) = &self.act else {
            print!("{SCRIPT_SCHEMA}");
            return done();
        };
        let named = |error: String| format!("{}: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| named(error.to_string()))?;
        BedrockScript::read(&text).map_err(|mistake| mistake.of_file(file.display()))?;
        if matches!(self.act, ScriptAct::Load { .. }) {
            self.server.ask(Method::PUT, "script", text).map_err(named)?;
        }
        println!("{}: fine", file.display());
        done()
    }
}

#[derive(Args)]
pub struct Reset {
    /// Only this account; what others hold stays.
    #[arg(long)]
    account: Option<String>,
    #[command(flatten)]
    server: Server,
}

impl Reset {
    pub fn run(&self) -> Outcome {
        let path = self.account.as_ref().map_or("reset".to_owned(), |account| format!("reset?account={account}"));
        self.server.ask(Method::POST, &path, "")?;
        done()
    }
}

#[derive(Args)]
pub struct Healthcheck {
    /// Ask this instead: any URL that answers 200 when all is well.
    #[arg(long, value_name = "URL")]
    at: Option<String>,
    #[command(flatten)]
    server: Server,
}

impl Healthcheck {
    pub fn run(&self) -> Outcome {
        let Some(url) = &self.at else {
            let health = self.server.ask(Method::GET, "health", "")?;
            println!("{health}");
            return done();
        };
        let request = Request::get(url).body(Bytes::new()).map_err(|error| format!("{url}: {error}"))?;
        let door = Door::remote(url)?;
        let response = block_on(door.send(request))?;
        if response.status().is_success() { done() } else { Err(format!("{url} answered {}", response.status())) }
    }
}
