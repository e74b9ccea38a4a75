CREATE TABLE res_partner (
  id integer PRIMARY KEY, name varchar NOT NULL, display_name varchar, parent_id integer REFERENCES res_partner (id),
  commercial_partner_id integer, commercial_company_name varchar, company_name varchar, is_company boolean,
  type varchar, email varchar, email_normalized varchar, phone varchar, mobile varchar, phone_sanitized varchar,
  street varchar, street2 varchar, zip varchar, city varchar, country_id integer, vat varchar, "function" varchar,
  lang varchar, tz varchar, comment text, website varchar, ref varchar, user_id integer, company_id integer,
  active boolean, signup_token varchar, create_uid integer, create_date timestamp, write_uid integer,
  write_date timestamp
);
CREATE INDEX res_partner_email_index ON res_partner (email);
CREATE INDEX res_partner_parent_id_index ON res_partner (parent_id);
CREATE TABLE sale_order (
  id integer PRIMARY KEY, name varchar NOT NULL, partner_id integer NOT NULL REFERENCES res_partner (id),
  partner_invoice_id integer NOT NULL, partner_shipping_id integer NOT NULL, state varchar, client_order_ref varchar,
  date_order timestamp NOT NULL, note text, amount_untaxed numeric, amount_tax numeric, amount_total numeric,
  user_id integer, company_id integer NOT NULL, create_date timestamp, write_date timestamp
);
CREATE INDEX sale_order_partner_id_index ON sale_order (partner_id);
CREATE TABLE sale_order_line (
  id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES sale_order (id), order_partner_id integer,
  product_id integer, name text NOT NULL, product_uom_qty numeric NOT NULL, price_unit numeric NOT NULL,
  price_subtotal numeric, state varchar, create_date timestamp
);
CREATE INDEX sale_order_line_order_id_index ON sale_order_line (order_id);
CREATE TABLE account_move (
  id integer PRIMARY KEY, name varchar, partner_id integer REFERENCES res_partner (id), commercial_partner_id integer,
  invoice_partner_display_name varchar, move_type varchar NOT NULL, state varchar NOT NULL, invoice_date date,
  invoice_date_due date, ref varchar, payment_reference varchar, narration text, invoice_origin varchar,
  amount_untaxed numeric, amount_tax numeric, amount_total numeric, payment_state varchar,
  company_id integer NOT NULL, create_date timestamp
);
CREATE INDEX account_move_partner_id_index ON account_move (partner_id);
CREATE TABLE crm_lead (
  id integer PRIMARY KEY, name varchar NOT NULL, partner_id integer REFERENCES res_partner (id), contact_name varchar,
  partner_name varchar, email_from varchar, email_normalized varchar, phone varchar, mobile varchar,
  phone_sanitized varchar, "function" varchar, street varchar, zip varchar, city varchar, country_id integer,
  description text, type varchar NOT NULL, stage_id integer, expected_revenue numeric, probability double precision,
  user_id integer, active boolean, create_date timestamp, write_date timestamp
);
CREATE INDEX crm_lead_partner_id_index ON crm_lead (partner_id);
CREATE INDEX crm_lead_email_from_index ON crm_lead (email_from);
CREATE TABLE mail_message (
  id integer PRIMARY KEY, model varchar, res_id integer, record_name varchar, author_id integer,
  email_from varchar, reply_to varchar, subject varchar, body text, message_type varchar NOT NULL,
  message_id varchar, date timestamp, is_internal boolean, create_date timestamp
);
CREATE INDEX mail_message_model_res_id_idx ON mail_message (model, res_id);
CREATE INDEX mail_message_author_id_index ON mail_message (author_id);
