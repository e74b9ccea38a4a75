CREATE TABLE companies (
  id integer PRIMARY KEY, account_id integer, company_name varchar(255), contact_name varchar(255),
  contact_title varchar(255), country varchar(255), city varchar(255), street_address_1 varchar(255),
  street_address_2 varchar(255), province_or_state varchar(255), postal_or_zipcode varchar(255),
  phone_number varchar(255), fax_number varchar(255), email varchar(255), logo varchar(255),
  company_tag_line varchar(255), memo varchar(255), created_at datetime NOT NULL, updated_at datetime NOT NULL,
  archive_number varchar(255), archived_at datetime, deleted_at datetime, base_currency_id integer,
  abbreviation varchar(255), default_note text, due_date_period integer
);
CREATE TABLE users (
  id integer PRIMARY KEY, email varchar(255) NOT NULL DEFAULT '', encrypted_password varchar(255) NOT NULL DEFAULT '',
  reset_password_token varchar(255), reset_password_sent_at datetime, remember_created_at datetime,
  sign_in_count integer DEFAULT 0, current_sign_in_at datetime, last_sign_in_at datetime,
  current_sign_in_ip varchar(255), last_sign_in_ip varchar(255), created_at datetime NOT NULL,
  updated_at datetime NOT NULL, password_salt varchar(255), user_name varchar(255), authentication_token varchar(255),
  avatar varchar(255), role_id integer
);
CREATE UNIQUE INDEX index_users_on_email ON users (email);
CREATE TABLE clients (
  id integer PRIMARY KEY, organization_name varchar(255), email varchar(255), first_name varchar(255),
  last_name varchar(255), home_phone varchar(255), mobile_number varchar(255), send_invoice_by varchar(255),
  country varchar(255), address_street1 varchar(255), address_street2 varchar(255), city varchar(255),
  province_state varchar(255), postal_zip_code varchar(255), industry varchar(255), company_size varchar(255),
  business_phone varchar(255), fax varchar(255), internal_notes text, archive_number varchar(255),
  archived_at datetime, deleted_at datetime, created_at datetime NOT NULL, updated_at datetime NOT NULL,
  available_credit decimal(8,2) DEFAULT 0, currency_id integer, provider varchar(255), provider_id varchar(255),
  billing_email varchar(255), vat_number varchar(255), encrypted_password varchar(255) NOT NULL DEFAULT '',
  reset_password_token varchar(255), reset_password_sent_at datetime, remember_created_at datetime,
  sign_in_count integer NOT NULL DEFAULT 0, current_sign_in_at datetime, last_sign_in_at datetime,
  current_sign_in_ip varchar(255), last_sign_in_ip varchar(255), role_id integer
);
CREATE INDEX index_clients_on_email ON clients (email);
CREATE UNIQUE INDEX index_clients_on_reset_password_token ON clients (reset_password_token);
CREATE TABLE client_contacts (
  id integer PRIMARY KEY, client_id integer, first_name varchar(255), last_name varchar(255), email varchar(255),
  home_phone varchar(255), mobile_number varchar(255), archive_number varchar(255), archived_at datetime,
  deleted_at datetime, created_at datetime NOT NULL, updated_at datetime NOT NULL
);
CREATE INDEX index_client_contacts_on_client_id ON client_contacts (client_id);
CREATE TABLE invoices (
  id integer PRIMARY KEY, invoice_number varchar(255), invoice_date date, po_number varchar(255),
  discount_percentage decimal(10,2), client_id integer, terms text, notes text, status varchar(255),
  sub_total decimal(18,2), discount_amount decimal(18,2), tax_amount decimal(18,2), invoice_total decimal(18,2),
  archive_number varchar(255), archived_at datetime, deleted_at datetime, created_at datetime NOT NULL,
  updated_at datetime NOT NULL, payment_terms_id integer, due_date date, last_invoice_status varchar(255),
  discount_type varchar(255), company_id integer REFERENCES companies (id), invoice_type varchar(255),
  currency_id integer, created_by integer, updated_by integer, billing_month varchar(255)
);
CREATE INDEX index_invoices_on_client_id ON invoices (client_id);
CREATE TABLE invoice_line_items (
  id integer PRIMARY KEY, invoice_id integer, item_id integer, item_name varchar(255), item_description varchar(255),
  item_unit_cost decimal(10,2), item_quantity decimal(10,2), tax_1 integer, tax_2 integer,
  archive_number varchar(255), archived_at datetime, deleted_at datetime, created_at datetime NOT NULL,
  updated_at datetime NOT NULL, actual_price decimal(10,2), estimate_id integer
);
CREATE INDEX index_invoice_line_items_on_invoice_id ON invoice_line_items (invoice_id);
CREATE TABLE payments (
  id integer PRIMARY KEY, invoice_id integer, payment_amount decimal(8,2), payment_type varchar(255),
  payment_method varchar(255), payment_date date, notes text, send_payment_notification boolean, paid_full boolean,
  archive_number varchar(255), archived_at datetime, deleted_at datetime, created_at datetime NOT NULL,
  updated_at datetime NOT NULL, credit_applied decimal(10,2), client_id integer, company_id integer,
  status varchar(255), currency_id integer, created_by integer, updated_by integer
);
CREATE INDEX index_payments_on_client_id ON payments (client_id);
CREATE INDEX index_payments_on_invoice_id ON payments (invoice_id);
CREATE TABLE sent_emails (
  id integer PRIMARY KEY, date date, sender varchar(255), recipient varchar(255), type varchar(255),
  subject varchar(255), content text, created_at datetime NOT NULL, updated_at datetime NOT NULL,
  notification_id integer, notification_type varchar(255), company_id integer
);
CREATE INDEX index_sent_emails_on_notification ON sent_emails (notification_type, notification_id);
CREATE INDEX index_sent_emails_on_recipient ON sent_emails (recipient);
CREATE TABLE activities (
  id integer PRIMARY KEY, trackable_type varchar(255), trackable_id integer, owner_type varchar(255),
  owner_id integer, key varchar(255), parameters text, recipient_type varchar(255), recipient_id integer,
  created_at datetime NOT NULL, updated_at datetime NOT NULL, is_read boolean DEFAULT 0
);
CREATE INDEX index_activities_on_trackable ON activities (trackable_type, trackable_id);
