//! States as records that can be kept, moved and read back.
//!
//! A service says once, in [`super::Service::keep`], what its state consists of: maps of
//! things by name, things in things, single values. A [`Book`] goes through that in one of
//! three ways: it writes what has changed since it last did, it writes everything, or it
//! reads everything back. So one declaration serves the journal of a data directory,
//! exports and snapshots.
//!
//! What is kept in a [`Kept`] map knows what of it has changed; writing is then about as
//! much work as the change was. The [`Keeper`] takes records while the state that they are
//! of is still held, so that records of one thing come in the order in which it changed,
//! and hands them to a [`Journal`] in batches that never cut a call in two.
//!
//! With the feature `data-dir`, [`directory`] is a journal on a disk: in `sled`, which is
//! used for nothing else, with all that was before it in a file of lines.

mod book;
#[cfg(feature = "data-dir")]
pub mod directory;
mod journal;
mod keeper;
mod kept;
pub mod line;
#[cfg(all(test, feature = "data-dir"))]
mod mirror_tests;
mod name;
mod node;
mod record;
#[cfg(feature = "data-dir")]
mod sled_log;

pub use book::Book;
pub use journal::{Journal, Memory};
pub use keeper::{Keeper, NotKept};
pub use kept::{Kept, Single};
pub use name::Name;
pub use node::{Damaged, Node};
pub use record::{Record, Records};

use self::name::push_escaped;
use super::Scope;

/// Where a state's records are: its service is the kind, its scope the name.
pub fn path_of_state(service: &str, scope: &Scope) -> String {
    let mut path = format!("{service}/");
    push_escaped(&mut path, &scope.to_text());
    path.push('/');
    path
}
