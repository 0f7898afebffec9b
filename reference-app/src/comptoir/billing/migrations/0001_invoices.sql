CREATE SEQUENCE invoice_numbers;

CREATE TABLE invoices (
  order_id uuid PRIMARY KEY,
  number bigint NOT NULL UNIQUE DEFAULT nextval('invoice_numbers'),
  message_id uuid NOT NULL UNIQUE,
  net_cents bigint NOT NULL CHECK (net_cents > 0),
  shipping_cents bigint NOT NULL CHECK (shipping_cents >= 0),
  tax_cents bigint NOT NULL CHECK (tax_cents >= 0),
  total_cents bigint NOT NULL CHECK (total_cents = net_cents + shipping_cents + tax_cents),
  made_at timestamptz NOT NULL DEFAULT now()
);
