//! The scenario runner, and the `rehearsal` command around it.
//!
//! A scenario is one YAML file with cause and effect: what is set up, the
//! model's script, the steps, what must hold, and the recorded timeline.
//!
//! - [`scenario`]: the file, read strictly
//! - [`runner`]: one scenario against a stage: an emulator in process, or an endpoint
//! - [`recorder`]: a script from a real model
//! - [`report`]: verdicts and timelines for people
//! - [`command`]: the command line

pub mod command;
pub mod recorder;
pub mod report;
pub mod runner;
pub mod scenario;
