-- Odoo's own tables on PostgreSQL: names and types as in Odoo, rows made up.
CREATE TABLE res_partner (
  id serial PRIMARY KEY, name varchar NOT NULL, display_name varchar, parent_id integer REFERENCES res_partner (id) ON DELETE RESTRICT,
  commercial_partner_id integer REFERENCES res_partner (id) ON DELETE SET NULL, commercial_company_name varchar,
  company_name varchar, is_company boolean, type varchar, email varchar, email_normalized varchar, phone varchar,
  mobile varchar, phone_sanitized varchar, street varchar, street2 varchar, zip varchar, city varchar,
  country_id integer, vat varchar, "function" varchar, lang varchar, tz varchar, comment text, website varchar,
  ref varchar, user_id integer, company_id integer, active boolean, signup_token varchar, create_uid integer,
  create_date timestamp, write_uid integer, write_date timestamp,
  CONSTRAINT res_partner_check_name CHECK ((type = 'contact' AND name IS NOT NULL) OR type <> 'contact')
);
CREATE INDEX ON res_partner (email);
CREATE INDEX ON res_partner (parent_id);
CREATE TABLE sale_order (
  id serial PRIMARY KEY, name varchar NOT NULL, partner_id integer NOT NULL REFERENCES res_partner (id) ON DELETE RESTRICT,
  partner_invoice_id integer NOT NULL REFERENCES res_partner (id) ON DELETE RESTRICT,
  partner_shipping_id integer NOT NULL REFERENCES res_partner (id) ON DELETE RESTRICT, state varchar,
  client_order_ref varchar, date_order timestamp NOT NULL, note text, amount_untaxed numeric, amount_tax numeric,
  amount_total numeric, user_id integer, company_id integer NOT NULL, create_date timestamp, write_date timestamp
);
CREATE INDEX ON sale_order (partner_id);
CREATE TABLE sale_order_line (
  id serial PRIMARY KEY, order_id integer NOT NULL REFERENCES sale_order (id) ON DELETE CASCADE, order_partner_id integer,
  product_id integer, name text NOT NULL, product_uom_qty numeric NOT NULL, price_unit numeric NOT NULL,
  price_subtotal numeric, state varchar, create_date timestamp
);
CREATE INDEX ON sale_order_line (order_id);
CREATE TABLE account_move (
  id serial PRIMARY KEY, name varchar, partner_id integer REFERENCES res_partner (id) ON DELETE RESTRICT,
  commercial_partner_id integer REFERENCES res_partner (id) ON DELETE RESTRICT, invoice_partner_display_name varchar,
  move_type varchar NOT NULL, state varchar NOT NULL, invoice_date date, invoice_date_due date, ref varchar,
  payment_reference varchar, narration text, invoice_origin varchar, amount_untaxed numeric, amount_tax numeric,
  amount_total numeric, payment_state varchar, company_id integer NOT NULL, create_date timestamp
);
CREATE INDEX ON account_move (partner_id);
CREATE TABLE crm_lead (
  id serial PRIMARY KEY, name varchar NOT NULL, partner_id integer REFERENCES res_partner (id) ON DELETE SET NULL,
  contact_name varchar, partner_name varchar, email_from varchar, email_normalized varchar, phone varchar,
  mobile varchar, phone_sanitized varchar, "function" varchar, street varchar, zip varchar, city varchar,
  country_id integer, description text, type varchar NOT NULL, stage_id integer, expected_revenue numeric,
  probability double precision, user_id integer, active boolean, create_date timestamp, write_date timestamp
);
CREATE INDEX ON crm_lead (partner_id);
CREATE TABLE mail_message (
  id serial PRIMARY KEY, model varchar, res_id integer, record_name varchar,
  author_id integer REFERENCES res_partner (id) ON DELETE SET NULL, email_from varchar, reply_to varchar,
  subject varchar, body text, message_type varchar NOT NULL, message_id varchar, date timestamp, is_internal boolean,
  create_date timestamp
);
CREATE INDEX ON mail_message (model, res_id);
CREATE TABLE mail_tracking_value (
  id serial PRIMARY KEY, field varchar NOT NULL, old_value_char varchar, new_value_char varchar,
  mail_message_id integer NOT NULL REFERENCES mail_message (id) ON DELETE CASCADE, create_date timestamp
);

