//! Routes behind an address of this machine, so that a browser can call them; and the quick hands of a browser
//! that has much to fill in.

use std::future::IntoFuture as _;
use std::net::SocketAddr;

use axum::Router;
use thirtyfour::prelude::*;
use tokio_util::task::TaskTracker;

use super::browser::Browser;
use super::visitor::Visitor;

/// Serves routes on a free port for as long as the test runs; returns the address without a slash at its end.
pub(crate) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    TaskTracker::new().spawn(axum::serve(listener, service).into_future());
    url
}

/// Sets fields of the form that has a button, and presses it. Nothing takes all marks of a set away.
const SEND: &str = "
    const [press, fields] = arguments;
    const words = (at) => at.textContent.replace(/\\s+/g, ' ').trim();
    const button = [...document.querySelectorAll('main form button')].find((at) => words(at) === press);
    if (!button) throw new Error('no button ' + press + ' on ' + location);
    const form = button.form;
    for (const [name, value] of fields) {
      const all = [...form.elements].filter((at) => at.name === name && at.type !== 'hidden');
      const [first] = all;
      if (!first) throw new Error('no field ' + name + ' on ' + location);
      if (first.type === 'radio' || first.type === 'checkbox') {
        const wanted = all.filter((at) => at.value === value);
        if (value === '') for (const at of all) at.checked = false;
        else if (!wanted.length) throw new Error(name + ' offers no ' + value);
        for (const at of wanted) at.checked = true;
      } else {
        first.value = value;
        if (first.value !== value) throw new Error(name + ' takes no ' + value);
      }
    }
    button.click();";

/// Follows the link of these words.
const FOLLOW: &str = "
    const [words] = arguments;
    const said = (at) => at.textContent.replace(/\\s+/g, ' ').trim();
    const all = [...document.querySelectorAll('a[href]')];
    const link = all.find((at) => said(at) === words) || all.find((at) => said(at).startsWith(words));
    if (!link) throw new Error('no link ' + words + ' on ' + location);
    link.click();";

impl Browser {
    /// Is the browser of somebody who signed in to the console elsewhere.
    pub(crate) async fn become_staff(&self, url: &str, visitor: &Visitor) {
        let value = visitor.cookie("habeas-console").expect("somebody signed in");
        let cookie = serde_json::json!({ "name": "habeas-console", "value": value, "url": url });
        self.driver.cdp().send_raw("Network.setCookie", cookie).await.unwrap();
    }

    /// Sets fields by name and presses the button of these words; waits for the page it leads to.
    pub(crate) async fn send(&self, button: &str, fields: &[(&str, &str)]) {
        let before = self.driver.find(By::Tag("html")).await.unwrap();
        let arguments = vec![serde_json::json!(button), serde_json::json!(fields)];
        self.driver.execute(SEND, arguments).await.unwrap();
        self.replaced(before).await;
    }

    /// Follows the link of these words and waits for the page it leads to.
    pub(crate) async fn go(&self, words: &str) {
        let before = self.driver.find(By::Tag("html")).await.unwrap();
        self.driver.execute(FOLLOW, vec![serde_json::json!(words)]).await.unwrap();
        self.replaced(before).await;
    }

    /// Fails if the page says so.
    pub(crate) async fn hides(&self, words: &str) {
        let text = self.text().await;
        assert!(!text.contains(words), "{} says “{words}”:\n{text}", self.address().await);
    }
}
