//! A scenario file: strict, with file, line and column for whatever is wrong.

mod check;
mod load;
pub mod model_question;
mod recorded;
mod step;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rehearsal_emulator::kernel::bus_rule::BusRule;
use rehearsal_emulator::kernel::fault::Rule as FaultRule;
use rehearsal_emulator::service::bedrock::script::Rule as ScriptRule;
use rehearsal_emulator::service::bedrock::{Budget, Prices};
use rehearsal_emulator::service::kinesis::settings::Limits;
use serde::Deserialize;
use serde_saphyr::Spanned;

pub use load::{BadScenario, find, load, parse};
pub use recorded::bless;
pub use step::{AwsCall, Step};

/// One scenario. Unknown keys are errors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What is shown to hold, as a sentence.
    pub name: String,
    /// Ids, chances and jitter repeat with the seed.
    #[serde(default)]
    pub seed: u64,
    /// The agent that is rehearsed, if there is one.
    #[serde(default)]
    pub pipeline: Option<Pipeline>,
    /// Settings of the pipeline, as its environment variables.
    #[serde(default)]
    pub settings: BTreeMap<String, Spanned<String>>,
    /// What stands before the curtain rises; not on the timeline.
    #[serde(default)]
    pub given: Vec<Spanned<Step>>,
    /// What the model says.
    #[serde(default)]
    pub script: Vec<Spanned<ScriptRule>>,
    /// What tokens cost, by a glob on the model; before the built-in prices.
    #[serde(default)]
    pub price: Prices,
    /// More calls, tokens or money than this, and the rehearsal has failed.
    #[serde(default)]
    pub budget: Budget,
    /// Whether Kinesis's limits hold, whatever the server does by itself.
    #[serde(default)]
    pub limits: Option<Limits>,
    /// What goes wrong, from the beginning.
    #[serde(default)]
    pub faults: Vec<Spanned<FaultRule>>,
    /// What goes wrong between services, from the beginning.
    #[serde(default)]
    pub bus_faults: Vec<BusRule>,
    pub steps: Vec<Spanned<Step>>,
    /// What must hold in the end.
    #[serde(default)]
    pub expect: Vec<Spanned<Step>>,
    /// What happened when the scenario was last blessed.
    #[serde(default)]
    pub timeline: Option<String>,
    /// The script as JSON, which is YAML: what an emulator is given.
    #[serde(skip)]
    pub script_source: String,
    /// Where the scenario was read from.
    #[serde(skip)]
    pub file: PathBuf,
}

/// The agents there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pipeline {
    Recommendations,
}

impl Scenario {
    /// `cold_start` of `scenarios/scripts/cold_start.yaml`.
    pub fn title(&self) -> String {
        self.file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
    }
}
