//! The floor: what somebody who knows this shop would write by hand, for one person or for a set of them.
//! Rows are decoded and written as JSON, and nothing else is done with them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

const CUSTOMER: &str = "SELECT id, email, name, address_id FROM customer WHERE email = ANY($1)";
const EMPLOYEE: &str = "SELECT id, email, name, address_id FROM employee WHERE email = ANY($1)";
const VISIT: &str = "SELECT email, last_visit::text FROM visit WHERE email = ANY($1)";
const REPORT: &str = "SELECT id, email, name, year, month, total_visits FROM report WHERE email = ANY($1)";
const SERVICE_REQUEST: &str = "SELECT id, email, alt_email, opened::text, closed::text, employee_id \
    FROM service_request WHERE email = ANY($1) OR alt_email = ANY($1)";
const ORDERS: &str = "SELECT id, customer_id, shipping_address_id FROM orders WHERE customer_id = ANY($1)";
const PAYMENT_CARD: &str = "SELECT id, name, ccn, code, preferred, customer_id, billing_address_id \
    FROM payment_card WHERE customer_id = ANY($1)";
const LOGIN: &str = "SELECT id, customer_id, time::text FROM login WHERE customer_id = ANY($1)";
const ORDER_ITEM: &str =
    "SELECT order_id, item_no, product_id, quantity FROM order_item WHERE order_id = ANY($1)";
const PRODUCT: &str = "SELECT id, name, price::text FROM product WHERE id = ANY($1)";
const ADDRESS: &str = "SELECT id, house, street, city, state, zip FROM address WHERE id = ANY($1)";

/// How a column is decoded.
#[derive(Clone, Copy)]
enum As {
    Small,
    Int,
    Big,
    Bool,
    Text,
}

/// Fetches everything about the people of these addresses; returns how many rows that is.
pub(crate) async fn rows(connection: &mut PgConnection, emails: &[String]) -> anyhow::Result<u64> {
    use As::{Big, Bool, Int, Small, Text};
    let mut json = String::new();
    let mut count = 0;
    let mut keep = |rows: &[PgRow], columns: &[As]| -> anyhow::Result<()> {
        count += rows.len() as u64;
        rows.iter().try_for_each(|row| write(row, columns, &mut json))
    };
    let customers = sqlx::query(CUSTOMER).bind(emails).fetch_all(&mut *connection).await?;
    keep(&customers, &[Int, Text, Text, Big])?;
    let ids: Vec<i32> = customers.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let mut addresses = BTreeSet::new();
    for row in &customers {
        addresses.insert(row.try_get::<i64, _>(3)?);
    }
    for (sql, columns) in [
        (EMPLOYEE, &[Int, Text, Text, Big][..]),
        (VISIT, &[Text, Text]),
        (REPORT, &[Int, Text, Text, Int, Int, Int]),
        (SERVICE_REQUEST, &[Text, Text, Text, Text, Text, Int]),
    ] {
        keep(&sqlx::query(sql).bind(emails).fetch_all(&mut *connection).await?, columns)?;
    }
    let orders = sqlx::query(ORDERS).bind(&ids).fetch_all(&mut *connection).await?;
    keep(&orders, &[Text, Int, Big])?;
    let cards = sqlx::query(PAYMENT_CARD).bind(&ids).fetch_all(&mut *connection).await?;
    keep(&cards, &[Text, Text, Big, Small, Bool, Int, Big])?;
    for (rows, place) in [(&orders, 2), (&cards, 6)] {
        for row in rows {
            addresses.insert(row.try_get::<i64, _>(place)?);
        }
    }
    keep(&sqlx::query(LOGIN).bind(&ids).fetch_all(&mut *connection).await?, &[Int, Int, Text])?;
    let order_ids: Vec<&str> = orders.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let items = sqlx::query(ORDER_ITEM).bind(&order_ids).fetch_all(&mut *connection).await?;
    keep(&items, &[Text, Small, Int, Small])?;
    let products: BTreeSet<i32> = items.iter().map(|row| row.try_get(2)).collect::<Result<_, _>>()?;
    let products: Vec<i32> = products.into_iter().collect();
    keep(&sqlx::query(PRODUCT).bind(&products).fetch_all(&mut *connection).await?, &[Int, Text, Text])?;
    let addresses: Vec<i64> = addresses.into_iter().collect();
    let addresses = sqlx::query(ADDRESS).bind(&addresses).fetch_all(&mut *connection).await?;
    keep(&addresses, &[Big, Int, Text, Text, Text, Text])?;
    std::hint::black_box(&json);
    Ok(count)
}

fn write(row: &PgRow, columns: &[As], json: &mut String) -> anyhow::Result<()> {
    json.push('[');
    for (place, kind) in columns.iter().enumerate() {
        match kind {
            As::Small => write!(json, "{:?},", row.try_get::<Option<i16>, _>(place)?)?,
            As::Int => write!(json, "{:?},", row.try_get::<Option<i32>, _>(place)?)?,
            As::Big => write!(json, "{:?},", row.try_get::<Option<i64>, _>(place)?)?,
            As::Bool => write!(json, "{:?},", row.try_get::<Option<bool>, _>(place)?)?,
            As::Text => write!(json, "{:?},", row.try_get::<Option<&str>, _>(place)?)?,
        }
    }
    json.push(']');
    Ok(())
}
