-- The billing application's own tables on MariaDB: names and types as in Open Source Billing, rows made up.
SET foreign_key_checks = 0;
CREATE TABLE accounts (
  id int PRIMARY KEY AUTO_INCREMENT, org_name varchar(255), country varchar(255), street_address_1 varchar(255),
  city varchar(255), postal_or_zip_code varchar(255), phone_business varchar(255), email varchar(255),
  currency_code varchar(255), admin_first_name varchar(255), admin_last_name varchar(255), admin_email varchar(255),
  admin_user_name varchar(255), admin_password varchar(255), created_at datetime NOT NULL, updated_at datetime NOT NULL
);
CREATE TABLE currencies (
  id int PRIMARY KEY AUTO_INCREMENT, title varchar(255), code varchar(255), unit varchar(255),
  created_at datetime NOT NULL, updated_at datetime NOT NULL
);
CREATE TABLE companies (
  id int PRIMARY KEY AUTO_INCREMENT, account_id int, company_name varchar(255), contact_name varchar(255),
  contact_title varchar(255), country varchar(255), city varchar(255), street_address_1 varchar(255),
  street_address_2 varchar(255), province_or_state varchar(255), postal_or_zipcode varchar(255),
  phone_number varchar(255), fax_number varchar(255), email varchar(255), logo varchar(255),
  company_tag_line varchar(255), memo varchar(255), created_at datetime NOT NULL, updated_at datetime NOT NULL,
  archive_number varchar(255), archived_at datetime, deleted_at datetime, base_currency_id int DEFAULT 1,
  abbreviation varchar(255), default_note text, due_date_period int,
  KEY index_companies_on_account_id (account_id)
);
CREATE TABLE users (
  id int PRIMARY KEY AUTO_INCREMENT, email varchar(255) NOT NULL DEFAULT '',
  encrypted_password varchar(255) NOT NULL DEFAULT '', reset_password_token varchar(255),
  reset_password_sent_at datetime, remember_created_at datetime, sign_in_count int DEFAULT 0,
  current_sign_in_at datetime, last_sign_in_at datetime, current_sign_in_ip varchar(255),
  last_sign_in_ip varchar(255), created_at datetime NOT NULL, updated_at datetime NOT NULL,
  password_salt varchar(255), user_name varchar(255), authentication_token varchar(255), avatar varchar(255),
  role_id int, UNIQUE KEY index_users_on_email (email)
);
CREATE TABLE clients (
  id int PRIMARY KEY AUTO_INCREMENT, organization_name varchar(255), email varchar(255), first_name varchar(255),
  last_name varchar(255), home_phone varchar(255), mobile_number varchar(255), send_invoice_by varchar(255),
  country varchar(255), address_street1 varchar(255), address_street2 varchar(255), city varchar(255),
  province_state varchar(255), postal_zip_code varchar(255), industry varchar(255), company_size varchar(255),
  business_phone varchar(255), fax varchar(255), internal_notes text, archive_number varchar(255),
  archived_at datetime, deleted_at datetime, created_at datetime NOT NULL, updated_at datetime NOT NULL,
  available_credit decimal(8,2) DEFAULT 0.00, currency_id int, provider varchar(255), provider_id varchar(255),
  billing_email varchar(255), vat_number varchar(255), encrypted_password varchar(255) NOT NULL DEFAULT '',
  reset_password_token varchar(255), reset_password_sent_at datetime, remember_created_at datetime,
  sign_in_count int NOT NULL DEFAULT 0, current_sign_in_at datetime, last_sign_in_at datetime,
  current_sign_in_ip varchar(255), last_sign_in_ip varchar(255), role_id int,
  KEY index_clients_on_email (email), UNIQUE KEY index_clients_on_reset_password_token (reset_password_token),
  CONSTRAINT clients_currency FOREIGN KEY (currency_id) REFERENCES currencies (id)
);
CREATE TABLE client_contacts (
  id int PRIMARY KEY AUTO_INCREMENT, client_id int, first_name varchar(255), last_name varchar(255),
  email varchar(255), home_phone varchar(255), mobile_number varchar(255), archive_number varchar(255),
  archived_at datetime, deleted_at datetime, created_at datetime NOT NULL, updated_at datetime NOT NULL,
  KEY index_client_contacts_on_client_id (client_id)
);
CREATE TABLE invoices (
  id int PRIMARY KEY AUTO_INCREMENT, invoice_number varchar(255), invoice_date date, po_number varchar(255),
  discount_percentage decimal(10,2), client_id int, terms text, notes text, status varchar(255),
  sub_total decimal(18,2), discount_amount decimal(18,2), tax_amount decimal(18,2), invoice_total decimal(18,2),
  archive_number varchar(255), archived_at datetime, deleted_at datetime, created_at datetime NOT NULL,
  updated_at datetime NOT NULL, payment_terms_id int, due_date date, last_invoice_status varchar(255),
  discount_type varchar(255), company_id int, invoice_type varchar(255), currency_id int, created_by int,
  updated_by int, billing_month varchar(255), KEY index_invoices_on_client_id (client_id),
  CONSTRAINT invoices_client FOREIGN KEY (client_id) REFERENCES clients (id),
  CONSTRAINT invoices_company FOREIGN KEY (company_id) REFERENCES companies (id)
);
CREATE TABLE invoice_line_items (
  id int PRIMARY KEY AUTO_INCREMENT, invoice_id int, item_id int, item_name varchar(255),
  item_description varchar(255), item_unit_cost decimal(10,2), item_quantity decimal(10,2), tax_1 int, tax_2 int,
  archive_number varchar(255), archived_at datetime, deleted_at datetime, created_at datetime NOT NULL,
  updated_at datetime NOT NULL, actual_price decimal(10,2) DEFAULT 0.00, estimate_id int,
  KEY index_invoice_line_items_on_invoice_id (invoice_id),
  CONSTRAINT lines_invoice FOREIGN KEY (invoice_id) REFERENCES invoices (id)
);
CREATE TABLE payments (
  id int PRIMARY KEY AUTO_INCREMENT, invoice_id int, payment_amount decimal(8,2), payment_type varchar(255),
  payment_method varchar(255), payment_date date, notes text, send_payment_notification tinyint(1),
  paid_full tinyint(1), archive_number varchar(255), archived_at datetime, deleted_at datetime,
  created_at datetime NOT NULL, updated_at datetime NOT NULL, credit_applied decimal(10,2), client_id int,
  company_id int, status varchar(255), currency_id int, created_by int, updated_by int,
  KEY index_payments_on_invoice_id (invoice_id), KEY index_payments_on_client_id (client_id),
  CONSTRAINT payments_invoice FOREIGN KEY (invoice_id) REFERENCES invoices (id),
  CONSTRAINT payments_client FOREIGN KEY (client_id) REFERENCES clients (id)
);
CREATE TABLE sent_emails (
  id int PRIMARY KEY AUTO_INCREMENT, date date, sender varchar(255), recipient varchar(255), type varchar(255),
  subject varchar(255), content text, created_at datetime NOT NULL, updated_at datetime NOT NULL,
  notification_id int, notification_type varchar(255), company_id int,
  KEY index_sent_emails_on_notification (notification_type, notification_id)
);
CREATE TABLE activities (
  id int PRIMARY KEY AUTO_INCREMENT, trackable_type varchar(255), trackable_id int, owner_type varchar(255),
  owner_id int, `key` varchar(255), parameters text, recipient_type varchar(255), recipient_id int,
  created_at datetime NOT NULL, updated_at datetime NOT NULL, is_read tinyint(1) DEFAULT 0,
  KEY index_activities_on_trackable (trackable_type, trackable_id)
);
CREATE TABLE versions (
  id int PRIMARY KEY AUTO_INCREMENT, item_type varchar(255) NOT NULL, item_id int NOT NULL,
  event varchar(255) NOT NULL, whodunnit varchar(255), object longtext, created_at datetime,
  KEY index_versions_on_item_type_and_item_id (item_type, item_id)
);
SET foreign_key_checks = 1;

