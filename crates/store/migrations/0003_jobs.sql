-- Work for later, done by any worker that holds the lease.
CREATE TABLE job (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  -- Two jobs that wait or run never have the same key.
  key TEXT UNIQUE,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  most_attempts BIGINT NOT NULL,
  worker TEXT,
  lease_until BIGINT,
  progress BIGINT NOT NULL,
  note TEXT,
  result TEXT,
  failure TEXT,
  made BIGINT NOT NULL,
  finished BIGINT
);
CREATE INDEX job_waiting ON job (state, run_at);
CREATE INDEX job_kind ON job (kind, made);
CREATE TABLE file (
  digest TEXT NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  at BIGINT NOT NULL
);
