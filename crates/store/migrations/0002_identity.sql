-- Who may come in. Secrets are kept as digests; what a person was sent is nowhere here.
CREATE TABLE account (
  person TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
  password TEXT,
  failures BIGINT NOT NULL,
  locked_until BIGINT,
  changed BIGINT NOT NULL
);
CREATE TABLE login (
  digest TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  began BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX login_person ON login (person);
CREATE INDEX login_ends ON login (ends);
CREATE TABLE link (
  digest TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  subject TEXT NOT NULL,
  ends BIGINT NOT NULL,
  used BIGINT
);
CREATE INDEX link_subject ON link (subject, purpose);
CREATE TABLE token (
  id TEXT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  -- Null for a token of a service.
  person TEXT REFERENCES person (id),
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  made BIGINT NOT NULL,
  ends BIGINT,
  seen BIGINT,
  revoked BIGINT
);
CREATE INDEX token_person ON token (person);
CREATE TABLE identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_person ON identity (person);
CREATE TABLE passkey (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  made BIGINT NOT NULL,
  seen BIGINT
);
CREATE INDEX passkey_person ON passkey (person);
-- What an installation remembers about itself, by name, as JSON.
CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
);
-- Notes and messages between people, which are no acts.
CREATE TABLE note (
  id TEXT NOT NULL PRIMARY KEY,
  about TEXT NOT NULL,
  author TEXT NOT NULL REFERENCES person (id),
  addressee TEXT REFERENCES person (id),
  at BIGINT NOT NULL,
  seen BIGINT,
  body TEXT NOT NULL
);
CREATE INDEX note_about ON note (about, at);
CREATE INDEX note_addressee ON note (addressee, at);
