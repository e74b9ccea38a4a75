//! A source that fails is never reported as empty, and its message says what to do.

use habeas_testkit::proxy::Proxy;
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::error::Kind;
use crate::testing::{people, plan, postgres, reason, run, sources};

const YAML: &str = "dataset:
- fides_key: shop
  collections:
  - name: customer
    fields:
    - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
    - { name: id, data_categories: [system] }
  - name: orders
    fields:
    - { name: customer_id, data_categories: [system], fides_meta: { references: [{ dataset: shop, field: customer.id, direction: from }] } }
    - { name: note, data_categories: [user.content] }
";

const SQL: &str = "CREATE TABLE customer (id integer, email text); CREATE TABLE orders (customer_id integer, note text);
    INSERT INTO customer VALUES (1, 'a@x.org'); INSERT INTO orders SELECT 1, repeat('x', 1000) FROM generate_series(1, 2000)";

/// Runs against a url and checks what is said about the orders.
async fn check(url: &str, more: &str, kind: Kind, customer: &str, orders: &str) {
    let sources = sources(&[("shop", url)], &format!("limits = {{ retries = 0, {more} }}"));
    let failure = run(&plan(YAML, &["email"]), &sources, &people("email", &["a@x.org"])).await.err().unwrap();
    assert_eq!(failure.kind(), kind, "{failure}");
    assert_eq!(reason(&failure, "customer"), customer);
    assert_eq!(reason(&failure, "orders"), orders);
}

#[tokio::test]
async fn a_source_that_is_down_says_so() {
    let proxy = Proxy::start(1).unwrap();
    let port = proxy.address().port();
    drop(proxy);
    let said = format!(
        "source shop does not answer at 127.0.0.1:{port} (connection refused): check that it runs and can be reached from here"
    );
    check(&format!("postgres://127.0.0.1:{port}/x"), "", Kind::Transient, &said, &said).await;
}

#[tokio::test]
async fn a_wrong_name_says_which_and_what_is_near() {
    let database = postgres(SQL).await;
    let nobody = database.url().replace("postgres@", "nobody:secret@");
    let said = "source shop refused the user name or password: check both, and password_file";
    check(&nobody, "", Kind::Credentials, said, said).await;
    let nowhere = format!("{}x", database.url());
    let said = "source shop has no database named in its url: check the last part of the url";
    check(&nowhere, "", Kind::Permanent, said, said).await;

    let renamed = postgres(
        "CREATE TABLE custmer (id integer, email text); CREATE TABLE orders (custmer_id integer, note text)",
    )
    .await;
    check(
        renamed.url(),
        "",
        Kind::Permanent,
        "source shop has no table customer (the nearest is custmer): correct the dataset, or the namespace in its fides_meta",
        "source shop has no column customer_id in table orders (the nearest is custmer_id): correct the dataset",
    )
    .await;
}

#[tokio::test]
async fn what_depends_on_a_failed_collection_is_not_complete_either() {
    let database = postgres("CREATE TABLE orders (customer_id integer, note text)").await;
    let said = "source shop has no table customer: correct the dataset, or the namespace in its fides_meta";
    check(database.url(), "", Kind::Permanent, said, "shop:customer leads here and could not be read").await;
}

#[tokio::test]
async fn a_table_we_may_not_read_says_what_to_grant() {
    let sql = format!(
        "{SQL}; DO $$ BEGIN CREATE ROLE weak LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT SELECT (id, email) ON customer TO weak"
    );
    let database = postgres(&sql).await;
    let weak = database.url().replace("postgres@", "weak@");
    let said = "source shop does not let this user read orders.customer_id: grant SELECT on it (in MongoDB the role read)";
    check(&weak, "", Kind::Permanent, "", said).await;
}

#[tokio::test]
async fn a_connection_lost_in_the_middle_fails_what_was_not_read() {
    let database = postgres(SQL).await;
    let proxy = Proxy::start(database.port()).unwrap();
    proxy.cut_after(200_000);
    let url = database.url_through(proxy.address().port());
    let said = "source shop closed the connection while it was read";
    check(&url, "", Kind::Transient, "", said).await;
}

