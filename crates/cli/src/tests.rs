//! The arguments of all commands fit together.

#[test]
fn the_commands_are_described_without_contradiction() {
    crate::command().debug_assert();
}
