//! What a view keeps and a form carries is words of the list and nothing else.

use super::*;

#[test]
fn a_query_keeps_the_words_it_knows() {
    let long = format!("law={}", "x".repeat(LONGEST_WORD + 1));
    for (given, kept) in [
        ("", ""),
        ("due=week&sort=-due", "due=week&sort=-due"),
        ("sort=-due&due=week", "due=week&sort=-due"),
        ("search=ada%40example.org&page=7&law=uk-gdpr", "law=uk-gdpr"),
        ("law=%22%3E%3Cscript%3E", "law=%22%3E%3Cscript%3E"),
        (long.as_str(), ""),
    ] {
        assert_eq!(Narrowed::parse(given).query(), kept, "{given}");
    }
}

#[test]
fn a_chip_switches_its_word_on_and_off_and_leads_to_the_first_page() {
    let narrowed = Narrowed { page: 3, ..Narrowed::parse("due=week&law=uk-gdpr") };
    let on = narrowed.chip("Mine", "owner", "me");
    assert_eq!((on.is_active, on.href.as_str()), (false, "/console/requests?law=uk-gdpr&owner=me&due=week"));
    let off = narrowed.chip("In 7 days", "due", "week");
    assert_eq!((off.is_active, off.href.as_str()), (true, "/console/requests?law=uk-gdpr"));
    assert_eq!(Narrowed::default().link(|to| to.page = 2), "/console/requests?page=2");
}
