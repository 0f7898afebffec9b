-- What a job is about, so that the page of an enrolment finds its jobs.
ALTER TABLE job ADD COLUMN about TEXT;
CREATE INDEX job_about ON job (about, made);
