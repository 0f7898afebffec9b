//! The store on both engines: every case runs on SQLite, and on a PostgreSQL that the tests start themselves.

mod audit;
mod backups;
mod jobs;
mod place;
mod records;
mod samples;
mod signing_in;
