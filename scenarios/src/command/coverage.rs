//! `rehearsal coverage`: COVERAGE.md from the operation tables.

use std::process::ExitCode;

use super::Outcome;

pub fn print() -> Outcome {
    print!("{}", rehearsal_emulator::coverage::markdown());
    Ok(ExitCode::SUCCESS)
}