INSERT INTO currencies VALUES (1, 'Pound sterling', 'GBP', '£', '2010-01-04 09:00:00', '2010-01-04 09:00:00'),
  (2, 'Euro', 'EUR', '€', '2010-01-04 09:00:00', '2010-01-04 09:00:00');
INSERT INTO accounts VALUES (1, 'Larkspur Press', 'United Kingdom', '3 Quay Lane', 'Bristol', 'BS1 4AA',
  '+44 117 496 0100', 'office@larkspur.example', 'GBP', 'Stella', 'Marsh', 'stella@larkspur.example', 'stella',
  '$2a$10$account', '2010-01-04 09:00:00', '2010-01-04 09:00:00');
INSERT INTO companies (id, account_id, company_name, contact_name, city, email, created_at, updated_at) VALUES
  (1, 1, 'Larkspur Press', 'Stella Marsh', 'Bristol', 'office@larkspur.example', '2010-01-04 09:00:00', '2010-01-04 09:00:00');
INSERT INTO users (id, email, encrypted_password, user_name, created_at, updated_at) VALUES
  (1, 'stella@larkspur.example', '$2a$10$stella', 'stella', '2010-01-04 09:00:00', '2010-01-04 09:00:00');

INSERT INTO clients (id, organization_name, email, first_name, last_name, home_phone, mobile_number, send_invoice_by,
  country, address_street1, city, postal_zip_code, industry, internal_notes, deleted_at, created_at, updated_at,
  available_credit, currency_id, billing_email, vat_number, encrypted_password, reset_password_token,
  sign_in_count, last_sign_in_at, last_sign_in_ip) VALUES
  (1, 'Deleon Design', 'anabelle.deleon@email.com', 'Anabelle', 'Deleon', '+1 234-567-6700', '+1 234-567-6789', 'Email',
   'United Kingdom', '12 Mill Row', 'Bath', 'BA1 2QQ', 'Design', 'Pays late, is friendly.', NULL,
   '2011-02-01 08:00:00', '2026-05-04 08:00:00', 12.50, 1, 'anabelle.deleon@email.com', 'GB999999973', '$2a$10$anabelle',
   'token-anabelle', 4, '2026-05-04 07:59:00', '192.0.2.17'),
  (2, 'Conley & Daughters', 'aleena.conley@email.com', 'Aleena', 'Conley', '+44 1632 960011', '+44 7700 900123', 'Email',
   'United Kingdom', '4 Harbour View', 'Whitby', 'YO21 1AA', 'Retail', NULL, NULL,
   '2012-06-01 08:00:00', '2026-03-02 08:00:00', 0.00, 1, NULL, NULL, '$2a$10$aleena', NULL, 9,
   '2026-03-02 07:59:00', '192.0.2.44'),
  (3, 'Keller Druck', 'bruno.keller@email.com', 'Bruno', 'Keller', '+49 30 1234567', '+49 170 1234567', 'Email',
   'Germany', 'Lindenweg 9', 'Berlin', '10115', 'Print', 'Wants samples first.', NULL,
   '2015-06-01 08:00:00', '2026-01-15 08:00:00', 3.00, 2, NULL, 'DE999999999', '$2a$10$bruno', 'token-bruno', 1,
   '2026-01-15 07:59:00', '192.0.2.90'),
  -- Aleena's older account, hidden by the application and still there.
  (4, 'Conley Crafts', 'aleena.conley@email.com', 'Aleena', 'Conley', NULL, '+44 7700 900123', 'Post',
   'United Kingdom', '1 Old Street', 'Whitby', 'YO21 1AB', NULL, 'Closed her first shop.', '2013-01-01 00:00:00',
   '2010-06-01 08:00:00', '2013-01-01 00:00:00', 0.00, 1, NULL, NULL, '', NULL, 0, NULL, NULL);
