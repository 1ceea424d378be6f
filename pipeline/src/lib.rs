//! The agents that are rehearsed: real code on the official AWS SDKs.
//!
//! Each module is one event-driven AI agent, written as it would run in production. An agent gets everything it knows
//! of the outside from an [`aws_types::SdkConfig`]: endpoint, HTTP client, credentials, retries, sleep and time. It
//! never looks at a clock or sleeps in any other way, so the same code runs on AWS, and in a test with virtual time.
//!
//! What is not here: any knowledge of where the endpoint is or who answers.

pub mod recommendations;
pub mod variables;
