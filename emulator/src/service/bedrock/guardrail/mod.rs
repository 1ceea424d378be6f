//! Guardrails: what they are made of, and what they do to a text.

/// The guardrails of one account and region.
#[derive(Debug, Default)]
pub struct Guardrails {}