INSERT INTO client_contacts (id, client_id, first_name, last_name, email, mobile_number, created_at, updated_at) VALUES
  (1, 1, 'Marcus', 'Bell', 'marcus.bell@email.com', '+44 7700 900555', '2020-01-01 08:00:00', '2020-01-01 08:00:00'),
  (2, 3, 'Ines', 'Vogel', 'ines.vogel@email.com', '+49 170 7654321', '2020-01-01 08:00:00', '2020-01-01 08:00:00');
-- Of each client one invoice of this year's, which taxes still need, and one nobody needs any more.
INSERT INTO invoices (id, invoice_number, invoice_date, po_number, client_id, notes, status, sub_total, tax_amount,
  invoice_total, deleted_at, created_at, updated_at, due_date, company_id, currency_id) VALUES
  (101, 'INV-101', CURRENT_DATE - INTERVAL 60 DAY, 'AD-7', 1, 'Thank you, Anabelle', 'sent', 100.00, 20.00, 120.00, NULL,
   '2026-05-04 08:00:00', '2026-05-04 08:00:00', CURRENT_DATE - INTERVAL 30 DAY, 1, 1),
  (102, 'INV-102', '2011-03-02', NULL, 1, NULL, 'paid', 50.00, 10.00, 60.00, NULL,
   '2011-03-02 08:00:00', '2011-03-02 08:00:00', '2011-04-01', 1, 1),
  (201, 'INV-201', CURRENT_DATE - INTERVAL 60 DAY, NULL, 2, 'For the new shop', 'sent', 200.00, 40.00, 240.00, NULL,
   '2026-03-02 08:00:00', '2026-03-02 08:00:00', CURRENT_DATE - INTERVAL 30 DAY, 1, 1),
  (202, 'INV-202', '2012-07-02', NULL, 2, 'Aleena pays in two parts', 'paid', 30.00, 6.00, 36.00, '2013-05-01 00:00:00',
   '2012-07-02 08:00:00', '2013-05-01 00:00:00', '2012-08-01', 1, 1),
  (301, 'INV-301', CURRENT_DATE - INTERVAL 60 DAY, NULL, 3, 'For Bruno', 'sent', 75.00, 0.00, 75.00, NULL,
   '2026-01-15 08:00:00', '2026-01-15 08:00:00', CURRENT_DATE - INTERVAL 30 DAY, 1, 2);
