//! The `rehearsal` command.

/// A request makes and drops dozens of small values: see BENCHMARKS.md for what the allocator is worth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    rehearsal::command::main()
}