INSERT INTO res_partner (id, name, display_name, parent_id, commercial_partner_id, commercial_company_name, company_name,
  is_company, type, email, email_normalized, phone, mobile, phone_sanitized, street, zip, city, country_id, vat,
  "function", lang, tz, comment, ref, company_id, active, signup_token, create_date, write_date) VALUES
  (1, 'Larkspur Press', 'Larkspur Press', NULL, 1, 'Larkspur Press', NULL, true, 'contact', 'office@larkspur.example',
   'office@larkspur.example', '+44 117 496 0100', NULL, '+441174960100', '3 Quay Lane', 'BS1 4AA', 'Bristol', 231, NULL,
   NULL, 'en_GB', 'Europe/London', NULL, NULL, 1, true, NULL, '2010-01-04 09:00:00', '2010-01-04 09:00:00'),
  (7, 'Anabelle Deleon', 'Anabelle Deleon', NULL, 7, 'Studio Deleon', 'Studio Deleon', false, 'contact',
   'Anabelle.Deleon@email.com', 'anabelle.deleon@email.com', '+1 (234) 567-6789', NULL, '+12345676789', '12 Mill Row',
   'BA1 2QQ', 'Bath', 231, 'GB999999973', 'Owner', 'en_GB', 'Europe/London', 'Met at the fair.', 'AD', 1, true,
   'signup-anabelle', '2019-03-01 09:00:00', '2026-05-04 09:00:00'),
  -- A contact of Anabelle's: somebody else, in the same table.
  (8, 'Courtney Crane', 'Anabelle Deleon, Courtney Crane', 7, 7, 'Studio Deleon', NULL, false, 'contact',
   'courtney.crane@email.com', 'courtney.crane@email.com', '+1 (234) 567-6790', NULL, '+12345676790', NULL, NULL, 'Bath',
   231, NULL, 'Assistant', 'en_GB', 'Europe/London', NULL, NULL, 1, true, NULL, '2019-03-02 09:00:00', '2019-03-02 09:00:00'),
  (9, 'Aleena Conley', 'Aleena Conley', NULL, 9, 'Conley Limited', 'Conley Limited', false, 'contact',
   'aleena.conley@email.com', 'aleena.conley@email.com', '+44 1632 960022', '+44 7700 900123', '+447700900123',
   '4 Harbour View', 'YO21 1AA', 'Whitby', 231, NULL, NULL, 'en_GB', 'Europe/London', NULL, NULL, 1, true, NULL,
   '2012-06-01 09:00:00', '2026-03-02 09:00:00'),
  (10, 'Bruno Keller', 'Bruno Keller', NULL, 10, 'Keller Druck', 'Keller Druck', false, 'contact',
   'bruno.keller@email.com', 'bruno.keller@email.com', '+49 30 1234567', '+49 170 1234567', '+49301234567', 'Lindenweg 9',
   '10115', 'Berlin', 57, 'DE999999999', 'Owner', 'de_DE', 'Europe/Berlin', NULL, NULL, 1, true, 'signup-bruno',
   '2015-06-01 09:00:00', '2026-01-15 09:00:00');
INSERT INTO sale_order (id, name, partner_id, partner_invoice_id, partner_shipping_id, state, client_order_ref, date_order,
  note, amount_untaxed, amount_tax, amount_total, company_id, create_date) VALUES
  (71, 'S00071', 7, 7, 7, 'sale', 'AD-7', '2026-05-03 10:00:00', 'Call before delivery.', 100.00, 20.00, 120.00, 1, '2026-05-03 10:00:00'),
  (91, 'S00091', 9, 9, 9, 'sale', NULL, '2026-03-01 10:00:00', 'Leave at the shop.', 200.00, 40.00, 240.00, 1, '2026-03-01 10:00:00'),
  (95, 'S00095', 9, 9, 9, 'draft', NULL, '2026-03-20 10:00:00', NULL, 15.00, 3.00, 18.00, 1, '2026-03-20 10:00:00'),
  (99, 'S00099', 10, 10, 10, 'sale', NULL, '2026-01-14 10:00:00', 'For Bruno.', 75.00, 0.00, 75.00, 1, '2026-01-14 10:00:00');
INSERT INTO sale_order_line (id, order_id, order_partner_id, name, product_uom_qty, price_unit, price_subtotal, state) VALUES
  (711, 71, 7, 'Cards', 2, 50.00, 100.00, 'sale'), (911, 91, 9, 'Bags', 100, 2.00, 200.00, 'sale'),
  (951, 95, 9, 'Ribbon', 3, 5.00, 15.00, 'draft'), (991, 99, 10, 'Sample book', 1, 75.00, 75.00, 'sale');
