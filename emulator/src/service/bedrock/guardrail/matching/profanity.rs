//! The managed list of profane words.
//!
//! AWS does not publish its own, and changes it. These few are beyond dispute, and
//! enough to see what an application does when one is met.

use std::sync::LazyLock;

use super::phrases::Phrases;

const WORDS: &[&str] =
    &["asshole", "bastard", "bitch", "bullshit", "dickhead", "fuck", "fucked", "fucking", "motherfucker", "shit"];

pub static PROFANITY: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(WORDS.iter().copied()));
