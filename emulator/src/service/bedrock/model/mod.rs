//! Models: how callers name them, and what is known of them.

pub mod catalogue;
pub mod model_id;