INSERT INTO account_move (id, name, partner_id, commercial_partner_id, invoice_partner_display_name, move_type, state,
  invoice_date, invoice_date_due, ref, narration, invoice_origin, amount_untaxed, amount_tax, amount_total, payment_state,
  company_id) VALUES
  (701, 'MOVE/701', 7, 7, 'Anabelle Deleon', 'out_invoice', 'posted', CURRENT_DATE - 60, CURRENT_DATE - 30, 'AD-7',
   'Thank you, Anabelle', 'S00071', 100.00, 20.00, 120.00, 'not_paid', 1),
  (901, 'MOVE/901', 9, 9, 'Aleena Conley', 'out_invoice', 'posted', CURRENT_DATE - 60, CURRENT_DATE - 30, NULL, NULL,
   'S00091', 200.00, 40.00, 240.00, 'not_paid', 1),
  (902, 'MOVE/902', 9, 9, 'Aleena Conley', 'out_invoice', 'posted', '2012-07-02', '2012-08-01', NULL, 'For her first shop',
   NULL, 30.00, 6.00, 36.00, 'paid', 1),
  (991, 'MOVE/991', 10, 10, 'Bruno Keller', 'out_invoice', 'posted', CURRENT_DATE - 60, CURRENT_DATE - 30, NULL, NULL,
   'S00099', 75.00, 0.00, 75.00, 'paid', 1);
INSERT INTO crm_lead (id, name, partner_id, contact_name, partner_name, email_from, email_normalized, phone,
  phone_sanitized, street, zip, city, description, type, expected_revenue, probability, active) VALUES
  (1, 'Cards for Anabelle', 7, 'Anabelle Deleon', 'Studio Deleon', 'anabelle.deleon@email.com', 'anabelle.deleon@email.com',
   '+1 (234) 567-6789', '+12345676789', '12 Mill Row', 'BA1 2QQ', 'Bath', 'Wants thick paper.', 'opportunity', 120.00, 90, true),
  (2, 'Bags for a shop in Whitby', NULL, 'Aleena Conley', 'Conley Limited', 'ALEENA.CONLEY@email.com', 'aleena.conley@email.com',
   '+44 7700 900123', '+447700900123', NULL, NULL, 'Whitby', 'Wrote through the form.', 'lead', 240.00, 60, true),
  (3, 'Paper for Bruno', 10, 'Bruno Keller', 'Keller Druck', 'bruno.keller@email.com', 'bruno.keller@email.com',
   '+49 30 1234567', '+49301234567', 'Lindenweg 9', '10115', 'Berlin', NULL, 'opportunity', 75.00, 100, true);
INSERT INTO mail_message (id, model, res_id, record_name, author_id, email_from, subject, body, message_type, message_id,
  date, is_internal) VALUES
  (1, 'res.partner', 7, 'Anabelle Deleon', 1, 'office@larkspur.example', NULL, 'City changed.', 'notification', '<1@larkspur.example>', '2026-05-04 09:00:00', true),
  (2, 'sale.order', 71, 'S00071', 7, '"Anabelle Deleon" <anabelle.deleon@email.com>', 'Re: S00071', 'Thank you! Anabelle', 'email', '<2@email.com>', '2026-05-03 11:00:00', false),
  (3, 'sale.order', 91, 'S00091', 9, '"Aleena Conley" <aleena.conley@email.com>', 'Re: S00091', 'Please leave them at the shop. Aleena', 'email', '<3@email.com>', '2026-03-01 11:00:00', false),
  (4, 'crm.lead', 2, 'Bags for a shop in Whitby', 1, 'office@larkspur.example', NULL, 'Called Aleena.', 'comment', '<4@larkspur.example>', '2026-02-20 09:00:00', true),
  (5, 'sale.order', 99, 'S00099', 10, '"Bruno Keller" <bruno.keller@email.com>', 'Re: S00099', 'Danke! Bruno', 'email', '<5@email.com>', '2026-01-14 11:00:00', false);
INSERT INTO mail_tracking_value (id, field, old_value_char, new_value_char, mail_message_id, create_date) VALUES
  (1, 'city', 'Frome', 'Bath', 1, '2026-05-04 09:00:00');
