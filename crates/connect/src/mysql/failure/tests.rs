//! What a server says of a failure: the name in it, and no value.

use super::named;

#[test]
fn the_name_of_a_constraint_is_read_and_no_value() {
    let check = |message: &str, before: &str, end: char, expected: &str| {
        assert_eq!(named(message, before, end), expected, "{message}");
    };
    check("Duplicate entry 'ada@x.org' for key 'email'", "for key '", '\'', "email");
    check("Duplicate entry 'x' for key 'y'' for key 'person.email'", "for key '", '\'', "person.email");
    let foreign = "Cannot delete or update a parent row: a foreign key constraint fails (`a`.`b`, CONSTRAINT `b_ibfk_1` \
                   FOREIGN KEY (`x`) REFERENCES `c` (`id`))";
    check(foreign, "CONSTRAINT `", '`', "b_ibfk_1");
    check(
        "Cannot delete or update a parent row: a foreign key constraint fails",
        "CONSTRAINT `",
        '`',
        "without a name",
    );
    check("CONSTRAINT `has_name` failed for `a`.`b`", "CONSTRAINT `", '`', "has_name");
    check("Check constraint 'has_name' is violated.", "constraint '", '\'', "has_name");
}
