//! The roles that come with the product, for tests that act as somebody.

use habeas_core::access::{Builtin, Role};

/// Returns built-in roles as they are granted to an account.
///
/// # Panics
/// When the text of a built-in role can't be read.
pub fn roles(names: &[Builtin]) -> Vec<Role> {
    #[expect(clippy::panic, reason = "a test without its roles must fail")]
    let role = |name: &Builtin| {
        Role::parse(name.as_str(), name.text()).unwrap_or_else(|problems| panic!("{problems:?}"))
    };
    names.iter().map(role).collect()
}
