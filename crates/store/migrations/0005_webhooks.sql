-- Where an organisation is told what happens. The secret signs what is sent, so that it is kept as it is.
CREATE TABLE webhook (
  id TEXT NOT NULL PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  url TEXT NOT NULL,
  -- Kinds of events, with spaces between.
  events TEXT NOT NULL,
  secret TEXT NOT NULL,
  -- The secret before, until it counts no more.
  secret_before TEXT,
  before_until BIGINT,
  made BIGINT NOT NULL,
  -- The last event of the log that was looked at for it.
  seen BIGINT NOT NULL
);
CREATE INDEX webhook_organisation ON webhook (organisation, made);
