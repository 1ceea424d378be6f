//! Searching knowledge bases, and answers that are made of what is found.

pub mod answer;
mod generation;
mod guarding;
pub mod model;
pub mod prompt;
pub mod retrieve;
pub mod retrieve_and_generate;
pub mod retrieve_and_generate_stream;
pub mod session;
