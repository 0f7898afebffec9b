-- Records: columns to find them by, and the record itself as JSON. TEXT and BIGINT only, so that the same statements
-- hold on SQLite and on PostgreSQL. Moments are microseconds, days are texts that sort.
CREATE TABLE organisation (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE TABLE person (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT UNIQUE,
  employer TEXT REFERENCES organisation (id),
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX person_name ON person (name, id);
CREATE INDEX person_employer ON person (employer);
CREATE TABLE title (
  id TEXT NOT NULL PRIMARY KEY,
  certifier TEXT NOT NULL REFERENCES organisation (id),
  name TEXT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE TABLE cohort (
  id TEXT NOT NULL PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  starts TEXT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX cohort_organisation ON cohort (organisation, starts);
CREATE TABLE session (
  id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL REFERENCES title (id),
  organisation TEXT NOT NULL REFERENCES organisation (id),
  cohort TEXT REFERENCES cohort (id),
  state TEXT NOT NULL,
  opens TEXT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX session_organisation ON session (organisation, opens);
CREATE INDEX session_title ON session (title, opens);
CREATE INDEX session_cohort ON session (cohort);
CREATE INDEX session_state ON session (state, opens);
CREATE TABLE invitation (
  id TEXT NOT NULL PRIMARY KEY,
  session TEXT NOT NULL REFERENCES session (id),
  email TEXT NOT NULL,
  state TEXT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX invitation_session ON invitation (session, email);
CREATE INDEX invitation_email ON invitation (email);
CREATE TABLE enrolment (
  id TEXT NOT NULL PRIMARY KEY,
  session TEXT NOT NULL REFERENCES session (id),
  person TEXT NOT NULL REFERENCES person (id),
  stage TEXT NOT NULL,
  applied BIGINT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX enrolment_session ON enrolment (session, stage, applied);
CREATE INDEX enrolment_person ON enrolment (person, applied);
CREATE TABLE sheet (
  id TEXT NOT NULL PRIMARY KEY,
  session TEXT NOT NULL REFERENCES session (id),
  enrolment TEXT NOT NULL REFERENCES enrolment (id),
  juror TEXT NOT NULL REFERENCES person (id),
  submitted BIGINT,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL,
  UNIQUE (enrolment, juror)
);
CREATE INDEX sheet_session ON sheet (session, juror);
CREATE INDEX sheet_juror ON sheet (juror);
CREATE TABLE deliberation (
  enrolment TEXT NOT NULL PRIMARY KEY REFERENCES enrolment (id),
  session TEXT NOT NULL REFERENCES session (id),
  concluded BIGINT,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX deliberation_session ON deliberation (session);
CREATE TABLE award (
  id TEXT NOT NULL PRIMARY KEY,
  enrolment TEXT NOT NULL UNIQUE REFERENCES enrolment (id),
  person TEXT NOT NULL REFERENCES person (id),
  title TEXT NOT NULL REFERENCES title (id),
  issued TEXT NOT NULL,
  until TEXT,
  revoked TEXT,
  code TEXT NOT NULL UNIQUE,
  status_index BIGINT NOT NULL UNIQUE,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX award_person ON award (person, issued);
CREATE INDEX award_until ON award (until);
CREATE TABLE appeal (
  id TEXT NOT NULL PRIMARY KEY,
  enrolment TEXT NOT NULL REFERENCES enrolment (id),
  session TEXT NOT NULL REFERENCES session (id),
  state TEXT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX appeal_enrolment ON appeal (enrolment);
CREATE INDEX appeal_session ON appeal (session, state);
CREATE TABLE fraud_report (
  id TEXT NOT NULL PRIMARY KEY,
  enrolment TEXT NOT NULL REFERENCES enrolment (id),
  session TEXT NOT NULL REFERENCES session (id),
  state TEXT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX fraud_report_enrolment ON fraud_report (enrolment);
CREATE INDEX fraud_report_session ON fraud_report (session, state);
CREATE TABLE question (
  id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL REFERENCES title (id),
  criterion TEXT NOT NULL,
  body TEXT NOT NULL, digest TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX question_title ON question (title, criterion);

-- Who is what where, taken from the records, to be asked from the other side.
CREATE TABLE role_held (
  person TEXT NOT NULL REFERENCES person (id),
  role TEXT NOT NULL,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  PRIMARY KEY (person, role, organisation)
);
CREATE INDEX role_held_organisation ON role_held (organisation, role);
CREATE TABLE coach_of (
  cohort TEXT NOT NULL REFERENCES cohort (id),
  person TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (cohort, person)
);
CREATE INDEX coach_of_person ON coach_of (person);
CREATE TABLE juror_of (
  session TEXT NOT NULL REFERENCES session (id),
  person TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (session, person)
);
CREATE INDEX juror_of_person ON juror_of (person);

-- The audit log: each event's hash covers the one before.
CREATE TABLE event (
  seq BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  actor TEXT NOT NULL,
  what TEXT NOT NULL,
  -- The event as JSON; null once a person was erased who is spoken of in it. Its digest stays.
  body TEXT,
  salt TEXT,
  body_digest TEXT NOT NULL,
  after_digest TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX event_subject ON event (kind, subject, seq);
CREATE INDEX event_actor ON event (actor, seq);
CREATE TABLE head (
  one BIGINT NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  hash TEXT NOT NULL
);
INSERT INTO head (one, size, hash) VALUES (1, 0, '');
-- The root of the log at the end of a day, signed.
CREATE TABLE root (
  day TEXT NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  root TEXT NOT NULL,
  at BIGINT NOT NULL,
  signer TEXT NOT NULL,
  signature TEXT NOT NULL
);
