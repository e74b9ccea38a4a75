//! What a connections file may say, and how it complains.

use std::path::Path;

use super::{Connections, Target, Tls};

fn parse(text: &str) -> Result<Connections, String> {
    Connections::parse(text, Path::new("/etc/habeas")).map_err(|error| error.to_string())
}

fn check_error(text: &str, expected: &str) {
    assert_eq!(parse(text).unwrap_err(), expected);
}

#[test]
fn a_source_serves_the_dataset_of_its_name_unless_told_otherwise() {
    let connections = parse(
        "[shop]\nurl = \"postgres://habeas@localhost/shop\"\n\
         [crm]\nurl = \"sqlite://crm.db\"\ndatasets = [\"people\", \"mails\"]\ngrant = [\"read\", \"write\"]\n",
    )
    .unwrap();
    assert_eq!(&*connections.serving("shop").unwrap().name, "shop");
    let crm = connections.serving("mails").unwrap();
    assert_eq!((&*crm.name, crm.kind(), crm.may_write), ("crm", "sqlite", true));
    assert!(connections.serving("crm").is_none());
    assert!(!connections.lookup("shop").unwrap().may_write);
    let Target::Sqlite { path } = &crm.target else { panic!("not a file") };
    assert_eq!(path, Path::new("/etc/habeas/crm.db"));
}

#[test]
fn mistakes_are_told_with_the_cure() {
    let url = "url = \"postgres://localhost/x\"";
    check_error(
        &format!("[a]\n{url}\npasword_file = \"x\""),
        "[a]: unknown key pasword_file, did you mean password_file?",
    );
    check_error(
        &format!("[a]\n{url}\nlimits = {{ timeout = 5 }}"),
        "[a]: unknown key timeout, did you mean timeout_ms?",
    );
    check_error(
        &format!("[a]\n{url}\nlimits = {{ concurrency = 0 }}"),
        "[a]: limits.concurrency must be a whole number from 1",
    );
    check_error("[a]\ngrant = [\"read\"]", "[a]: url is missing");
    check_error(
        "[a]\nurl = \"oracle://x/y\"",
        "[a]: url must start with postgres://, mysql://, sqlite:// or mongodb://",
    );
    check_error("[a]\nurl = \"mysql://x\"", "[a]: url must name a database, as mysql://user@host/database");
    check_error(
        &format!("[a]\n{url}\ngrant = [\"own\"]"),
        "[a]: grant must be [\"read\"], [\"write\"] or [\"read\", \"write\"]",
    );
    check_error("a = 1", "[a]: must be a table such as [name] with a url");
    check_error("[a]\n\nurl = ", "the connections file is not valid TOML at line 3");
    check_error(
        &format!("[a]\n{url}\ndatasets = [\"d\"]\n[b]\n{url}\ndatasets = [\"d\"]"),
        "[b]: dataset d is already served by [a]",
    );
    check_error(
        &format!("[a]\n{url}\npassword_file = \"none\""),
        "[a]: failed to read password_file /etc/habeas/none",
    );
}

#[test]
fn tls_is_demanded_of_other_machines() {
    let check = |entry: &str, expected: Tls| {
        let connections = parse(&format!("[a]\n{entry}")).unwrap();
        let Target::Postgres { tls, .. } = &connections.lookup("a").unwrap().target else {
            panic!("not a server")
        };
        assert_eq!(*tls, expected, "{entry}");
    };
    let verified = || Tls::Verified { ca_file: None };
    check("url = \"postgres://localhost/x\"", Tls::Off);
    check("url = \"postgres://127.0.0.1:5433/x\"", Tls::Off);
    check("url = \"postgres://[::1]/x\"", Tls::Off);
    check("url = \"postgres://%2Frun%2Fpostgresql/x\"", Tls::Off);
    check("url = \"postgres://u@localhost/x?host=/run/postgresql\"", Tls::Off);
    check("url = \"postgres://db.example.com/x\"", verified());
    check("url = \"postgres://db.example.com/x?sslmode=disable\"", verified());
    check("url = \"postgres://localhost/x?host=db.example.com\"", verified());
    check("url = \"postgres://db.example.com/x\"\ntls = \"off\"", Tls::Off);
    check("url = \"postgres://localhost/x\"\ntls = \"on\"", verified());
    check(
        "url = \"postgres://localhost/x\"\ntls_ca_file = \"ca.pem\"",
        Tls::Verified { ca_file: Some("/etc/habeas/ca.pem".into()) },
    );
}

#[test]
fn nothing_secret_is_shown() {
    let connections = parse("[a]\nurl = \"postgres://ada:geheim@localhost/x\"").unwrap();
    let shown = format!("{connections:?}");
    assert!(!shown.contains("geheim") && !shown.contains("ada"), "{shown}");
    let complaint = parse("[a]\nurl = \"postgres://ada:ge#heim@[::/x\"").unwrap_err();
    assert!(!complaint.contains("heim"), "{complaint}");
}

#[test]
fn addresses_of_mongodb_may_name_several_hosts() {
    let target = |url: &str| {
        let connections = parse(&format!("[a]\nurl = \"{url}\"")).unwrap();
        match &connections.lookup("a").unwrap().target {
            Target::Mongodb { address, database, tls, .. } => {
                (address.clone(), database.clone(), *tls == Tls::Off)
            }
            _ => panic!("not MongoDB"),
        }
    };
    let check = |url: &str, address: &str, is_plain: bool| {
        assert_eq!(target(url), (address.to_owned(), "shop".to_owned(), is_plain), "{url}");
    };
    check("mongodb://localhost/shop", "localhost", true);
    check("mongodb://ada:p%40ss@[::1]:27018/shop?directConnection=true", "[::1]:27018", true);
    check("mongodb://%2Frun%2Fmongodb.sock/shop", "%2Frun%2Fmongodb.sock", true);
    check(
        "mongodb://localhost,db.example.org:27018/shop?replicaSet=rs0",
        "localhost,db.example.org:27018",
        false,
    );
    check("mongodb+srv://ada@cluster.example.org/shop?authSource=admin", "cluster.example.org", false);
    check("mongodb+srv://localhost/shop", "localhost", false);
}

#[test]
fn addresses_of_mongodb_say_nothing_of_tls_and_name_a_database() {
    let check = |url: &str, expected: &str| {
        check_error(&format!("[a]\nurl = \"{url}\""), &format!("[a]: {expected}"));
    };
    check("mongodb://db.example.org", "url must name a database, as mongodb://user@host/database");
    check("mongodb://db.example.org/a.b", "url must name its database without special characters");
    for option in
        ["tls=false", "ssl=false", "tlsInsecure=true", "retryWrites=true&TLSALLOWINVALIDCERTIFICATES=true"]
    {
        let url = format!("mongodb://db.example.org/shop?{option}");
        check(&url, "url must say nothing of TLS: use tls and tls_ca_file");
    }
}
