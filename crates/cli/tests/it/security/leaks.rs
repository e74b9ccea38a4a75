//! What people typed, codes and tokens stand in no log, no address and not in the database in clear
//! (ASVS 14.2.1, 16.2.5, 6.5.2, 11.5.1).

use crate::support::app::{ADA, TestApp, ask_code, enter_code};

#[tokio::test]
async fn nothing_of_a_person_stands_in_the_log() {
    let app = TestApp::start().await;
    let said = [
        ("given_name", "Zebedee"),
        ("family_name", "Quillfeather"),
        ("email", "zebedee.quillfeather@example.org"),
        ("phone", "+44 117 496 0123"),
        ("description", "the purple armchair order"),
    ];
    let fields: Vec<_> = ADA
        .iter()
        .copied()
        .filter(|(name, _)| !said.iter().any(|(other, _)| other == name))
        .chain(said)
        .collect();
    let (mut person, reference) = app.file_request("access", &fields).await;
    let first = person.cookie("habeas").unwrap().to_owned();
    let code = app.read_code(&reference).await;
    enter_code(&mut person, "/verify", "73519246").await.is(422);
    enter_code(&mut person, "/verify", &code).await.leads_to("/my");
    app.run_jobs().await;
    person.get("/my?told=zebedee.quillfeather%40example.org").await.is(200);
    person.send("/my/messages", &[("text", "please hurry, says Montague")]).await;
    app.review(&reference).await;
    person.get("/my/reply").await.is(200);
    person.send("/my/reply/password", &[]).await.is(200);
    person.get("/my/reply/1").await.is(200);
    let password = app.request(&reference).await.package.unwrap().password.into_revealed();
    let mut other = app.visitor();
    ask_code(&mut other, &reference, "zebedee.quillfeather@example.org").await;
    ask_code(&mut other, "not a reference by Zebedee", "nor an address").await.is(422);
    other.get("/ask/zebedee.quillfeather@example.org").await.is(404);
    other.get("/zebedee?email=zebedee.quillfeather@example.org").await.is(404);
    app.run_jobs().await;

    let second = person.cookie("habeas").unwrap().to_owned();
    let csrf = person.get("/my").await.hidden().remove("csrf").unwrap();
    let planted = [
        "zebedee",
        "quillfeather",
        "117 496 0123",
        "purple armchair",
        "montague",
        &code,
        "73519246",
        &password,
        &first,
        &second,
        &csrf,
    ];
    assert_eq!(app.logs.leaks(&planted), Vec::<&str>::new());
    assert!(app.logs.text().contains("habeas_web::access"), "there is a log at all");
}

#[tokio::test]
async fn the_database_holds_no_token_and_no_word_of_a_person() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    person.get("/my").await;
    person.send("/my/messages", &[("text", "xylophone lessons")]).await;
    let code = app.read_code(&reference).await;
    let token = person.cookie("habeas").unwrap().to_owned();
    app.store.close().await;
    let mut bytes = Vec::new();
    for file in ["habeas.db", "habeas.db-wal"] {
        bytes.extend(std::fs::read(app.folder.path().join(file)).unwrap_or_default());
    }
    let text = String::from_utf8_lossy(&bytes).to_lowercase();
    for planted in ["lovelace", "xylophone", token.as_str(), code.as_str()] {
        assert!(!text.contains(&planted.to_lowercase()), "{planted} stands in the database");
    }
    let raw: Vec<u8> =
        (0..32).map(|place| u8::from_str_radix(&token[place * 2..place * 2 + 2], 16).unwrap()).collect();
    assert!(!bytes.windows(32).any(|window| window == raw), "the raw token stands in the database");
    assert!(text.contains(&reference.to_lowercase()), "it is the right file");
}

#[tokio::test]
async fn addresses_hold_nothing_of_a_person() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    person.get("/ask/access").await;
    person.send("/ask/access", &[ADA, &[("step", "review")]].concat()).await;
    let sent = person.send("/ask/access", &[("step", "send")]).await;
    assert_eq!(sent.location(), "/sent");
    let asked = ask_code(&mut person, "HB-0000-0000", "ada.lovelace@example.org").await;
    assert_eq!(asked.location(), "/sign-in/code");
}
