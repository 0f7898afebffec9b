//! The store on both engines: every case runs on SQLite, and on a PostgreSQL that the tests start themselves.

#![allow(clippy::disallowed_methods, reason = "the tests start a server of their own")]

mod audit;
mod backups;
mod counts;
mod hooks;
mod jobs;
mod place;
mod records;
mod samples;
mod signing_in;