#[tokio::test]
async fn a_source_that_hangs_is_given_up() {
    let database = postgres(&format!(
        "{SQL}; CREATE VIEW slow AS SELECT 1 AS customer_id, 'x'::text AS note FROM pg_sleep(60)"
    ))
    .await;
    let yaml = YAML.replace("name: orders", "name: slow");
    let sources = sources(&[("shop", database.url())], "limits = { retries = 0, timeout_ms = 200 }");
    let failure =
        run(&plan(&yaml, &["email"]), &sources, &people("email", &["a@x.org"])).await.err().unwrap();
    assert_eq!(failure.kind(), Kind::Transient);
    assert_eq!(
        reason(&failure, "slow"),
        "source shop did not answer within 200 ms: raise timeout_ms, or add an index on the columns looked up"
    );
}

#[tokio::test]
async fn more_rows_than_allowed_end_the_run() {
    let database = postgres(SQL).await;
    let said = "source shop gave more than 100 rows from orders: raise limits.rows if that is right";
    check(database.url(), "rows = 100", Kind::Permanent, "", said).await;
}

#[tokio::test]
async fn an_unconfigured_dataset_is_named() {
    let sources = sources(&[], "");
    let failure = run(&plan(YAML, &["email"]), &sources, &people("email", &["a@x.org"])).await.err().unwrap();
    let said = "source shop has no connection: add [shop] to the connections file, or name it in the datasets of another";
    assert_eq!(failure.to_string(), said);
    assert_eq!(reason(&failure, "orders"), said);
}

#[tokio::test]
async fn a_server_that_comes_back_is_read_after_all() {
    let database = postgres(SQL).await;
    let proxy = Proxy::start(database.port()).unwrap();
    let sources = sources(&[("shop", &database.url_through(proxy.address().port()))], "");
    let (plan, subjects) = (plan(YAML, &["email"]), people("email", &["a@x.org"]));
    assert_eq!(run(&plan, &sources, &subjects).await.unwrap().records.len(), 2001);
    // The connection kept from the first run is dead, and the next run must not notice.
    proxy.cut();
    proxy.restore();
    assert_eq!(run(&plan, &sources, &subjects).await.unwrap().records.len(), 2001);
}

#[tokio::test]
async fn rows_a_policy_hides_are_not_taken_for_absent() {
    let sql = format!(
        "{SQL}; DO $$ BEGIN CREATE ROLE weak LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         GRANT SELECT ON customer, orders TO weak; ALTER TABLE orders ENABLE ROW LEVEL SECURITY;"
    );
    let database = postgres(&sql).await;
    let weak = database.url().replace("postgres@", "weak@");
    let said = "source shop hides rows of orders from this user (row-level security): let the user bypass it, \
                or set row_level_security = \"accept\" if what it sees is all there is to give";
    check(&weak, "", Kind::Permanent, "", said).await;
    let sources = sources(&[("shop", &weak)], "row_level_security = \"accept\"");
    let outcomes = run(&plan(YAML, &["email"]), &sources, &people("email", &["a@x.org"])).await.unwrap();
    assert_eq!(outcomes.coverage(0, "orders").rows, 0);
}

#[tokio::test]
async fn a_table_that_changed_between_runs_is_read_as_it_is_now() {
    let database =
        postgres("CREATE TABLE customer (id integer, email text); CREATE TABLE orders (note text)").await;
    let sources = sources(&[("shop", database.url())], "");
    let (plan, subjects) = (plan(YAML, &["email"]), people("email", &["a@x.org"]));
    let failure = run(&plan, &sources, &subjects).await.err().unwrap();
    assert!(failure.to_string().contains("no column customer_id"), "{failure}");
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    for change in [
        "ALTER TABLE orders ADD customer_id integer; INSERT INTO customer VALUES (1, 'a@x.org'); INSERT INTO orders VALUES ('one', 1)",
        "ALTER TABLE orders ALTER customer_id TYPE text",
    ] {
        connection.execute(sqlx::raw_sql(change)).await.unwrap();
        let outcomes = match run(&plan, &sources, &subjects).await {
            Ok(outcomes) => outcomes,
            // The server notices that a prepared statement no longer fits: the next attempt finds it changed.
            Err(failure) => {
                assert_eq!(failure.kind(), Kind::Transient, "{failure}");
                run(&plan, &sources, &subjects).await.unwrap()
            }
        };
        assert_eq!(outcomes.rows(0)["orders"], [r#"{"note":"one"}"#]);
    }
}
