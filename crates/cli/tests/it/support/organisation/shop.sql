-- The one source of the tests' organisation: two customers and what they bought.
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL, city TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, item TEXT NOT NULL);
INSERT INTO customers VALUES (1, 'ada.lovelace@example.org', 'Ada Lovelace', 'Bristol');
INSERT INTO customers VALUES (2, 'grace.hopper@example.org', 'Grace Hopper', 'Leeds');
INSERT INTO orders VALUES (10, 1, 'A difference engine'), (11, 1, 'Punched cards'), (12, 2, 'A compiler');
