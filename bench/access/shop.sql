-- A web shop: 20,000 customers with 73 rows each over 11 tables, and three customers with very many orders.
-- The same rows every time. $CUSTOMERS is the number of ordinary customers.
CREATE TABLE product (id integer PRIMARY KEY, name varchar(100), price money);
CREATE TABLE address (id bigint PRIMARY KEY, house integer, street varchar(100), city varchar(100), state varchar(100), zip varchar(100));
CREATE TABLE customer (id integer PRIMARY KEY, email varchar(100), name varchar(100), created timestamp, address_id bigint);
CREATE TABLE employee (id integer PRIMARY KEY, email varchar(100), name varchar(100), address_id bigint);
CREATE TABLE payment_card (id varchar(100) PRIMARY KEY, name varchar(100), ccn bigint, code smallint, preferred boolean, customer_id integer, billing_address_id bigint);
CREATE TABLE orders (id varchar(100) PRIMARY KEY, customer_id integer, shipping_address_id bigint, payment_card_id varchar(100));
CREATE TABLE order_item (order_id varchar(100), item_no smallint, product_id integer, quantity smallint, PRIMARY KEY (order_id, item_no));
CREATE TABLE visit (email varchar(100), last_visit timestamp);
CREATE TABLE login (id integer PRIMARY KEY, customer_id integer, time timestamp);
CREATE TABLE service_request (id varchar(100) PRIMARY KEY, email varchar(100), alt_email varchar(100), opened date, closed date, employee_id integer);
CREATE TABLE report (id integer PRIMARY KEY, email varchar(100), name varchar(100), year integer, month integer, total_visits integer);

INSERT INTO product SELECT n, 'Product ' || n, (n % 500)::money FROM generate_series(1, 1000) n;
INSERT INTO address SELECT n, n % 9999, 'Street ' || n, 'City ' || n % 300, 'NY', lpad((n % 99999)::text, 5, '0')
  FROM generate_series(1, $CUSTOMERS * 3 + 200) n;
INSERT INTO customer SELECT n, 'customer' || n || '@shop.example', 'Customer ' || n, timestamp '2020-01-01' + n * interval '1 minute', n * 3 - 2
  FROM generate_series(1, $CUSTOMERS) n;
INSERT INTO employee SELECT n, 'employee' || n || '@shop.example', 'Employee ' || n, $CUSTOMERS * 3 + n FROM generate_series(1, 200) n;
INSERT INTO payment_card SELECT 'pay_' || n || '_' || k, 'Card ' || k, 4000000000000000 + n::bigint * 100 + k, (n * 7 + k) % 1000, k = 1, n, n * 3 - 1
  FROM generate_series(1, $CUSTOMERS) n, generate_series(1, 10) k;
INSERT INTO orders SELECT 'ord_' || n || '_' || k, n, n * 3 - k % 2, 'pay_' || n || '_' || k
  FROM generate_series(1, $CUSTOMERS) n, generate_series(1, 10) k;
INSERT INTO order_item SELECT 'ord_' || n || '_' || k, i, 1 + (n * 31 + k * 7 + i) % 1000, 1 + i
  FROM generate_series(1, $CUSTOMERS) n, generate_series(1, 10) k, generate_series(1, 2) i;
INSERT INTO visit SELECT 'customer' || n || '@shop.example', timestamp '2021-01-01' + k * interval '1 day'
  FROM generate_series(1, $CUSTOMERS) n, generate_series(1, 3) k;
INSERT INTO login SELECT (n - 1) * 5 + k, n, timestamp '2021-01-01' + k * interval '1 day'
  FROM generate_series(1, $CUSTOMERS) n, generate_series(1, 5) k;
INSERT INTO service_request SELECT 'ser_' || n, 'customer' || n || '@shop.example', 'other' || n || '@shop.example', date '2021-01-01' + n % 300, NULL, 1 + n % 200
  FROM generate_series(1, $CUSTOMERS) n;
INSERT INTO report SELECT n, 'employee' || 1 + n % 200 || '@shop.example', 'Monthly Report', 2021, 1 + n % 12, n FROM generate_series(1, 1000) n;

-- Those with very many orders: 25,000, 50,000 and 100,000, with one item each.
INSERT INTO customer SELECT $CUSTOMERS + k, 'heavy' || k || '@shop.example', 'Heavy ' || k, timestamp '2020-01-01', 1 FROM generate_series(1, 3) k;
INSERT INTO orders SELECT 'heavy_' || k || '_' || i, $CUSTOMERS + k, 1 + i % 100, NULL
  FROM generate_series(1, 3) k, generate_series(1, 25000 * (1 << (k - 1))) i;
INSERT INTO order_item SELECT 'heavy_' || k || '_' || i, 1, 1 + i % 1000, 1
  FROM generate_series(1, 3) k, generate_series(1, 25000 * (1 << (k - 1))) i;

CREATE INDEX ON customer (email);
CREATE INDEX ON employee (email);
CREATE INDEX ON visit (email);
CREATE INDEX ON report (email);
CREATE INDEX ON service_request (email);
CREATE INDEX ON service_request (alt_email);
CREATE INDEX ON service_request (employee_id);
CREATE INDEX ON login (customer_id);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON payment_card (customer_id);
CREATE INDEX ON order_item (order_id);
ANALYZE;
