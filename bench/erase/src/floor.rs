//! The floor: what somebody who knows this shop would write by hand to erase one person or a set of them, in one
//! transaction. An address is emptied only if nobody else's row leads to it, as orders of several customers may go to
//! one. Nothing is compared, locked in advance, read back or recorded.

use anyhow::Context as _;
use sqlx::{Connection as _, PgConnection};

/// In the order rows must go: what leads to an address is looked at before it goes itself.
const STATEMENTS: [(&str, bool); 6] = [
    (
        "WITH own AS MATERIALIZED (SELECT id, address_id FROM customer WHERE email = ANY($1)) \
         UPDATE address AS a SET house = NULL, street = NULL, city = NULL, state = NULL, zip = NULL WHERE a.id IN ( \
           SELECT address_id FROM own \
           UNION SELECT o.shipping_address_id FROM orders o JOIN own ON own.id = o.customer_id \
           UNION SELECT p.billing_address_id FROM payment_card p JOIN own ON own.id = p.customer_id) \
         AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.address_id = a.id AND c.id NOT IN (SELECT id FROM own)) \
         AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.shipping_address_id = a.id AND o.customer_id NOT IN (SELECT id FROM own)) \
         AND NOT EXISTS (SELECT 1 FROM payment_card p WHERE p.billing_address_id = a.id AND p.customer_id NOT IN (SELECT id FROM own)) \
         AND NOT EXISTS (SELECT 1 FROM employee e WHERE e.address_id = a.id AND (e.email = ANY($1)) IS NOT TRUE)",
        false,
    ),
    ("DELETE FROM payment_card WHERE customer_id IN (SELECT id FROM customer WHERE email = ANY($1))", true),
    ("DELETE FROM login WHERE customer_id IN (SELECT id FROM customer WHERE email = ANY($1))", true),
    ("DELETE FROM visit WHERE email = ANY($1)", true),
    (
        "UPDATE service_request SET email = NULL, alt_email = NULL WHERE email = ANY($1) OR alt_email = ANY($1)",
        false,
    ),
    ("UPDATE customer SET email = NULL, name = NULL WHERE email = ANY($1)", false),
];

/// Erases the people of these addresses; returns how many rows were deleted and masked.
pub(crate) async fn erase(connection: &mut PgConnection, emails: &[String]) -> anyhow::Result<(u64, u64)> {
    let (mut deleted, mut masked) = (0, 0);
    let mut transaction = connection.begin().await?;
    for (sql, is_deletion) in STATEMENTS {
        let done = sqlx::query(sql).bind(emails).execute(&mut *transaction).await?.rows_affected();
        *if is_deletion { &mut deleted } else { &mut masked } += done;
    }
    transaction.commit().await.context("failed to commit")?;
    Ok((deleted, masked))
}
