//! Which expressions MIT and Apache-2.0 are enough for.

use super::is_met;

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let check = |expression: &str, expected: bool| {
        assert_eq!(is_met(expression, &|one| matches!(one, "MIT" | "Apache-2.0")), expected, "{expression}");
    };
    check("MIT", true);
    check("GPL-3.0", false);
    check("GPL-3.0 OR MIT", true);
    check("GPL-3.0/MIT", true);
    check("MIT AND ISC", false);
    check("(GPL-3.0 OR MIT) AND Apache-2.0", true);
    check("GPL-3.0 OR MIT AND ISC", false);
    check("Apache-2.0 WITH LLVM-exception", true);
    check("GPL-2.0 WITH Classpath-exception-2.0", false);
    check("", false);
    check("MIT OR", false);
    check("(MIT", false);
    check("MIT MIT", false);
}
