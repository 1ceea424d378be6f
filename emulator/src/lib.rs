//! The AWS services that an event-driven agent runs on, in one process, under control.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
//! use rehearsal_emulator::Emulator;
//!
//! let emulator = Emulator::builder().seed(7).start().await;
//! let config = emulator.sdk_config().await; // for any SDK client; calls the emulator with no socket
//! emulator.clock().advance(std::time::Duration::from_secs(3600)).await;
//! assert_eq!(emulator.clock().now().to_rfc3339(), "2026-01-01T01:00:00Z");
//! # let _ = config;
//! # });
//! ```
//!
//! Where to look:
//!
//! - [`emulator`]: starting one inside a test
//! - [`gateway`]: one HTTP request from arrival to answer
//! - [`wire`]: the protocols
//! - [`kernel`]: clock, faults, timeline, bus, and the shape of an operation
//! - [`service`]: the AWS services, one folder each, one file per operation

pub mod coverage;
pub mod emulator;
pub mod gateway;
pub mod kernel;
pub mod service;
pub mod wire;

pub use emulator::{Builder, Emulator};
pub use gateway::server::Server;
pub use kernel::fault::on;
pub use service::bedrock::builder::{
    anything, model, operation, prompt_contains, prompt_matches, system_contains, tool_offered, turn,
};
pub use service::bedrock::script::{Break, Fault, ModelOperation, Reply, Script, StopReason};
