//! The AWS services that an event-driven agent runs on, in one process, under control.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
//! use std::time::Duration;
//!
//! use rehearsal_emulator::{Emulator, Reply, model, on, prompt_contains};
//!
//! let emulator = Emulator::builder().seed(7).start().await;
//! let config = emulator.sdk_config().await; // for any SDK client; calls the emulator with no socket
//!
//! // What the model says, and to whom.
//! let refund = emulator.bedrock().given(model("*sonnet*")).and(prompt_contains("refund"));
//! refund.respond_with(Reply::text("approved").first_token_after(Duration::from_secs(2))).named("refund").mount();
//!
//! // What goes wrong, for as long as the guard lives.
//! let outage = emulator.fault(on("dynamodb", "UpdateItem").throttle().times(2));
//!
//! // Here your code runs, on clients made from `config`.
//! # let _ = config;
//!
//! emulator.clock().advance(Duration::from_hours(24)).await; // TTLs, retention, timeouts: no waiting
//! assert_eq!(emulator.clock().now().to_rfc3339(), "2026-01-02T00:00:00Z");
//! assert_eq!(outage.acted(), 0);
//! println!("{}", emulator.timeline()); // every call, and what it came from
//! # });
//! ```
//!
//! On a paused runtime (`#[tokio::test(start_paused = true)]`) time is virtual: a model
//! that hangs for a minute costs milliseconds. When the emulator is dropped, a call that
//! the script did not foresee and an `expect` that was not met fail the test, with every
//! call that was seen and why each rule did not answer it.
//!
//! Where to look:
//!
//! - [`emulator`]: starting one inside a test
//! - [`gateway`]: one HTTP request from arrival to answer
//! - [`wire`]: the protocols
//! - [`kernel`]: clock, faults, timeline, bus, and the shape of an operation
//! - [`outbound`]: HTTP calls that leave this process
//! - [`schedule`]: the language of schedule expressions
//! - [`service`]: the AWS services, one folder each, one file per operation

pub mod coverage;
pub mod emulator;
pub mod gateway;
pub mod kernel;
pub mod outbound;
pub mod schedule;
pub mod service;
pub mod wire;

pub use emulator::{Builder, BusFaultGuard, Emulator, FaultGuard};
pub use gateway::limits::Limits;
pub use gateway::server::Server;
pub use kernel::bus_rule::between;
pub use kernel::fault::{Cut, Verdict, on};
pub use kernel::timeline::{Event, Kind, Outcome};
pub use service::bedrock::builder::{
    agent, all_of, any_of, anything, caller, knowledge_base, last_user, message_contains, model, not, operation,
    prompt_contains, prompt_equals, prompt_json, prompt_matches, prompt_type, session, system_contains, tool_failed,
    tool_offered, tool_result, tool_result_contains, turn,
};
pub use service::bedrock::script::{
    Break, Content, Fault, GivenPiece, Jitter, JsonPath, ModelOperation, Mutation, Reasoning, Reply, Role, Script,
    StopReason, TextCondition, ToolResultCondition, ToolUse, When,
};