INSERT INTO invoice_line_items (id, invoice_id, item_name, item_description, item_unit_cost, item_quantity, created_at,
  updated_at) VALUES
  (1011, 101, 'Cards', 'Visiting cards, Anabelle Deleon', 50.00, 2.00, NOW() - INTERVAL 60 DAY, NOW() - INTERVAL 60 DAY),
  (1021, 102, 'Poster', 'A2', 50.00, 1.00, '2011-03-02 08:00:00', '2011-03-02 08:00:00'),
  (2011, 201, 'Bags', 'Paper bags', 2.00, 100.00, NOW() - INTERVAL 60 DAY, NOW() - INTERVAL 60 DAY),
  (2021, 202, 'Labels', 'Conley Crafts', 0.30, 100.00, '2012-07-02 08:00:00', '2012-07-02 08:00:00'),
  (2022, 202, 'Labels', 'without print', 0.00, 10.00, '2012-07-02 08:00:00', '2012-07-02 08:00:00'),
  (3011, 301, 'Paper', 'Sample book', 75.00, 1.00, NOW() - INTERVAL 60 DAY, NOW() - INTERVAL 60 DAY);
INSERT INTO payments (id, invoice_id, payment_amount, payment_type, payment_method, payment_date, notes, paid_full,
  created_at, updated_at, client_id, company_id) VALUES
  (1, 102, 60.00, 'full', 'Cheque', '2011-03-20', NULL, 1, '2011-03-20 08:00:00', '2011-03-20 08:00:00', 1, 1),
  (2, 202, 18.00, 'part', 'Cash', '2012-07-20', 'brought by Aleena', 0, '2012-07-20 08:00:00', '2012-07-20 08:00:00', 2, 1),
  (3, 202, 18.00, 'part', 'Cash', '2012-08-20', NULL, 1, '2012-08-20 08:00:00', '2012-08-20 08:00:00', 2, 1),
  (4, 301, 75.00, 'full', 'Transfer', '2026-02-01', NULL, 1, '2026-02-01 08:00:00', '2026-02-01 08:00:00', 3, 1);
INSERT INTO sent_emails (id, date, sender, recipient, type, subject, content, created_at, updated_at, notification_id,
  notification_type, company_id) VALUES
  (1, '2026-05-04', 'office@larkspur.example', 'anabelle.deleon@email.com', 'Invoice', 'Invoice INV-101',
   'Dear Anabelle, here is INV-101.', '2026-05-04 08:00:00', '2026-05-04 08:00:00', 101, 'Invoice', 1),
  (2, '2026-03-02', 'office@larkspur.example', 'Aleena.Conley@email.com', 'Invoice', 'Invoice INV-201',
   'Dear Aleena, here is INV-201.', '2026-03-02 08:00:00', '2026-03-02 08:00:00', 201, 'Invoice', 1),
  (3, '2026-01-15', 'office@larkspur.example', 'bruno.keller@email.com', 'Invoice', 'Invoice INV-301',
   'Dear Bruno, here is INV-301.', '2026-01-15 08:00:00', '2026-01-15 08:00:00', 301, 'Invoice', 1);
INSERT INTO activities (id, trackable_type, trackable_id, owner_type, owner_id, `key`, parameters, created_at, updated_at,
  is_read) VALUES
  (1, 'Client', 1, 'User', 1, 'client.update', '{"city":"Bath"}', '2026-05-04 08:00:00', '2026-05-04 08:00:00', 1),
  (2, 'Invoice', 201, 'User', 1, 'invoice.create', '{"to":"Aleena Conley"}', '2026-03-02 08:00:00', '2026-03-02 08:00:00', 0),
  (3, 'Client', 2, 'User', 1, 'client.create', '{"email":"aleena.conley@email.com"}', '2012-06-01 08:00:00', '2012-06-01 08:00:00', 1),
  (4, 'Client', 3, 'User', 1, 'client.create', '{"email":"bruno.keller@email.com"}', '2015-06-01 08:00:00', '2015-06-01 08:00:00', 1);
INSERT INTO versions (id, item_type, item_id, event, whodunnit, object, created_at) VALUES
  (1, 'Client', 1, 'update', '1', 'city: Bath\nmobile_number: +1 234-567-6789\n', '2026-05-04 08:00:00'),
  (2, 'Client', 2, 'update', '1', 'first_name: Aleena\nlast_name: Conley\n', '2026-03-02 08:00:00'),
  (3, 'Client', 3, 'update', '1', 'city: Berlin\n', '2026-01-15 08:00:00');
