//! Models: how callers name them, and what is known of them.

pub mod area;
pub mod catalogue;
mod known;
pub mod model_id;
