//! Where records are kept.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Record, Records};

/// A place for records that outlives a world.
pub trait Journal: Send {
    /// Keeps a batch: all of it or, with an error, none. What is kept when this returns outlives the process.
    fn write(&mut self, batch: &[Record]) -> io::Result<()>;
}

/// Records in memory, for tests: what a data directory would hold. Every clone is the same.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Records>>);

impl Memory {
    pub fn records(&self) -> Records {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for Memory {
    fn write(&mut self, batch: &[Record]) -> io::Result<()> {
        let mut records = self.lock();
        for record in batch {
            records.apply(record.clone());
        }
        Ok(())
    }
}
