//! Snippets are filled in once, from a fixed list of places.

use super::{Place, Snippet, fill};

fn parse(text: &str) -> Result<Snippet, String> {
    Snippet::parse("s.yml", text)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

#[test]
fn places_are_filled_in_and_what_is_filled_in_is_not_read_again() {
    let value = |place| match place {
        Place::Name => Some("{due_on} {".to_owned()),
        Place::Reference => Some("HB-7K3M-9QXD".to_owned()),
        _ => None,
    };
    for (text, expected) in [
        ("Dear {name}, about {reference}:", "Dear {due_on} {, about HB-7K3M-9QXD:"),
        ("Due on {due_on}.", "Due on –."),
        ("A brace { and {Name} and {} stay, {name", "A brace { and {Name} and {} stay, {name"),
        ("{nonsense}", "{nonsense}"),
        ("", ""),
    ] {
        assert_eq!(fill(text, value).reveal(), expected, "{text}");
    }
}

#[test]
fn a_snippet_is_read_and_written_back_and_unknown_places_are_told() {
    let snippet =
        parse("snippet: ask-more\ntitle: Ask for more\ntext: |\n  Dear {name},\n  which account?\n")
            .expect("a snippet");
    assert_eq!(parse(&snippet.to_yaml()), Ok(snippet));
    for (text, said) in [
        (
            "snippet: a\ntitle: A\ntext: Dear {nmae}\n",
            "s.yml:3: text: there is no place '{nmae}'; there are: name",
        ),
        ("snippet: A b\ntitle: A\ntext: x\n", "s.yml:1: snippet: expected a name"),
        ("snippet: a\ntitle: A\n", "the key 'text' is missing"),
    ] {
        let told = parse(text).expect_err(text);
        assert!(told.contains(said), "{told}");
    }
}
