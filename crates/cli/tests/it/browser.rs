//! What only a real browser can show.

mod build;
mod editor;
mod fulfil;
mod journey;
mod samples;

use crate::support::browser::Browser;

/// Opens a page and returns the names of the grave rules it breaks.
async fn broken_rules(browser: &Browser, body: &str) -> Vec<String> {
    let page = format!("data:text/html;charset=utf-8,<!doctype html>{body}");
    browser.driver.goto(page).await.unwrap();
    browser.violations().await.into_iter().map(|violation| violation.rule).collect()
}

#[tokio::test]
async fn accessibility_checks_tell_bad_pages_from_good_ones() {
    let browser = Browser::start().await;
    let bad = "<html><title>Bad</title><img src='x.png'><input>";
    assert_eq!(broken_rules(&browser, bad).await, ["html-has-lang", "image-alt", "label"]);

    let good = "<html lang='en'><title>Good</title><main><h1>Good</h1>\
        <label for='name'>Name</label> <input id='name'></main>";
    assert_eq!(broken_rules(&browser, good).await, [""; 0]);
    browser.ensure_accessible("a good page").await;
    for picture in browser.photograph("good-page").await {
        assert!(picture.metadata().unwrap().len() > 1_000, "{}", picture.display());
    }
    browser.close().await;
}
