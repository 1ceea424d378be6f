//! COVERAGE.md says what is true.

#[test]
fn coverage_md_is_what_the_operation_tables_say() {
    let written = std::fs::read_to_string(super::root().join("COVERAGE.md")).unwrap_or_default();
    let now = rehearsal_emulator::coverage::markdown();
    assert!(written == now, "COVERAGE.md is out of date: cargo run -- coverage > COVERAGE.md");
}
