//! The recommendations agent against AWS's answers, word by word: which calls it makes, in which order, and what it does
//! when an answer is bad, late or missing.

mod handle;
mod model;
mod outside;
mod serve;
mod setup;
mod wire;
mod worker;
