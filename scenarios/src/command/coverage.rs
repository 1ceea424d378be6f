//! `rehearsal coverage`: COVERAGE.md from the operation tables.

use super::Outcome;

pub fn print() -> Outcome {
    super::print(&rehearsal_emulator::coverage::markdown())
}
