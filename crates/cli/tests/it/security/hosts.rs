//! Portal and console on hosts of their own, and where a client's address comes from.

use http::header;

use crate::support::app::{ADA, TestApp, file_by};

#[tokio::test]
async fn neither_host_answers_for_the_other() {
    let app = TestApp::start_with(|options| {
        options.portal_url = "https://privacy.example".to_owned();
        options.console_url = "https://console.example".to_owned();
    })
    .await;
    let check = async |host: &str, path: &str, status: u16| {
        let mut visitor = app.visitor();
        visitor.headers.insert(header::HOST, host.parse().unwrap());
        visitor.get(path).await.is(status);
    };
    check("privacy.example", "/", 200).await;
    check("privacy.example", "/sign-in", 200).await;
    check("privacy.example", "/console", 404).await;
    check("privacy.example", "/console/sign-in", 404).await;
    check("console.example", "/", 303).await;
    check("console.example", "/sign-in", 404).await;
    check("console.example", "/ask/access", 404).await;
    check("10.0.0.1", "/console/sign-in", 404).await;
    check("10.0.0.1", "/healthz", 200).await;
}

/// ASVS 15.3.4: limits can't be slipped by a header the client writes itself.
#[tokio::test]
async fn a_client_is_not_believed_its_address() {
    let app =
        TestApp::start_with(|options| options.trusted_proxy = vec!["10.0.0.0/8".parse().unwrap()]).await;
    let file = async |peer: [u8; 4], forwarded: &str, number: usize| {
        let mut visitor = app.visitor().from(peer);
        visitor.headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let email = format!("person{number}@example.org");
        file_by(&mut visitor, "access", &[ADA, &[("email", email.as_str())]].concat()).await.status.as_u16()
    };
    // One client, which writes another address each time: it is counted as one.
    for number in 0..20 {
        assert_eq!(file([203, 0, 113, 9], &format!("198.51.100.{number}"), number).await, 200);
    }
    let mut visitor = app.visitor().from([203, 0, 113, 9]);
    visitor.headers.insert("x-forwarded-for", "198.51.100.99".parse().unwrap());
    visitor.get("/ask/access").await;
    visitor.send("/ask/access", &[ADA, &[("step", "review")]].concat()).await;
    visitor.send("/ask/access", &[("step", "send")]).await.is(429);
    // Behind the trusted proxy the clients are told apart.
    assert_eq!(file([10, 0, 0, 1], "198.51.100.50", 50).await, 200);
    assert_eq!(file([10, 0, 0, 1], "203.0.113.77, 198.51.100.51", 51).await, 200);
}
