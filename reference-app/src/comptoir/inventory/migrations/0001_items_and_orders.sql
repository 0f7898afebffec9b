CREATE TABLE items (
  sku text PRIMARY KEY,
  name_en text NOT NULL,
  name_fr text NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents > 0),
  stock integer NOT NULL CHECK (stock >= 0)
);

CREATE TABLE orders (
  id uuid PRIMARY KEY,
  idempotency_key text NOT NULL UNIQUE,
  fingerprint text NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now(),
  body jsonb NOT NULL
);

-- A message is written in the transaction of its order, and leaves from here.
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  routing_key text NOT NULL,
  body jsonb NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz
);

CREATE INDEX outbox_waiting ON outbox (written_at) WHERE published_at IS NULL;
